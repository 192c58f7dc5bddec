/** A searchable list of targets: an editable combobox with a list, as the ARIA Authoring Practices describe it. */

import { announce, format, h, replace, uniqueId } from "./dom.js";

const SHOWN = 40;

/**
 * @param label the name of the field
 * @param models what can be chosen, as GET /models lists it
 * @param choose is told the name of the target that was chosen
 */
export function targetCombobox(label, models, choose) {
  const id = uniqueId("target");
  const listId = `${id}-list`;
  const list = h("ul", { id: listId, role: "listbox", "aria-label": label, class: "options", hidden: true });
  const input = h("input", {
    id,
    type: "text",
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": listId,
    autocomplete: "off",
    spellcheck: "false",
    placeholder: `${label}: search, or type provider/model`,
  });
  let options = [];
  let active = -1;

  const isOpen = () => !list.hidden;
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    active = index;
    [...list.querySelectorAll("[role=option]")].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === index));
      if (at === index) {
        input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      }
    });
  };
  const take = (name) => {
    input.value = "";
    close();
    choose(name);
  };
  const open = () => {
    const { found, more } = search(models, input.value);
    options = found;
    active = -1;
    input.removeAttribute("aria-activedescendant");
    replace(list, options.map((option, index) => row(option, `${listId}-${index}`, () => take(option.name))));
    if (more > 0) {
      list.append(h("li", { role: "presentation", class: "muted small" }, `${more} more: type to narrow the list`));
    }
    if (options.length === 0) {
      list.append(h("li", { role: "presentation", class: "muted" }, "No such model. Type provider/model to use one that is not listed."));
    }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    announce(`${options.length} ${options.length === 1 ? "model" : "models"}`);
  };

  input.addEventListener("input", open);
  input.addEventListener("click", () => !isOpen() && open());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen()) {
        open();
      }
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (options.length > 0) {
        mark(active < 0 ? (step > 0 ? 0 : options.length - 1) : (active + step + options.length) % options.length);
      }
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (isOpen() && active >= 0) {
        take(options[active].name);
      } else if (options.length === 1 && isOpen()) {
        take(options[0].name);
      }
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      close();
    }
  });
  // The list must not take the focus, or the field would close it before the click arrives.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  return h("div", { class: "combobox" }, h("label", { for: id, class: "visually-hidden" }, label), input, list);
}

function row(option, id, take) {
  const facts = [
    option.context_window ? `${format.compact(option.context_window)} tokens` : null,
    option.reasons ? "reasons" : null,
    option.chain ? "chain" : null,
    option.group ? "group" : null,
    option.typed ? "as typed" : null,
  ].filter(Boolean);
  return h(
    "li",
    { role: "option", id, "aria-selected": "false", onclick: take },
    h("span", { class: "option-name" }, option.name),
    h("span", { class: "muted small" }, facts.join(" · ")),
  );
}

/** Models whose names contain all words that were typed; those that begin with the first one come first. */
function search(models, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = models.filter((model) => words.every((word) => model.name.toLowerCase().includes(word)));
  const begins = (model) => (words.length > 0 && model.name.split("/").pop().toLowerCase().startsWith(words[0]) ? 0 : 1);
  matching.sort((one, other) => begins(one) - begins(other));
  const found = matching.slice(0, SHOWN);
  const typed = text.trim();
  if (/^[^\s/]+\/\S+$/.test(typed) && !models.some((model) => model.name === typed)) {
    found.push({ name: typed, typed: true });
  }
  return { found, more: matching.length - Math.min(matching.length, SHOWN) };
}
