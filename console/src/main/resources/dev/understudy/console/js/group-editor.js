/** Groups: their strategy and members, in a chain's own group and in the card of a group that chains name. */

import { targetCombobox } from "./combobox.js";
import { conflictNotice } from "./conflict.js";
import { drafts } from "./drafts.js";
import { announce, badge, confirmed, h, icon, problemBox, replace, uniqueId } from "./dom.js";
import { groupOf, itemOf, stepOf } from "./groups.js";
import { placeProblems, slotNamed } from "./problems.js";
import { send, SOURCES } from "./saving.js";

const STRATEGIES = [
  ["weighted", "weighted: at random, in proportion to the weights"],
  ["least-loaded", "least loaded: fewest attempts in flight"],
  ["lowest-latency", "lowest latency: the fastest of late"],
  ["round-robin", "round robin: each in turn"],
];
const WEIGHED = new Set(["weighted", "least-loaded"]);

/**
 * The strategy and the members of a group, which it edits in place.
 *
 * @param group with `members`
 * @param options `models` that can be chosen, `name` for labels, `changed`, called after every edit, and `path`, with which the paths of
 *     its problems begin
 */
export function groupEditor(group, { models, name, changed, path }) {
  const root = h("div", { class: "group-editor" });

  const edited = (focus) => {
    draw();
    changed();
    focus?.();
  };

  function draw() {
    const strategy = group.strategy ?? "weighted";
    const members = group.members.map(itemOf);
    const id = uniqueId("strategy");
    replace(
      root,
      h(
        "div",
        { class: "field" },
        h("label", { for: id }, "Strategy"),
        h("select", { id, "aria-describedby": `${id}-problem`, onchange: (event) => choose(event.target.value) }, STRATEGIES.map(([value, text]) => h("option", { value, selected: value === strategy }, text))),
        h("p", { class: "problem", id: `${id}-problem`, "data-problem": `${path}.strategy`, hidden: true }),
      ),
      members.length === 0
        ? h("p", { class: "muted" }, "No members yet. Add the targets among which calls are distributed.")
        : h("ul", { class: "members", "aria-label": `Members of ${name}` }, members.map((member, index) => item(member, index, shares(members, strategy)[index], strategy))),
      h("p", { class: "problem", "data-problem": `${path}.members`, hidden: true }),
      targetCombobox(`Add a member to ${name}`, models.filter((model) => !model.chain && !model.group && !members.some((member) => member.target === model.name)), add),
    );
  }

  function item(member, index, share, strategy) {
    const problem = `${path}.members[${index}]`;
    const id = uniqueId("weight");
    const called = member.key === undefined ? member.target : `${member.target} (key ${member.key})`;
    return h(
      "li",
      { class: "member", "data-member": member.target },
      h("span", { class: "target-name" }, called),
      WEIGHED.has(strategy)
        ? h(
            "span",
            { class: "weight" },
            h("label", { for: id }, "Weight", h("span", { class: "visually-hidden" }, ` of ${called}`)),
            h("input", { id, type: "text", inputmode: "decimal", class: "short", value: member.weight ?? "", placeholder: "1", "aria-describedby": `${id}-problem`, oninput: (event) => weigh(index, event.target.value.trim()) }),
            h("span", { class: "muted small share" }, share),
          )
        : null,
      h("button", { type: "button", class: "quiet remove", "aria-label": `Remove ${called} from ${name}`, title: "Remove", onclick: () => remove(index) }, icon("remove")),
      h("p", { class: "problem", id: `${id}-problem`, "data-problem": `${problem}.weight`, hidden: true }),
      h("p", { class: "problem", "data-problem": problem, hidden: true }),
    );
  }

  function choose(strategy) {
    group.strategy = strategy;
    if (!WEIGHED.has(strategy)) {
      // Weights have no effect there, and are refused.
      group.members = group.members.map((member) => {
        const { weight, ...rest } = itemOf(member);
        return rest;
      });
    }
    if (strategy === "round-robin") {
      delete group.affinity;
    }
    edited(() => root.querySelector("select").focus());
  }

  /** The fields are not drawn anew, so that the one that is typed in keeps the focus. */
  function weigh(index, text) {
    const { weight, ...rest } = itemOf(group.members[index]);
    group.members[index] = text === "" ? rest : { ...rest, weight: Number.isFinite(Number(text)) ? Number(text) : text };
    const members = group.members.map(itemOf);
    shares(members, group.strategy ?? "weighted").forEach((share, at) => (root.querySelectorAll(".share")[at].textContent = share));
    changed();
  }

  function add(target) {
    group.members.push({ target });
    announce(`${target} added to ${name}.`);
    edited(() => root.querySelector("[role=combobox]").focus());
  }

  function remove(index) {
    const [removed] = group.members.splice(index, 1);
    announce(`${itemOf(removed).target} removed from ${name}.`);
    edited(() => (root.querySelectorAll(".member button")[Math.min(index, group.members.length - 1)] ?? root.querySelector("[role=combobox]")).focus());
  }

  draw();
  return root;
}

/** Each member's part of the calls while all are healthy, for people. */
function shares(members, strategy) {
  const weights = members.map((member) => Number(member.weight ?? 1));
  const sum = weights.reduce((one, other) => one + other, 0);
  return weights.map((weight) => (!WEIGHED.has(strategy) || !(sum > 0) || !(weight >= 0) ? "" : weight === 0 ? "only after all others" : `${Math.round((100 * weight) / sum)}% of the calls`));
}

