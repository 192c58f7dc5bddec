/** The editable, ordered list of targets: of a chain, and of the default list. */

import { targetCombobox } from "./combobox.js";
import { announce, format, h, icon, replace, uniqueId } from "./dom.js";
import { drafts } from "./drafts.js";
import { groupEditor } from "./group-editor.js";
import { distribution, groupOf, isGroup, titleOf } from "./groups.js";
import { placeProblems, slotNamed } from "./problems.js";
import { sortable } from "./sortable.js";

const LIMITS = [
  ["connect", "Connect", "until the connection is established"],
  ["first-token", "First token", "until the first content of a stream"],
  ["idle", "Idle", "between two pieces of content"],
  ["answer", "Answer", "for a whole answer that is not streamed"],
  ["reasoning", "Reasoning", "in place of these while a model reasons"],
];

function limitsText(target) {
  const own = Object.keys(target.timeouts ?? {}).length;
  return own > 0 ? `Limits (${own})` : "Limits";
}

/**
 * @param draft with its `targets`, which the list edits in place
 * @param options `models` that can be chosen; `limits`, whether targets have limits of their own; `changed`, called after every edit;
 *     `fallbacks`, whether it is a list of fallbacks and not the targets themselves; `empty`, what an empty list means
 * @returns the element, and `showProblems`, which puts messages beside the fields they name and returns those that name none
 */
