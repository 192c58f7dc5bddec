/** Fallbacks: the chains, the default list, and the switch for all of them. */

import { on, request } from "./api.js";
import { chainEditor } from "./chain-editor.js";
import { conflictNotice } from "./conflict.js";
import { drafts } from "./drafts.js";
import { announce, badge, confirmed, emptyState, h, icon, problemBox, replace, uniqueId } from "./dom.js";
import { groupCard } from "./group-editor.js";
import { stepOf, titleOf } from "./groups.js";
import { targetList } from "./target-list.js";

/** How long it is said that something was saved. */
const SHOWN_MS = 8_000;

export function show({ root, query, signal }) {
  const content = h("div", {}, h("p", { class: "muted" }, "Loading…"));
  const notice = h("div", { class: "sticky", "aria-live": "polite" });
  let models = [];
  let drawn = new AbortController();
  let timer = 0;
  signal.addEventListener("abort", () => drawn.abort());
  replace(
    root,
    h("div", { class: "page-head" }, h("h1", {}, "Fallbacks"), h("p", { class: "muted" }, "Each name that callers may use is a chain of targets. If one fails, the next is tried within the same call.")),
    notice,
    content,
  );

  /** @param read whether the settings are read again; a message says what was done */
  async function reload(read, message) {
    if (signal.aborted) {
      return;
    }
    try {
      if (read || drafts.document === null) {
        const [document, choice] = await Promise.all([request("GET", "chains", { signal }), request("GET", "models", { signal })]);
        models = choice.models;
        drafts.adopt(document);
      }
      clearTimeout(timer);
      replace(notice, message ? h("p", { class: "notice good" }, message) : null);
      timer = setTimeout(() => replace(notice), SHOWN_MS);
      draw();
    } catch (cause) {
      if (cause.name !== "AbortError") {
        replace(content, problemBox(cause, () => reload(true)));
      }
    }
  }

  function draw() {
    drawn.abort();
    drawn = new AbortController();
    const names = drafts.chainNames();
    const focused = document.activeElement?.closest("[data-chain]")?.dataset.chain;
    replace(
      content,
      // The file has changed so that the console's changes no longer fit it.
      drafts.document.warning ? h("p", { class: "notice warn", role: "status" }, drafts.document.warning) : null,
      allSwitch(),
      defaultsCard(),
      h("div", { class: "section-head" }, h("h2", {}, "Chains"), newChain(names)),
      names.length === 0
        ? emptyState("No chains yet", h("p", {}, "Create one: give it the name that callers will use as the model, and add the targets in the order in which they are tried."))
        : names.map((name) => chainEditor(name, models, drawn.signal, reload)),
      h("div", { class: "section-head" }, h("h2", {}, "Groups"), newGroup()),
      h("p", { class: "muted groups-note" }, "Calls are distributed among the members of a group (load balancing). A chain has a group wherever it has a target, by its name."),
      drafts.groupNames().map((name) => groupCard(name, models, drawn.signal, reload)),
    );
    if (focused !== undefined) {
      // The button that was pressed is not there any more: the keyboard stays at its chain.
      cardOf(focused)?.focus({ preventScroll: true });
    }
    const wanted = query.get("chain");
    if (wanted) {
      cardOf(wanted)?.scrollIntoView({ block: "start" });
      query.delete("chain");
    }
  }

  function cardOf(name) {
    return content.querySelector(`[data-chain="${CSS.escape(name)}"]`);
  }

  function allSwitch() {
    const isOn = drafts.document.fallbacks_on;
    const id = uniqueId("all");
    const input = h("input", { type: "checkbox", role: "switch", class: "switch", id, checked: isOn });
    input.addEventListener("change", async () => {
      const turnOn = input.checked;
      const sure = await confirmed(
        turnOn ? "Turn fallbacks on for all chains?" : "Turn fallbacks off for all chains?",
        turnOn ? "Chains that are off themselves stay off." : "From the next call on, only the first target of each chain is tried. A provider that fails then fails its callers.",
        turnOn ? "Turn on" : "Turn off",
      );
      if (!sure) {
        input.checked = isOn;
        return;
      }
      try {
        await saveDefaults({ fallbacks: drafts.document.fallbacks, on: turnOn }, turnOn ? "Fallbacks are on." : "Fallbacks are off for all chains.");
      } catch (cause) {
        input.checked = isOn;
        replace(notice, problemBox(cause));
      }
    });
    return h(
      "div",
      { class: `card all-switch ${isOn ? "" : "alarm"}` },
      h("span", { class: "switch-box" }, input, h("label", { for: id }, h("strong", {}, "Fallbacks of all chains"))),
      h("span", { class: "muted" }, isOn ? "On. Chains can be turned off one by one." : "Off: only the first target of each chain is tried."),
    );
  }

  async function saveDefaults(body, message) {
    const seen = drafts.document.version;
    try {
      const document = await request("PUT", "fallbacks", { body, version: seen });
      drafts.adopt(document);
      announce(message);
      reload(false, `${message} Saved as version ${document.version}.`);
    } catch (cause) {
      if (cause.status === 412) {
        drafts.adopt(await request("GET", "chains"));
        if (drafts.defaults) {
          drafts.defaults.conflict ??= { since: seen };
        }
        draw();
        if (!drafts.defaults) {
          replace(notice, problemBox(cause));
        }
        return;
      }
      throw cause;
    }
  }

  function defaultsCard() {
    const draft = drafts.defaultList();
    const footer = h("div", { class: "save-bar", hidden: true });
    const problems = h("div", {});
    const targets = targetList(draft, { models: [...models, ...drafts.groupChoices()], changed: edited, fallbacks: true, empty: "No fallbacks by default." });

    function edited() {
      drafts.changed();
      const dirty = drafts.isDirty(draft);
      footer.hidden = !dirty || draft.conflict !== null;
      if (draft.conflict) {
        replace(problems, conflictNotice(draft.conflict.since, { signal, reload: discard, apply: applyAgain }));
      } else if (dirty) {
        replace(
          footer,
          h("h3", {}, "This would change"),
          h("ul", { class: "changes" }, changes(draft.base.targets, draft.targets).map((change) => h("li", {}, change))),
          h("div", { class: "row end" }, h("button", { type: "button", class: "discard", onclick: discard }, "Discard"), h("button", { type: "button", class: "primary save", onclick: save }, "Save")),
        );
      }
    }

    function discard() {
      drafts.discardDefaults();
      draw();
    }

    function applyAgain() {
      drafts.applyAgain(draft);
      replace(problems);
      edited();
    }

    async function save() {
      try {
        await saveDefaults({ fallbacks: draft.targets.map(stepOf), on: drafts.document.fallbacks_on }, "The default list is saved.");
      } catch (cause) {
        const rest = cause.status === 422 ? targets.showProblems(cause.problems) : [];
        if (cause.status !== 422 || rest.length > 0 || cause.problems.length === 0) {
          replace(problems, problemBox({ ...cause, message: cause.message, problems: rest }));
        }
      }
    }

    const card = h(
      "section",
      { class: "card", "data-chain": "", tabindex: -1, "aria-label": "Default list" },
      h("header", { class: "card-head" }, h("h2", {}, "Default list"), badge(drafts.document.fallbacks_source === "file" ? "from the file" : "changed here", drafts.document.fallbacks_source === "file" ? "quiet" : "info")),
      h("p", { class: "muted" }, "Follows the targets of every chain that has no fallbacks of its own."),
      problems,
      targets.element,
      footer,
    );
    edited();
    return card;
  }

  function newChain(names) {
    return newName("chain", "name, for example assistant", names, "Give the chain a name: callers use it as the model.", (name) => {
      drafts.create(name);
      draw();
      return cardOf(name);
    });
  }

  function newGroup() {
    return newName("group", "name, for example pool", [...drafts.groupNames(), ...drafts.chainNames()], "Give the group a name, by which chains have it.", (name) => {
      drafts.createGroup(name);
      draw();
      return content.querySelector(`[data-group="${CSS.escape(name)}"]`);
    });
  }

  /** @param create makes something of this name and returns its card */
  function newName(what, placeholder, names, missing, create) {
    const id = uniqueId("new");
    const input = h("input", { id, type: "text", placeholder, maxlength: 200, spellcheck: "false" });
    const problem = h("p", { class: "problem", role: "alert", hidden: true });
    const form = h("form", { class: `row new-chain new-${what}` }, h("label", { for: id, class: "visually-hidden" }, `Name of the new ${what}`), input, h("button", {}, icon("plus"), ` New ${what}`), problem);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const name = input.value.trim();
      problem.hidden = name !== "" && !names.includes(name);
      problem.textContent = name === "" ? missing : `The name ${name} is in use.`;
      if (problem.hidden) {
        const card = create(name);
        card.scrollIntoView({ block: "center" });
        card.querySelector("[role=combobox]").focus();
      }
    });
    return form;
  }

  on("settings", signal, ({ version }) => {
    if (drafts.document === null || version === drafts.document.version) {
      return;
    }
    if (drafts.unsaved() === 0) {
      reload(true, `Version ${version} was saved elsewhere and is shown.`);
      return;
    }
    clearTimeout(timer);
    // Drawing the page again would take the focus from a field in which something is being typed.
    replace(
      notice,
      h(
        "div",
        { class: "notice warn row wrap" },
        h("span", { class: "grow" }, `Version ${version} was saved elsewhere.`),
        h("button", { type: "button", onclick: () => reload(true, "The newest version is shown. Your unsaved changes are kept.") }, "Show it, keep my changes"),
      ),
    );
  });
  on("lost", signal, () => drafts.unsaved() === 0 && reload(true));
  reload(true);
}

/** What differs between two lists, in the words of the API's previews. */
function changes(before, after) {
  const names = (list) => list.map(titleOf);
  const [old, now] = [names(before), names(after)];
  return [
    ...now.filter((name) => !old.includes(name)).map((name) => `target ${name}: added at position ${now.indexOf(name) + 1}`),
    ...old.filter((name) => !now.includes(name)).map((name) => `target ${name}: removed`),
    ...now.filter((name) => old.includes(name) && old.indexOf(name) !== now.indexOf(name)).map((name) => `target ${name}: position ${old.indexOf(name) + 1} -> ${now.indexOf(name) + 1}`),
  ];
}
