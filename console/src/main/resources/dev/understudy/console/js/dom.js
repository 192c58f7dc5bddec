/** Elements, formats and announcements. All text reaches the page through text nodes: markup in it stays text. */

const SVG = "http://www.w3.org/2000/svg";
/** Set as properties, because as attributes they only set what a form is reset to. */
const PROPERTIES = new Set(["value", "checked", "selected"]);

/**
 * An HTML element. `onclick` and the like take functions; attributes that are null, undefined or false are left out.
 * Children are nodes, texts, or lists of them; null and false are left out.
 */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (name === "style") {
      throw new Error("the content security policy forbids style attributes; use a class");
    } else if (PROPERTIES.has(name)) {
      element[name] = value;
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) {
      add(element, child);
    } else if (child !== null && child !== undefined && child !== false) {
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }
}

/** Replaces what an element holds. */
export function replace(element, ...children) {
  element.replaceChildren();
  add(element, children);
  return element;
}

let ids = 0;

/** An id that no other element of the page has. */
export function uniqueId(prefix) {
  ids += 1;
  return `${prefix}-${ids}`;
}

/** Tells users of screen readers what has changed. */
export function announce(text) {
  const region = document.getElementById("announcer");
  // The same text twice would not be read again.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}

const ICONS = {
  grip: "M6 3h.01M10 3h.01M6 8h.01M10 8h.01M6 13h.01M10 13h.01",
  remove: "M4 4l8 8M12 4l-8 8",
  plus: "M8 3v10M3 8h10",
  back: "M10 3L5 8l5 5",
};

/** A decorative icon; the button around it has the name. */
export function icon(name) {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" },
    svg("path", { d: ICONS[name], class: name === "grip" ? "icon-dots" : "icon-line" }),
  );
}

const COUNT = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const SHARE = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const CLOCK = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat("en", { year: "numeric", month: "short", day: "numeric" });

/** Formats of numbers and times. What is not known is a dash. */
export const format = {
  count: (value) => (value === null || value === undefined ? "–" : COUNT.format(value)),
  compact: (value) => (value === null || value === undefined ? "–" : COMPACT.format(value)),
  share(part, whole) {
    if (!(whole > 0)) {
      return "–";
    }
    // Four failures in ten thousand calls are not none.
    return part > 0 && part / whole < 0.001 ? "< 0.1%" : SHARE.format(part / whole);
  },
  cost(value) {
    if (value === null || value === undefined || value === "") {
      return "–";
    }
    const amount = Number(value);
    return amount !== 0 && Math.abs(amount) < 0.01 ? `$${amount.toPrecision(2)}` : `$${amount.toFixed(2)}`;
  },
  /** A duration given in milliseconds. */
  ms(value) {
    if (value === null || value === undefined) {
      return "–";
    }
    if (value < 1000) {
      return `${Math.round(value)} ms`;
    }
    if (value < 60_000) {
      return `${(value / 1000).toFixed(value < 10_000 ? 2 : 1)} s`;
    }
    const seconds = Math.round(value / 1000);
    return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  },
  clock: (text) => CLOCK.format(new Date(text)),
  /** The time of day, with the date if it is not today's. */
  moment(text) {
    const time = new Date(text);
    const today = DAY.format(new Date());
    const day = DAY.format(time);
    return day === today ? CLOCK.format(time) : `${day}, ${CLOCK.format(time)}`;
  },
  /** `rate_limited` as a reader writes it. */
  words: (name) => String(name ?? "").replaceAll("_", " "),
};

/** A time element, with the exact time as its title. */
export function time(text) {
  return text ? h("time", { datetime: text, title: text }, format.moment(text)) : "–";
}

const TONES = { ok: "good", answered: "good", ready: "good", rescued: "info", answering: "info", on_trial: "warn", cooling: "bad" };
const QUIET = new Set(["passed_over", "skipped", "cancelled", "caller_left", "off"]);

/** The tone (good, info, warn, bad, quiet) in which an outcome, an ending or a state of health is shown. */
export function tone(word) {
  return TONES[word] ?? (QUIET.has(word) ? "quiet" : "bad");
}

/** A short label with a tone; its text says all of it, so that nothing depends on the colour. */
export function badge(text, kind) {
  return h("span", { class: `badge ${kind}` }, text);
}

/** The message of an error and what to do about it. */
export function problemBox(error, retry) {
  const code = error.code ? h("code", {}, error.code) : null;
  return h(
    "div",
    { class: "notice bad", role: "alert" },
    h("p", {}, h("strong", {}, error.title ?? "That did not work. "), " ", error.message),
    error.problems?.length
      ? h("ul", {}, error.problems.map((problem) => h("li", {}, h("code", {}, problem.path), " ", problem.message, problem.source ? ` (${problem.source})` : "")))
      : null,
    h("p", { class: "muted" }, error.nextStep ?? "", code ? " " : "", code),
    retry ? h("button", { type: "button", onclick: retry }, "Try again") : null,
  );
}

/** What a list shows while it has nothing. */
export function emptyState(title, ...children) {
  return h("div", { class: "empty" }, h("p", { class: "empty-title" }, title), ...children);
}

/** A figure with its name and a note, in a list of class `tiles`. */
export function tile(name, value, note, kind) {
  return h("div", { class: `tile ${kind ?? ""}` }, h("dt", {}, name), h("dd", {}, h("span", { class: "value" }, value), h("span", { class: "muted small" }, note)));
}

/** An input below its label, with a hint if there is one. */
export function field(label, input, hint) {
  input.id = uniqueId("field");
  return h("div", { class: "field" }, h("label", { for: input.id }, label), input, hint ? h("p", { class: "muted small" }, hint) : null);
}

/** Offers a text as a file. */
export function saveAs(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

/** The line that sends a first call, with further headers. */
export function helloLine(...headers) {
  const all = ["content-type: application/json", ...headers].map((header) => `-H '${header}'`).join(" ");
  return `curl ${location.origin}/v1/chat/completions ${all} -d '{"model": "assistant", "messages": [{"role": "user", "content": "Hello"}]}'`;
}

/** A text to copy, with its button. */
export function copyable(text, label) {
  const code = h("code", {}, text);
  const button = h("button", { type: "button", class: "copy" }, "Copy");
  button.setAttribute("aria-label", `Copy ${label}`);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
      announce(`${label} copied`);
    } catch {
      // Browsers offer the clipboard only to pages of https and of localhost.
      const range = document.createRange();
      range.selectNodeContents(code);
      const selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      button.textContent = "Selected: press Ctrl+C";
    }
  });
  return h("div", { class: "copyable" }, h("pre", { tabindex: 0, role: "region", "aria-label": label }, code), button);
}

/**
 * Asks before something that cannot be taken back with one click. Resolves to whether it was confirmed.
 *
 * @param text of a paragraph, or an element in its place
 */
export function confirmed(title, text, action) {
  return new Promise((resolve) => {
    const heading = uniqueId("dialog");
    const dialog = h(
      "dialog",
      { "aria-labelledby": heading },
      h("h2", { id: heading }, title),
      text instanceof Node ? text : h("p", {}, text),
      h(
        "div",
        { class: "row end" },
        h("button", { type: "button", onclick: () => dialog.close("no") }, "Cancel"),
        h("button", { type: "button", class: "primary", onclick: () => dialog.close("yes") }, action),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Calls a function again and again until the signal is aborted, while the page can be seen. */
export function every(milliseconds, signal, run) {
  const timer = setInterval(() => document.hidden || run(), milliseconds);
  signal.addEventListener("abort", () => clearInterval(timer));
}
