/** Messages about refused settings, beside the fields that their paths name. */

/**
 * Puts each message into its slot, an element with `data-problem` that describes a field or stands beside one; slots without a message are
 * emptied. Returns the problems for which there is no slot.
 *
 * @param root within which the slots and their fields are
 * @param slotOf finds the slot of a problem among the slots it is given
 * @param onPlaced called with each slot that has got a message, and with the problem
 */
export function placeProblems(root, problems, slotOf, onPlaced = () => {}) {
  const slots = [...root.querySelectorAll("[data-problem]")];
  const fieldOf = (slot) => (slot.id === "" ? null : root.querySelector(`[aria-describedby="${slot.id}"]`));
  for (const slot of slots) {
    slot.hidden = true;
    slot.textContent = "";
    fieldOf(slot)?.removeAttribute("aria-invalid");
  }
  return problems.filter((problem) => {
    const slot = slotOf(problem, slots);
    if (!slot) {
      return true;
    }
    if (!slot.textContent.includes(problem.message)) {
      slot.textContent = `${slot.textContent} ${problem.message}`.trim();
    }
    slot.hidden = false;
    fieldOf(slot)?.setAttribute("aria-invalid", "true");
    onPlaced(slot, problem);
    return false;
  });
}

/** The slot with this name. */
export function slotNamed(name, slots) {
  return slots.find((slot) => slot.dataset.problem === name);
}
