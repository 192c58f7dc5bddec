/** Prices: what the tokens of each target cost, from the list, the file and this page; edited like the chains. */

import { on, request } from "./api.js";
import { targetCombobox } from "./combobox.js";
import { conflictNotice } from "./conflict.js";
import { drafts } from "./drafts.js";
import { announce, badge, emptyState, h, problemBox, replace, uniqueId } from "./dom.js";

const AMOUNTS = [
  ["input", "Input", "of a token of the prompt"],
  ["cached-input", "Cached input", "of a token of the prompt that the provider reads from its cache; empty: as input"],
  ["output", "Output", "of a token of the answer, reasoning included"],
];
const AMOUNT = /^\d{1,6}(\.\d{1,6})?$/;
const PATH = /^prices\.(?:"(.*)"|([A-Za-z0-9_-]+?))(?:\.(input|cached-input|output))?$/;

export function show({ root, signal }) {
  const notice = h("div", { class: "sticky", "aria-live": "polite" });
  const content = h("div", {}, h("p", { class: "muted" }, "Loading…"));
  const footer = h("div", { class: "save-bar", hidden: true });
  const everything = h("input", { type: "checkbox", id: uniqueId("all"), onchange: draw });
  const edits = drafts.prices;
  let known = null;
  let conflict = null;
  let problems = [];

  replace(
    root,
    h(
      "div",
      { class: "page-head" },
      h("h1", {}, "Prices"),
      h("p", { class: "muted" }, "What the cost of calls and the budgets of keys are counted by, in US dollars per million tokens. List prices are built in; what you change here counts from the next call on and is a version, as a change of a chain is."),
    ),
    notice,
    content,
    footer,
  );

  async function load(message) {
    try {
      known = await request("GET", "prices", { signal });
      replace(notice, message ? h("p", { class: "notice good" }, message) : null);
      const outdated = [...edits].filter(([target, edit]) => !isSame(edit.base, amountsOf(rowOf(target))));
      outdated.length > 0 ? showConflict(Math.min(...outdated.map(([, edit]) => edit.since))) : draw();
    } catch (cause) {
      if (cause.name !== "AbortError") {
        replace(content, problemBox(cause, () => load()));
      }
    }
  }

  /** The rows: targets that chains use, then other prices that are stated, then, on request, other models of the providers. */
  function rows(all = everything.checked) {
    const stated = new Map(known.prices.map((price) => [price.target, price]));
    const row = (target) => ({ target: target.target, amounts: target, own: stated.get(target.target), from: target.price, list: target.list });
    const isShown = (target) => target.used || all || stated.has(target.target) || edits.has(target.target);
    const listed = known.targets.filter(isShown).map(row);
    const names = new Set(known.targets.map((target) => target.target));
    const others = known.prices.filter((price) => !names.has(price.target)).map((price) => ({ target: price.target, amounts: price, own: price }));
    const added = [...edits.keys()].filter((target) => !names.has(target) && !stated.has(target)).map((target) => ({ target, amounts: {} }));
    return [...listed, ...others, ...added];
  }

  function rowOf(target) {
    return rows(true).find((row) => row.target === target) ?? { target, amounts: {} };
  }

  /** @param amounts as they were typed; null for a price that is to be as in the file */
  function keep(row, amounts) {
    const { base, since } = edits.get(row.target) ?? { base: amountsOf(row), since: known.version };
    edits.set(row.target, { base, since, amounts });
  }

  function draw() {
    const shown = rows();
    const hidden = known.targets.length - known.targets.filter((target) => target.used).length;
    replace(
      content,
      known.warning ? h("p", { class: "notice warn", role: "status" }, known.warning) : null,
      shown.length === 0
        ? emptyState("No targets yet", h("p", {}, "Prices are listed for the targets of the chains on the page ", h("a", { href: "#/fallbacks" }, "Fallbacks"), "."))
        : h("div", { class: "prices", role: "list", "aria-label": "Prices in US dollars per million tokens" }, shown.map(item)),
      h(
        "div",
        { class: "row wrap price-tools" },
        h("div", { class: "grow" }, targetCombobox("Add a price", known.targets.filter((target) => !shown.some((row) => row.target === target.target)).map((target) => ({ name: target.target })), add)),
        hidden > 0 ? h("div", { class: "check" }, everything, h("label", { for: everything.id }, `Show all models that are known of your providers (${hidden} more)`)) : null,
      ),
      h("p", { class: "muted small" }, "A target may be a pattern, in which * stands for any text: local/*. Prices that are added here are tried before those of the file, names before patterns."),
    );
    placeProblems();
    drawFooter();
  }

  function item(row) {
    const edit = edits.get(row.target);
    const dropped = edit?.amounts === null;
    const [kind, text] = origin(row);
    return h(
      "div",
      { class: "price card", role: "listitem", "data-price": row.target },
      h(
        "div",
        { class: "price-head" },
        h("span", { class: "target-name" }, row.target),
        badge(text, kind),
        h("span", { class: "grow" }),
        row.own && row.own.source !== "file"
          ? h("button", { type: "button", class: "quiet small back", "aria-label": `${dropped ? "Keep" : "Undo"} the change of ${row.target}`, onclick: () => drop(row, dropped) }, dropped ? "Keep it" : row.own.source === "changed" ? "Back to the file's" : "Remove")
          : null,
        isNew(row) ? h("button", { type: "button", class: "quiet small", "aria-label": `Do not add ${row.target}`, onclick: () => discard(row.target) }, "Do not add it") : null,
      ),
      dropped
        ? h("p", { class: "muted" }, row.own.source === "changed" ? "Will be as in the file." : "Will be removed.")
        : h("div", { class: "amounts" }, AMOUNTS.map(([name, title, meaning]) => amountField(row, name, title, meaning))),
      h("p", { class: "problem", "data-problem": "", hidden: true }),
    );
  }

  function amountField(row, name, title, meaning) {
    const id = uniqueId("amount");
    return h(
      "div",
      { class: "field" },
      h("label", { for: id, title: meaning }, title, h("span", { class: "visually-hidden" }, ` of ${row.target}`)),
      h("input", {
        id,
        type: "text",
        inputmode: "decimal",
        autocomplete: "off",
        spellcheck: "false",
        class: "short",
        value: edits.get(row.target)?.amounts?.[name] ?? row.amounts[name] ?? "",
        placeholder: name === "cached-input" ? "as input" : "none",
        title: meaning,
        "aria-describedby": `${id}-problem`,
        oninput: (event) => typed(row, name, event.target.value.trim()),
      }),
      h("p", { class: "problem", id: `${id}-problem`, "data-problem": name, hidden: true }),
    );
  }

  /** The page is not drawn anew: the field keeps the focus. */
  function typed(row, name, value) {
    const amounts = { ...(edits.get(row.target)?.amounts ?? amountsOf(row)), [name]: value };
    isSame(amounts, amountsOf(row)) && !isNew(row) ? edits.delete(row.target) : keep(row, amounts);
    problems = problems.filter((problem) => problem.target !== row.target);
    drafts.changed();
    placeProblems();
    drawFooter();
  }

  function drop(row, dropped) {
    dropped ? edits.delete(row.target) : keep(row, null);
    edited(row.target);
  }

  function discard(target) {
    edits.delete(target);
    edited(target);
  }

  function add(target) {
    keep(rowOf(target), amountsOf(rowOf(target)));
    edited(target);
  }

  function edited(target) {
    problems = problems.filter((problem) => problem.target !== target);
    drafts.changed();
    draw();
    const row = content.querySelector(`[data-price="${CSS.escape(target)}"]`);
    (row?.querySelector("input") ?? row?.querySelector("button"))?.focus();
  }

  /** What is wrong with the edits as far as the page can tell; the gateway checks all of it again. */
  function mistakes() {
    return [...edits]
      .filter(([, { amounts }]) => amounts !== null)
      .flatMap(([target, { amounts }]) =>
        AMOUNTS.map(([name]) => {
          if (amounts[name] === "" && name !== "cached-input") {
            return { target, amount: name, message: "Write an amount; 0 if it costs nothing.", silent: true };
          }
          return amounts[name] === "" || AMOUNT.test(amounts[name]) ? null : { target, amount: name, message: "Not an amount of US dollars: write a number up to 999999, such as 1.25." };
        }),
      )
      .filter(Boolean);
  }

  function placeProblems() {
    const found = [...problems, ...mistakes().filter((mistake) => !mistake.silent)];
    for (const slot of content.querySelectorAll("[data-problem]")) {
      const target = slot.closest("[data-price]").dataset.price;
      const messages = found.filter((problem) => problem.target === target && (problem.amount ?? "") === slot.dataset.problem).map((problem) => problem.message);
      slot.hidden = messages.length === 0;
      slot.textContent = messages.join(" ");
      const input = content.querySelector(`[aria-describedby="${slot.id}"]`);
      messages.length > 0 ? input?.setAttribute("aria-invalid", "true") : input?.removeAttribute("aria-invalid");
    }
  }

  function drawFooter() {
    footer.hidden = edits.size === 0 || conflict !== null;
    if (footer.hidden) {
      return;
    }
    const wrong = mistakes();
    if (footer.childElementCount === 0) {
      const note = h("input", { id: uniqueId("note"), type: "text", maxlength: 200, placeholder: "Note: why (optional, shown in Versions)" });
      replace(
        footer,
        h("h2", {}),
        h("ul", { class: "changes" }),
        h(
          "div",
          { class: "row" },
          h("label", { for: note.id, class: "grow" }, h("span", { class: "visually-hidden" }, "Note"), note),
          h("button", { type: "button", class: "discard", onclick: discardAll }, "Discard"),
          h("button", { type: "button", class: "primary save", onclick: () => save(note) }, "Save"),
        ),
      );
    }
    footer.querySelector("h2").textContent = wrong.length > 0 ? "This cannot be saved yet" : "This would change";
    replace(footer.querySelector(".changes"), rows().flatMap(changes).map((change) => h("li", {}, change)));
    footer.querySelector(".save").disabled = wrong.length > 0;
  }

  /** What the edit of a row changes, as the versions describe it. */
  function changes(row) {
    if (!edits.has(row.target)) {
      return [];
    }
    const { base, amounts } = edits.get(row.target);
    if (amounts === null) {
      return [`price of ${row.target}: ${row.own.source === "changed" ? "as in the file" : "removed"}`];
    }
    const texts = AMOUNTS.filter(([name]) => amounts[name] !== base[name]).map(([name]) => `${name} ${base[name] || "none"} -> ${amounts[name] || (name === "cached-input" ? "as input" : "none")}`);
    return [`price of ${row.target}: ${texts.join(", ") || "new"}`];
  }

  function discardAll() {
    edits.clear();
    problems = [];
    conflict = null;
    announce("Changes discarded.");
    drafts.changed();
    load();
  }

  async function save(note) {
    const seen = known.version;
    const prices = Object.fromEntries([...edits].map(([target, { amounts }]) => [target, amounts]));
    footer.querySelector(".save").disabled = true;
    try {
      known = await request("PUT", "prices", { body: { prices, ...(note.value ? { note: note.value } : {}) }, version: seen });
      edits.clear();
      problems = [];
      replace(footer);
      drafts.changed();
      const message = `The prices are saved as version ${known.version}. The next call is counted by them.`;
      announce(message);
      replace(notice, h("p", { class: "notice good" }, message));
      draw();
    } catch (cause) {
      footer.querySelector(".save").disabled = false;
      if (cause.status === 412) {
        await conflicting(seen, cause);
      } else if (cause.status === 422 && cause.problems.length > 0) {
        refused(cause);
      } else if (cause.name !== "AbortError") {
        replace(notice, problemBox(cause));
      }
    }
  }

  function refused(cause) {
    const found = cause.problems.map((problem) => {
      const [, quoted, plain, amount] = PATH.exec(problem.path) ?? [];
      return { target: quoted ?? plain, amount, message: problem.message, problem };
    });
    problems = found.filter(({ target }) => edits.has(target));
    const rest = found.filter(({ target }) => !edits.has(target)).map(({ problem }) => problem);
    replace(notice, rest.length > 0 ? problemBox({ ...cause, message: cause.message, problems: rest }) : null);
    announce("Not saved: the prices have problems.");
    placeProblems();
  }

  async function conflicting(seen, cause) {
    try {
      known = await request("GET", "prices", { signal });
    } catch {
      // The first error says more than the second: that nothing was saved, and why.
      replace(notice, problemBox(cause));
      return;
    }
    showConflict(seen);
  }

  function showConflict(since) {
    conflict = { since };
    replace(
      notice,
      conflictNotice(since, {
        now: known.version,
        signal,
        reload: discardAll,
        apply: () => {
          conflict = null;
          for (const [target, edit] of edits) {
            edits.set(target, { ...edit, base: amountsOf(rowOf(target)), since: known.version });
          }
          replace(notice);
          draw();
        },
      }),
    );
    draw();
  }

  on("settings", signal, ({ version }) => known !== null && version !== known.version && edits.size === 0 && load(`Version ${version} was saved elsewhere and is shown.`));
  load();
}

/** A row that only this page has: a price that is being added. */
function isNew(row) {
  return row.amounts.target === undefined;
}

function isSame(one, other) {
  return AMOUNTS.every(([name]) => one[name] === other[name]);
}

function amountsOf(row) {
  return Object.fromEntries(AMOUNTS.map(([name]) => [name, row.amounts[name] ?? ""]));
}

/** Where a price comes from: its tone and words. */
function origin(row) {
  if (row.own) {
    return { file: ["quiet", "from the file"], changed: ["info", "file, changed here"], console: ["info", "set here"] }[row.own.source];
  }
  if (row.from) {
    return ["quiet", `by ${row.from}`];
  }
  if (row.list) {
    return ["quiet", "list price"];
  }
  if (row.target.startsWith("rehearsal/")) {
    return ["quiet", "built in: costs nothing"];
  }
  return isNew(row) ? ["info", "new"] : ["warn", "no price: counts as 0"];
}
