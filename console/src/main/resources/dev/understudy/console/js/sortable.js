/**
 * Reordering of a list by pointer (mouse, pen and touch) and by keyboard.
 *
 * The moved item stays where it is in the document and its neighbours move around it: an element that is itself moved loses the
 * focus and the capture of the pointer.
 */

import { announce } from "./dom.js";

const EDGE = 48;
const SCROLL_STEP = 12;

/**
 * @param list whose children are the items; each has an element of the class `grip`
 * @param nameOf the name of the item at an index, for announcements
 * @param move is told the old and the new index after a drop
 */
export function sortable(list, nameOf, move) {
  for (const [index, item] of [...list.children].entries()) {
    const grip = item.querySelector(".grip");
    grip.addEventListener("pointerdown", (event) => dragByPointer(event, list, item, index, nameOf, move));
    moveByKeys(grip, list, item, index, nameOf, move);
  }
}

function indexOf(list, item) {
  return [...list.children].indexOf(item);
}

/** Moves neighbours until the item is at the index. */
function shift(list, item, index) {
  for (let at = indexOf(list, item); at < index; at++) {
    list.insertBefore(item.nextElementSibling, item);
  }
  for (let at = indexOf(list, item); at > index; at--) {
    list.insertBefore(item.previousElementSibling, item.nextElementSibling);
  }
}

function dragByPointer(start, list, item, from, nameOf, move) {
  if (start.button !== 0 || list.querySelector(".dragged")) {
    return;
  }
  const grip = start.currentTarget;
  const done = new AbortController();
  const options = { signal: done.signal };
  start.preventDefault();
  grip.focus();
  grip.setPointerCapture(start.pointerId);
  item.classList.add("dragged");

  const end = (keep) => {
    done.abort();
    item.classList.remove("dragged");
    const to = indexOf(list, item);
    if (!keep) {
      shift(list, item, from);
    } else if (to !== from) {
      announce(`${nameOf(from)} is now at position ${to + 1} of ${list.children.length}.`);
      move(from, to);
    }
  };
  grip.addEventListener(
    "pointermove",
    (event) => {
      shift(list, item, indexAt(list, item, event.clientY));
      if (event.clientY < EDGE) {
        window.scrollBy(0, -SCROLL_STEP);
      } else if (event.clientY > window.innerHeight - EDGE) {
        window.scrollBy(0, SCROLL_STEP);
      }
    },
    options,
  );
  grip.addEventListener("pointerup", () => end(true), options);
  grip.addEventListener("pointercancel", () => end(false), options);
  window.addEventListener("keydown", (event) => event.key === "Escape" && end(false), options);
}

/** Where the item belongs if it is held at this height: behind all others whose middle is above. */
function indexAt(list, item, y) {
  return [...list.children].filter((other) => {
    const box = other.getBoundingClientRect();
    return other !== item && box.top + box.height / 2 < y;
  }).length;
}

function moveByKeys(grip, list, item, from, nameOf, move) {
  let grabbed = false;

  const end = (keep) => {
    grabbed = false;
    grip.setAttribute("aria-pressed", "false");
    item.classList.remove("grabbed");
    const to = indexOf(list, item);
    if (!keep) {
      shift(list, item, from);
      announce(`Moving cancelled. ${nameOf(from)} is at position ${from + 1} again.`);
    } else {
      announce(`${nameOf(from)} dropped at position ${to + 1} of ${list.children.length}.`);
      if (to !== from) {
        move(from, to);
      }
    }
  };
  grip.setAttribute("aria-pressed", "false");
  grip.addEventListener("keydown", (event) => {
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      if (grabbed) {
        end(true);
        return;
      }
      grabbed = true;
      grip.setAttribute("aria-pressed", "true");
      item.classList.add("grabbed");
      announce(`${nameOf(from)} grabbed, position ${from + 1} of ${list.children.length}. Move it with the arrow keys, drop it with space, cancel with Escape.`);
    } else if (grabbed && event.key === "Escape") {
      event.preventDefault();
      end(false);
    } else if (grabbed && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      const last = list.children.length - 1;
      const to = Math.min(last, Math.max(0, indexOf(list, item) + (event.key === "ArrowUp" ? -1 : 1)));
      shift(list, item, to);
      announce(`Position ${to + 1} of ${last + 1}.`);
    }
  });
  // Without the focus there is no key that could drop it.
  grip.addEventListener("blur", () => grabbed && end(false));
}
