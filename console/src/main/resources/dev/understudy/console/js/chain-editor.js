/** The card of one chain: its targets and limits, what a save would change, problems, conflicts and saving. */

import { request } from "./api.js";
import { bodyOf, drafts, fallbacksOf } from "./drafts.js";
import { announce, badge, confirmed, h, problemBox, replace, uniqueId } from "./dom.js";
import { conflictNotice } from "./conflict.js";
import { itemOf, targetsOf } from "./groups.js";
import { send, SOURCES } from "./saving.js";
import { targetList } from "./target-list.js";
import { tryIt } from "./try-it.js";

const PREVIEW_AFTER_MS = 250;

/**
 * @param name of the chain
 * @param models that can be chosen
 * @param signal ends when the card is drawn anew or the page is left; what is being saved is saved all the same
 * @param reload draws the page again, after reading the settings if its first argument says so
 */
export function chainEditor(name, models, signal, reload) {
  const path = `chains/${encodeURIComponent(name)}`;
  const saved = drafts.saved(name);
  const draft = drafts.chain(name);
  const card = h("section", { class: "card chain", "data-chain": name, tabindex: -1, "aria-label": `Chain ${name}` });
  const general = h("div", { class: "general" });
  const footer = h("div", { class: "save-bar", hidden: true });
  const deadlineProblem = h("p", { class: "problem", id: uniqueId("problem"), hidden: true });
  let previewing = null;
  let timer = 0;

  const groups = drafts.groupChoices();
  const targets = targetList(draft, { models: [...models, ...groups], limits: true, changed: edited });
  const deadline = h("input", {
    type: "text",
    class: "short",
    id: uniqueId("deadline"),
    value: draft.deadline ?? "",
    placeholder: "default",
    "aria-describedby": deadlineProblem.id,
    oninput: (event) => {
      draft.deadline = event.target.value.trim() || null;
      edited();
    },
  });
  const place = h("div", {});
  const ownFallbacks = h("input", {
    type: "checkbox",
    id: uniqueId("own"),
    checked: draft.fallbacks !== null,
    onchange: (event) => {
      // The default list is what followed up to now.
      draft.fallbacks = event.target.checked ? drafts.document.fallbacks.map(itemOf) : null;
      drawFallbacks();
      edited();
    },
  });
  let fallbackList = null;

  function drawFallbacks() {
    fallbackList =
      draft.fallbacks === null
        ? null
        : targetList(
            { targets: draft.fallbacks },
            {
              models: [...models, ...groups, ...drafts.chainNames().filter((each) => each !== name).map((each) => ({ name: each, chain: true }))],
              changed: edited,
              fallbacks: true,
              empty: "No fallbacks of its own: nothing follows the targets, the default list neither.",
            },
          );
    replace(place, fallbackList?.element ?? defaultList());
  }

  const on = h("input", {
    type: "checkbox",
    role: "switch",
    class: "switch",
    id: uniqueId("on"),
    checked: draft.on,
    onchange: (event) => {
      draft.on = event.target.checked;
      edited();
    },
  });

  function edited() {
    drafts.changed();
    card.classList.toggle("off", !draft.on);
    refresh();
  }

  /** Asks what a save would change, once the editor rests for a moment; older answers are dropped. */
  function refresh() {
    clearTimeout(timer);
    previewing?.abort();
    if (!drafts.isDirty(draft)) {
      footer.hidden = true;
      replace(general);
      showProblems([]);
      return;
    }
    if (draft.conflict) {
      showConflict();
      return;
    }
    timer = setTimeout(preview, PREVIEW_AFTER_MS);
  }

  async function preview() {
    previewing = new AbortController();
    const mine = previewing;
    try {
      const found = await request("POST", `${path}/preview`, { body: bodyOf(draft), signal: mine.signal });
      if (!mine.signal.aborted) {
        showProblems(found.problems ?? []);
        showFooter({ ...found, changes: found.changes ?? [] });
      }
    } catch (cause) {
      if (cause.name !== "AbortError") {
        showFooter({ valid: true, changes: [] });
        replace(general, problemBox(cause, preview));
      }
    }
  }

  function showProblems(problems) {
    const others = targets.showProblems(problems);
    const rest = (fallbackList?.showProblems(others) ?? others).filter((problem) => {
      const isDeadline = /(^|\.)deadline$/.test(problem.path);
      if (isDeadline) {
        deadlineProblem.textContent = problem.message;
      }
      return !isDeadline;
    });
    const late = problems.some((problem) => /(^|\.)deadline$/.test(problem.path));
    deadlineProblem.hidden = !late;
    late ? deadline.setAttribute("aria-invalid", "true") : deadline.removeAttribute("aria-invalid");
    replace(
      general,
      rest.length > 0
        ? h("div", { class: "notice bad" }, h("ul", {}, rest.map((problem) => h("li", {}, h("code", {}, problem.path), " ", problem.message, problem.source ? ` (${problem.source})` : ""))))
        : null,
    );
  }

  /** The parts stay the same elements: the note keeps the focus while it is typed, and the comparison stays open. */
  function showFooter({ valid, changes, before, after }) {
    if (footer.childElementCount === 0) {
      const noteId = uniqueId("note");
      const note = h("input", {
        id: noteId,
        type: "text",
        maxlength: 200,
        value: draft.note,
        placeholder: "Note: why (optional, shown in Versions)",
        oninput: (event) => (draft.note = event.target.value),
      });
      replace(
        footer,
        h("h3", {}),
        h("ul", { class: "changes" }),
        comparison(),
        h(
          "div",
          { class: "row" },
          h("label", { for: noteId, class: "grow" }, h("span", { class: "visually-hidden" }, "Note"), note),
          h("button", { type: "button", class: "discard", onclick: discard }, "Discard"),
          h("button", { type: "button", class: "primary save", onclick: save }, "Save"),
        ),
      );
    }
    footer.hidden = false;
    footer.querySelector("h3").textContent = valid ? "This would change" : "This cannot be saved yet";
    replace(footer.querySelector(".changes"), changes.map((change) => h("li", {}, change)));
    footer.querySelector("details").hidden = before === undefined || after === undefined;
    footer.querySelector(".before").textContent = before || "(nothing)";
    footer.querySelector(".after").textContent = after || "(nothing)";
    footer.querySelector(".save").disabled = !valid;
  }

  function discard() {
    drafts.discard(name);
    announce("Changes discarded.");
    reload(false);
  }

  async function save(event) {
    const button = event.currentTarget;
    button.disabled = true;
    const document = await send("PUT", path, bodyOf(draft), {
      current: () => drafts.chains.get(name),
      refused: (cause) => {
        showProblems(cause.problems.length > 0 ? cause.problems : [{ path: name, message: cause.message }]);
        announce("Not saved: the settings have problems.");
      },
      failed: (cause) => {
        button.disabled = false;
        replace(general, problemBox(cause));
      },
      reload,
    });
    if (document) {
      drafts.discard(name);
      drafts.adopt(document);
      announce(`Saved as version ${document.version}. The next call uses it.`);
      reload(false, `${name} is saved as version ${document.version}. The next call uses it.`);
    }
  }

  function showConflict() {
    footer.hidden = true;
    replace(
      general,
      conflictNotice(draft.conflict.since, {
        signal,
        reload: discard,
        apply: () => {
          drafts.applyAgain(draft);
          replace(general);
          preview();
        },
      }),
    );
  }

  async function backToFile() {
    const isChange = saved.source === "changed";
    const sure = await confirmed(
      isChange ? `Use ${name} as it is in the file?` : `Remove ${name}?`,
      isChange ? "The console's changes to this chain are dropped. They stay in Versions." : "Calls that name it are refused from then on. It stays in Versions.",
      isChange ? "Use the file's" : "Remove",
    );
    if (!sure) {
      return;
    }
    try {
      const document = await request("DELETE", path, { version: drafts.document.version });
      drafts.discard(name);
      drafts.adopt(document);
      reload(false, isChange ? `${name} is as in the file again.` : `${name} is removed.`);
    } catch (cause) {
      replace(general, problemBox(cause, cause.status === 412 ? () => reload(true) : undefined));
    }
  }

  const [kind, source] = SOURCES[saved?.source] ?? ["warn", "not saved yet"];
  replace(
    card,
    h(
      "header",
      { class: "card-head" },
      h("h2", {}, name),
      badge(source, kind),
      saved?.source === "file" ? null : h("button", { type: "button", class: "quiet small", onclick: saved ? backToFile : discard }, { changed: "Back to the file's", console: "Remove this chain" }[saved?.source] ?? "Do not create it"),
      h("span", { class: "grow" }),
      h("span", { class: "switch-box" }, on, h("label", { for: on.id }, "Fallbacks on")),
    ),
    general,
    h("p", { class: "off-note muted" }, "Fallbacks are off: only the first target is tried."),
    targets.element,
    h("section", { class: "own-fallbacks", "aria-label": `Fallbacks of ${name}` }, h("div", { class: "check" }, ownFallbacks, h("label", { for: ownFallbacks.id }, "Fallbacks of its own, in place of the default list")), place),
    h(
      "div",
      { class: "chain-foot" },
      h("span", {}),
      h("div", { class: "field inline" }, h("label", { for: deadline.id, title: "The time in which attempts may start" }, "Deadline"), deadline, deadlineProblem),
    ),
    footer,
    tryIt(name, draft, () => fallbacksOf(draft) ?? drafts.document.fallbacks, models, signal),
  );
  card.classList.toggle("off", !draft.on);
  drawFallbacks();
  refresh();
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    previewing?.abort();
  });
  return card;
}

/** What follows a chain without fallbacks of its own. */
function defaultList() {
  const names = drafts.document.fallbacks.flatMap((step) => targetsOf(itemOf(step), drafts.document.groups));
  return names.length === 0 ? null : h("p", { class: "follows muted" }, "Then the default list: ", h("span", { class: "target-name" }, names.join(", ")));
}

function comparison() {
  return h(
    "details",
    {},
    h("summary", {}, "YAML before and after"),
    h(
      "div",
      { class: "side-by-side" },
      h("div", {}, h("h4", {}, "Before"), h("pre", { class: "before", tabindex: 0, role: "region", "aria-label": "YAML before" })),
      h("div", {}, h("h4", {}, "After"), h("pre", { class: "after", tabindex: 0, role: "region", "aria-label": "YAML after" })),
    ),
  );
}