export function targetList(draft, { models, limits = false, changed, fallbacks = false, empty = "No targets yet. Add the first one below; it is the primary." }) {
  const path = new RegExp(`(?:^|\\.)${fallbacks ? "fallbacks" : "targets"}\\[(\\d+)\\](.*)$`);
  const what = fallbacks ? "fallback" : "target";
  const root = h("div", { class: "target-list" });
  const opened = new Set();
  let problems = [];

  const edited = (focus) => {
    draw();
    changed();
    focus?.();
  };
  const ownCombobox = () => root.querySelector(":scope > .add [role=combobox]");
  const gripAt = (index) => () => root.querySelectorAll(".grip")[index]?.focus();
  const move = (from, to) => {
    draft.targets.splice(to, 0, ...draft.targets.splice(from, 1));
    edited(gripAt(to));
  };
  const remove = (index) => {
    const [removed] = draft.targets.splice(index, 1);
    announce(`${titleOf(removed)} removed.`);
    edited(() => (root.querySelectorAll(":scope > .targets > li > div > .remove")[Math.min(index, draft.targets.length - 1)] ?? ownCombobox()).focus());
  };
  const add = (name) => {
    draft.targets.push({ target: name });
    announce(`${name} added at position ${draft.targets.length}.`);
    edited(() => ownCombobox().focus());
  };

  function addGroup() {
    const group = { strategy: "weighted", members: [] };
    opened.add(group);
    draft.targets.push(group);
    announce(`Group added at position ${draft.targets.length}.`);
    edited(() => root.querySelector(":scope > .targets > .target-item:last-child .own-group [role=combobox]").focus());
  }

  function draw() {
    const help = uniqueId("help");
    const list = h("ol", { class: "targets", "aria-label": fallbacks ? "Fallbacks in order" : "Targets in order" }, draft.targets.map((target, index) => item(target, index, help)));
    sortable(list, (index) => titleOf(draft.targets[index]), move);
    replace(
      root,
      h("p", { id: help, class: "visually-hidden" }, "Press space to grab, the arrow keys to move, space to drop, Escape to cancel."),
      draft.targets.length > 0 ? list : h("p", { class: "muted" }, empty),
      h(
        "div",
        { class: "row wrap add" },
        h("div", { class: "grow" }, targetCombobox(`Add a ${what}`, models.filter((model) => !draft.targets.some((target) => target.target === model.name)), add)),
        h("button", { type: "button", class: "small", onclick: addGroup }, "Add a group"),
      ),
    );
    place();
  }

  function item(target, index, help) {
    const model = models.find((each) => each.name === target.target);
    const groups = drafts.document?.groups;
    const ofGroup = isGroup(target, groups);
    const title = titleOf(target);
    const facts = ofGroup
      ? [distribution(target, groups)]
      : [model?.context_window ? `${format.compact(model.context_window)} tokens` : null, model?.reasons ? "reasons" : null].filter(Boolean);
    const problemId = uniqueId("problem");
    return h(
      "li",
      { class: "target-item", "data-target": title },
      h(
        "div",
        { class: "target-line" },
        h("button", { type: "button", class: "grip", "aria-label": `Move ${title}`, "aria-describedby": `${help} ${problemId}`, title: "Drag to reorder" }, icon("grip")),
        h("span", { class: "position", "aria-hidden": "true" }, index + 1),
        h("span", { class: "target-name" }, target.members ? "group" : title, " ", h("span", { class: "muted small step-facts" }, facts.join(" · "))),
        limits && !ofGroup ? limitsButton(target) : null,
        ofGroup ? membersButton(target) : null,
        h("button", { type: "button", class: "quiet remove", "aria-label": `Remove ${title}`, title: "Remove", onclick: () => remove(index) }, icon("remove")),
      ),
      h("p", { class: "problem", id: problemId, "data-problem": `${index}`, hidden: true }),
      limits && !ofGroup ? limitFields(target, index) : null,
      target.members
        ? h("div", { class: "own-group", hidden: !opened.has(target) }, groupEditor(target, { models, name: "this group", changed: groupChanged, path: `${index}` }))
        : null,
    );
  }

  /** A group that is stated here is edited here; one with a name has a card of its own, as other chains may name it too. */
  function membersButton(target) {
    const name = groupOf(target, drafts.document?.groups);
    return name === undefined
      ? h(
          "button",
          {
            type: "button",
            class: "quiet members-button",
            "aria-expanded": String(opened.has(target)),
            "aria-label": `Members of ${titleOf(target)}`,
            onclick: (event) => {
              const isOpen = !opened.has(target);
              isOpen ? opened.add(target) : opened.delete(target);
              event.currentTarget.setAttribute("aria-expanded", String(isOpen));
              event.currentTarget.closest(".target-item").querySelector(".own-group").hidden = !isOpen;
            },
          },
          "Members",
        )
      : h("button", { type: "button", class: "quiet members-button", "aria-label": `Members of the group ${name}`, onclick: () => showGroup(name) }, "Members");
  }

  function showGroup(name) {
    const card = document.querySelector(`[data-group="${CSS.escape(name)}"]`);
    card?.scrollIntoView({ block: "center" });
    card?.focus({ preventScroll: true });
  }

  /** The editor keeps its place and the focus; only what the step says of itself is written anew. */
  function groupChanged() {
    root.querySelectorAll(":scope > .targets > .target-item").forEach((element, index) => {
      if (draft.targets[index].members) {
        element.querySelector(".step-facts").textContent = distribution(draft.targets[index], drafts.document?.groups);
      }
    });
    changed();
  }

  function limitsButton(target) {
    return h(
      "button",
      {
        type: "button",
        class: "quiet limits-button",
        "aria-expanded": String(opened.has(target)),
        "aria-label": `Limits of ${target.target}`,
        onclick: (event) => {
          const isOpen = !opened.has(target);
          isOpen ? opened.add(target) : opened.delete(target);
          event.currentTarget.setAttribute("aria-expanded", String(isOpen));
          event.currentTarget.closest(".target-item").querySelector(".limits").hidden = !isOpen;
        },
      },
      limitsText(target),
    );
  }

  function limitFields(target, index) {
    const set = (name, value) => {
      const timeouts = { ...(target.timeouts ?? {}) };
      if (value === "") {
        delete timeouts[name];
      } else {
        timeouts[name] = value;
      }
      target.timeouts = timeouts;
      if (Object.keys(timeouts).length === 0) {
        delete target.timeouts;
      }
      root.querySelectorAll(".target-item")[index].querySelector(".limits-button").textContent = limitsText(target);
      changed();
    };
    return h(
      "fieldset",
      { class: "limits", hidden: !opened.has(target) },
      h("legend", {}, "Late marks of this target. Empty: those of the chain."),
      LIMITS.map(([name, title, meaning]) => {
        const id = uniqueId("limit");
        return h(
          "div",
          { class: "field" },
          h("label", { for: id, title: meaning }, title),
          h("input", {
            id,
            type: "text",
            class: "short",
            value: target.timeouts?.[name] ?? "",
            placeholder: "e.g. 20s",
            title: meaning,
            "aria-describedby": `${id}-problem`,
            oninput: (event) => set(name, event.target.value.trim()),
          }),
          h("p", { class: "problem", id: `${id}-problem`, "data-problem": `${index}.timeouts.${name}`, hidden: true }),
        );
      }),
      whenLate(target, index, set),
    );
  }

  function whenLate(target, index, set) {
    const id = uniqueId("limit");
    const chosen = target.timeouts?.["when-late"] ?? "";
    return h(
      "div",
      { class: "field" },
      h("label", { for: id }, "When late"),
      h(
        "select",
        { id, "aria-describedby": `${id}-problem`, onchange: (event) => set("when-late", event.target.value) },
        [["", "as in the chain"], ["hedge", "start the next target beside it"], ["cancel", "cancel and try the next"]].map(([value, text]) =>
          h("option", { value, selected: value === chosen }, text),
        ),
      ),
      h("p", { class: "problem", id: `${id}-problem`, "data-problem": `${index}.timeouts.when-late`, hidden: true }),
    );
  }

  /** Puts each message into the most precise place there is for its path. */
  function place() {
    return placeProblems(root, problems, slotOf, reveal);
  }

  function slotOf(problem, slots) {
    const found = path.exec(problem.path);
    if (!found) {
      return undefined;
    }
    const [, index, rest] = found;
    const inGroup = (slot) => slot.closest(".group-editor") !== null;
    const own = slots.filter((slot) => !inGroup(slot));
    return slotNamed(index + rest, slots.filter(inGroup)) ?? slotNamed(index + rest, own) ?? slotNamed(index, own);
  }

  /** Opens the part of the list in which a slot is. */
  function reveal(slot, problem) {
    const item = slot.closest(".target-item");
    const group = slot.closest(".own-group");
    if (group) {
      group.hidden = false;
      item.querySelector(".members-button").setAttribute("aria-expanded", "true");
    }
    const fields = slot.closest(".limits");
    if (fields) {
      opened.add(draft.targets[path.exec(problem.path)[1]]);
      fields.hidden = false;
      item.querySelector(".limits-button").setAttribute("aria-expanded", "true");
    }
  }

  draw();
  return {
    element: root,
    showProblems(found) {
      problems = found;
      return place();
    },
  };
}
