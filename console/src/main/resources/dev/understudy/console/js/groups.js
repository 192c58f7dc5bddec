/** Steps of a chain: a target, or a group of targets among which calls are distributed. */

/** The editable form of a step; a target may be given as a plain string. */
export function itemOf(step) {
  return typeof step === "string" ? { target: step } : structuredClone(step);
}

/** A step as the API takes it in a list of names. */
export function stepOf(item) {
  return Object.keys(item).length === 1 && item.target !== undefined ? item.target : item;
}

function definition(item, groups) {
  const name = item.group ?? item.target;
  return item.members ? item : (groups ?? []).find((group) => group.name === name);
}

/** The name of the group that a step names; undefined if it is a target or has a group of its own. */
export function groupOf(item, groups) {
  return item.group ?? ((groups ?? []).some((group) => group.name === item.target) ? item.target : undefined);
}

/** Whether a step is a group: one that is stated in the chain, or the name of one. */
export function isGroup(item, groups) {
  return definition(item, groups) !== undefined || item.group !== undefined;
}

/** The targets behind a step. */
export function targetsOf(item, groups) {
  const group = definition(item, groups);
  return group ? (group.members ?? []).map((member) => itemOf(member).target) : item.target === undefined ? [] : [item.target];
}

/** What a step is called. The same as in the API's previews. */
export function titleOf(item) {
  if (item.target !== undefined) {
    return item.target;
  }
  return item.group !== undefined ? `group ${item.group}` : `group of ${targetsOf(item).join(", ") || "no members yet"}`;
}

/** How a group distributes calls, for people; empty for a target. */
export function distribution(item, groups) {
  const group = definition(item, groups);
  if (!group) {
    return "";
  }
  const members = (group.members ?? []).map(itemOf);
  return `${group.strategy ?? "weighted"}: ${members.map((member) => (member.weight === undefined ? member.target : `${member.target} (${member.weight})`)).join(", ")}`;
}
