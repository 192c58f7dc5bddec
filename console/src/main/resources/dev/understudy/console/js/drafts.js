/** Changes that are not saved yet. They outlive the pages, so that moving between pages loses nothing. */

import { itemOf, stepOf } from "./groups.js";

/** The part of a chain that can be edited, in one form: a target may be given as a plain string. */
function editable(chain) {
  return {
    targets: chain.targets.map(itemOf),
    on: chain.on !== false,
    deadline: chain.deadline ?? null,
    // Null: the default list follows.
    fallbacks: chain.fallbacks?.map(itemOf) ?? null,
  };
}

/** The part of a group that can be edited. */
function editableGroup({ name, source, ...group }) {
  return { ...structuredClone(group), members: (group.members ?? []).map(itemOf) };
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

class Drafts extends EventTarget {
  constructor() {
    super();
    /** The settings as they were last read: the document of GET /chains. */
    this.document = null;
    this.chains = new Map();
    this.defaults = null;
    this.groups = new Map();
    /** Edited prices by target: `amounts` as typed, or null for one that is to be as in the file; those before, `base`, of version `since`. */
    this.prices = new Map();
  }

  /** How many chains and groups (and the default list) have unsaved changes. */
  unsaved() {
    return [...this.chains.values(), ...this.groups.values()].filter((draft) => this.isDirty(draft)).length + (this.defaults && this.isDirty(this.defaults) ? 1 : 0);
  }

  chainNames() {
    const names = (this.document?.chains ?? []).map((chain) => chain.name);
    const added = [...this.chains.keys()].filter((name) => !names.includes(name));
    return [...names, ...added];
  }

  /** The chain as it is saved; undefined if it is not. */
  saved(name) {
    return this.document.chains.find((chain) => chain.name === name);
  }

  /** The draft of a chain, which begins as what is saved. */
  chain(name) {
    if (!this.chains.has(name)) {
      const base = editable(this.saved(name));
      this.chains.set(name, { name, base, ...structuredClone(base), note: "", conflict: null });
    }
    return this.chains.get(name);
  }

  /** A chain that is not saved yet. */
  create(name) {
    this.chains.set(name, { name, base: null, targets: [], on: true, deadline: null, fallbacks: null, note: "", conflict: null });
    this.changed();
  }

  groupNames() {
    const names = (this.document?.groups ?? []).map((group) => group.name);
    return [...names, ...[...this.groups.keys()].filter((name) => !names.includes(name))];
  }

  /** The groups that are saved, as a list of targets offers them beside the models. */
  groupChoices() {
    return (this.document?.groups ?? []).map((group) => ({ name: group.name, group: true }));
  }

  /** The group as it is saved; undefined if it is not. */
  savedGroup(name) {
    return (this.document.groups ?? []).find((group) => group.name === name);
  }

  /** The draft of a group, which begins as what is saved. */
  group(name) {
    if (!this.groups.has(name)) {
      const base = { group: editableGroup(this.savedGroup(name)) };
      this.groups.set(name, { name, base, ...structuredClone(base), conflict: null });
    }
    return this.groups.get(name);
  }

  /** A group that is not saved yet. */
  createGroup(name) {
    this.groups.set(name, { name, base: null, group: { strategy: "weighted", members: [] }, conflict: null });
    this.changed();
  }

  discardGroup(name) {
    this.groups.delete(name);
    this.changed();
  }

  /** The draft of the default list. */
  defaultList() {
    if (this.defaults === null) {
      const base = { targets: this.document.fallbacks.map(itemOf) };
      this.defaults = { base, ...structuredClone(base), conflict: null };
    }
    return this.defaults;
  }

  isDirty(draft) {
    if (draft.base === null) {
      return true;
    }
    return Object.keys(draft.base).some((key) => !same(draft[key], draft.base[key]));
  }

  discard(name) {
    this.chains.delete(name);
    this.changed();
  }

  discardDefaults() {
    this.defaults = null;
    this.changed();
  }

  /**
   * Takes in what is saved now. A draft of something that has not changed since stays a draft; one of something that another
   * editor has changed is in conflict, until its editor decides.
   */
  adopt(document) {
    const before = this.document?.version ?? document.version;
    this.document = document;
    for (const draft of [...this.chains.values()]) {
      const saved = this.saved(draft.name);
      const now = saved ? editable(saved) : null;
      if (!this.isDirty(draft) || same(now, { ...editable(draft) })) {
        this.chains.delete(draft.name);
      } else if (!same(now, draft.base)) {
        draft.conflict ??= { since: before };
      }
    }
    for (const draft of [...this.groups.values()]) {
      const saved = this.savedGroup(draft.name);
      const now = saved ? editableGroup(saved) : null;
      if (!this.isDirty(draft) || same(now, draft.group)) {
        this.groups.delete(draft.name);
      } else if (!same(now, draft.base?.group ?? null)) {
        draft.conflict ??= { since: before };
      }
    }
    if (this.defaults !== null) {
      const now = document.fallbacks.map(itemOf);
      if (!this.isDirty(this.defaults)) {
        this.defaults = null;
      } else if (!same(now, this.defaults.base.targets)) {
        this.defaults.conflict ??= { since: before };
      }
    }
    this.changed();
  }

  /** The changes are now changes of what is saved now. */
  applyAgain(draft) {
    if (draft === this.defaults) {
      draft.base = { targets: this.document.fallbacks.map(itemOf) };
    } else if (draft === this.groups.get(draft.name)) {
      const saved = this.savedGroup(draft.name);
      draft.base = saved ? { group: editableGroup(saved) } : null;
    } else {
      const saved = this.saved(draft.name);
      draft.base = saved ? editable(saved) : null;
    }
    draft.conflict = null;
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }
}

export const drafts = new Drafts();

/** The body of a PUT and of a preview. */
export function bodyOf(draft) {
  return { targets: draft.targets, on: draft.on, deadline: draft.deadline, fallbacks: fallbacksOf(draft), ...(draft.note ? { note: draft.note } : {}) };
}

/** The steps of a chain's own fallbacks; null if it has none, so that the default list follows. */
export function fallbacksOf(draft) {
  return draft.fallbacks?.map(stepOf) ?? null;
}