/**
 * The card of a group that has a name.
 *
 * @param models that can be chosen
 * @param signal ends when the card is drawn anew or the page is left
 * @param reload draws the page again, after reading the settings if its first argument says so
 */
export function groupCard(name, models, signal, reload) {
  const path = `groups/${encodeURIComponent(name)}`;
  const saved = drafts.savedGroup(name);
  const draft = drafts.group(name);
  const problems = h("div", {});
  const footer = h("div", { class: "save-bar", hidden: true });
  const card = h("section", { class: "card group", "data-group": name, tabindex: -1, "aria-label": `Group ${name}` });
  const [kind, text] = SOURCES[saved?.source] ?? ["info", "not saved yet"];
  const usedBy = (drafts.document.chains ?? []).filter((chain) => [...chain.targets, ...(chain.fallbacks ?? [])].some((step) => groupOf(itemOf(step), drafts.document.groups) === name)).map((chain) => chain.name);

  function edited() {
    drafts.changed();
    refresh();
  }

  function refresh() {
    footer.hidden = !drafts.isDirty(draft) || draft.conflict !== null;
    showProblems([]);
    if (draft.conflict) {
      replace(problems, conflictNotice(draft.conflict.since, { signal, reload: discard, apply: applyAgain }));
    } else if (!footer.hidden) {
      replace(
        footer,
        h("h3", {}, "This would change"),
        h("ul", { class: "changes" }, changes(draft.base?.group, draft.group).map((change) => h("li", {}, change))),
        h("div", { class: "row end" }, h("button", { type: "button", class: "discard", onclick: discard }, "Discard"), h("button", { type: "button", class: "primary save", onclick: save }, "Save")),
      );
    }
  }

  function discard() {
    drafts.discardGroup(name);
    announce("Changes discarded.");
    reload(false);
  }

  function applyAgain() {
    drafts.applyAgain(draft);
    replace(problems);
    refresh();
  }

  async function save() {
    await change("PUT", { ...draft.group, members: draft.group.members.map((member) => stepOf(itemOf(member))) }, `The group ${name} is saved`);
  }

  async function remove() {
    const isChange = saved.source === "changed";
    const sure = await confirmed(
      isChange ? `Use the group ${name} as it is in the file?` : `Remove the group ${name}?`,
      isChange ? "The console's changes to this group are dropped. They stay in Versions." : "Chains that name it must not do so any more. It stays in Versions.",
      isChange ? "Use the file's" : "Remove",
    );
    if (sure) {
      await change("DELETE", undefined, isChange ? `The group ${name} is as in the file` : `The group ${name} is removed`);
    }
  }

  async function change(method, body, done) {
    const document = await send(method, path, body, {
      current: () => drafts.groups.get(name),
      refused: (cause) => {
        const rest = showProblems(cause.problems);
        replace(problems, rest.length > 0 || cause.problems.length === 0 ? problemBox({ ...cause, message: cause.message, problems: rest }) : null);
        announce("Not saved: the group has problems.");
      },
      failed: (cause) => replace(problems, problemBox(cause)),
      reload,
    });
    if (document) {
      drafts.discardGroup(name);
      drafts.adopt(document);
      announce(`${done}. The next call uses it.`);
      reload(false, `${done} as version ${document.version}. The next call uses it.`);
    }
  }

  /** Puts each message beside the field that its path names; returns those that name none. */
  function showProblems(found) {
    const prefix = [`groups."${name}"`, `groups.${name}`];
    return placeProblems(card, found, ({ path: at }, slots) => {
      const mine = prefix.find((each) => at.startsWith(each));
      return slotNamed(mine === undefined ? at : `group${at.slice(mine.length)}`, slots);
    });
  }

  replace(
    card,
    h(
      "header",
      { class: "card-head" },
      h("h3", {}, name),
      badge(text, kind),
      h("span", { class: "muted small" }, usedBy.length === 0 ? "no chain names it" : `in ${usedBy.join(", ")}`),
      h("span", { class: "grow" }),
      saved && saved.source !== "file" ? h("button", { type: "button", class: "quiet small", onclick: remove }, saved.source === "changed" ? "Back to the file's" : "Remove this group") : null,
    ),
    problems,
    groupEditor(draft.group, { models, name, changed: edited, path: "group" }),
    footer,
  );
  refresh();
  return card;
}

/** What differs between two states of a group, as the versions describe it. */
function changes(before, after) {
  if (!before) {
    return [`new group of ${after.members.map((member) => itemOf(member).target).join(", ") || "no members yet"}`];
  }
  const called = (member) => (member.key === undefined ? member.target : `${member.target} with key ${member.key}`);
  const old = new Map(before.members.map(itemOf).map((member) => [called(member), member]));
  const now = new Map(after.members.map(itemOf).map((member) => [called(member), member]));
  const texts = [];
  for (const [name, member] of now) {
    if (!old.has(name)) {
      texts.push(`member ${name}: added${member.weight === undefined ? "" : `, weight ${member.weight}`}`);
    } else if (old.get(name).weight !== member.weight) {
      texts.push(`member ${name}: weight ${old.get(name).weight ?? 1} -> ${member.weight ?? 1}`);
    }
  }
  texts.push(...[...old.keys()].filter((name) => !now.has(name)).map((name) => `member ${name}: removed`));
  if ((before.strategy ?? "weighted") !== (after.strategy ?? "weighted")) {
    texts.push(`strategy: ${before.strategy ?? "weighted"} -> ${after.strategy ?? "weighted"}`);
  }
  return texts;
}
