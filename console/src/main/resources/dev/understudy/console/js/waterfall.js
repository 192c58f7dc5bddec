/** One call as a waterfall: a bar for each attempt from its start, in one scale of time; skipped targets with their reason. */

import { format, h, svg, tone, badge, replace } from "./dom.js";

const ROW = 46;
const HEAD = 26;
const MIN_WIDTH = 300;
const WIDE = 620;
const STEPS = [1, 2, 5];
/** In place of the name of a drill: the fault was chosen in Try it. */
const OF_TRY_IT = "Try-it";

/** What an attempt was, in one or two words. */
export function kindOf(entry) {
  return format.words(entry.kind || entry.manner || (entry.attempt > 0 ? "attempt" : ""));
}

/** What came of a trail's entry, as text. */
export function outcomeOf(entry) {
  if (entry.attempt === 0) {
    return `skipped${entry.reason ? `: ${format.words(entry.reason)}` : ""}`;
  }
  const status = entry.status && entry.outcome !== "ok" ? ` (${entry.status})` : "";
  const drill = entry.drill ? (entry.drill === OF_TRY_IT ? ", a chosen fault" : ` in drill ${entry.drill}`) : "";
  return (entry.outcome === "ok" ? "answered" : format.words(entry.outcome)) + status + drill;
}

/** A figure that redraws itself when its width changes. */
export function waterfall(call) {
  const holder = h("div", { class: "waterfall" });
  const draw = () => replace(holder, picture(call, Math.max(MIN_WIDTH, Math.floor(holder.clientWidth || 800))));
  let width = 0;
  new ResizeObserver(() => {
    if (holder.clientWidth !== width) {
      width = holder.clientWidth;
      // In the next frame: a change of size inside the observer is reported as an error.
      requestAnimationFrame(draw);
    }
  }).observe(holder);
  return h("figure", { class: "figure" }, holder, legend(call));
}

/** The API leaves out times that there are not. */
function isKnown(value) {
  return value !== null && value !== undefined;
}

function legend(call) {
  const entry = (kind, text) => h("li", {}, h("span", { class: `swatch ${kind}` }), text);
  return h(
    "figcaption",
    {},
    h("ul", { class: "legend" }, entry("good", "answered"), entry("bad", "failed"), entry("quiet", "cancelled"), isKnown(call.first_content_ms) ? entry("first", `first content (${format.ms(call.first_content_ms)})`) : null, entry("wait", "wait before a retry")),
  );
}

function picture(call, width) {
  const rows = call.trail;
  const wide = width >= WIDE;
  const left = wide ? Math.min(280, Math.floor(width * 0.32)) : 8;
  const right = width - 12;
  const total = Math.max(1, call.ms ?? 0, ...rows.map((entry) => (entry.start_ms ?? 0) + (entry.ms ?? 0)));
  const x = (ms) => left + ((right - left) * ms) / total;
  const row = wide ? ROW : ROW + 16;
  const height = HEAD + rows.length * row + 8;
  const root = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": described(call) });

  for (const tick of ticks(total, wide ? 8 : 4)) {
    const anchor = tick === 0 ? "start" : x(tick) > right - 30 ? "end" : "middle";
    root.append(
      svg("line", { x1: x(tick), x2: x(tick), y1: HEAD, y2: height, class: "grid" }),
      svg("text", { x: x(tick), y: 16, class: "axis", "text-anchor": anchor }, tick < 1000 ? `${tick} ms` : `${tick / 1000} s`),
    );
  }
  const texts = rows.flatMap((entry, index) => drawRow(root, rows, index, HEAD + index * row, { x, left, right, row, wide }));
  if (isKnown(call.first_content_ms)) {
    const at = x(Math.min(total, call.first_content_ms));
    root.append(
      svg("line", { x1: at, x2: at, y1: HEAD - 4, y2: height, class: "first" }),
      svg("path", { d: `M${at - 5} ${HEAD - 10}h10l-5 7z`, class: "first-mark" }),
    );
  }
  // Texts last, so that no line crosses them.
  root.append(...texts);
  return root;
}

/** Draws the bar of a row and returns its texts. */
function drawRow(root, rows, index, top, { x, left, right, row, wide }) {
  const entry = rows[index];
  const label = `${index + 1}. ${entry.target}`;
  const barTop = wide ? top + 8 : top + 22;
  const barHeight = 18;
  root.append(svg("line", { x1: 0, x2: right + 12, y1: top + row, y2: top + row, class: "grid" }));
  const texts = [
    svg("text", { x: wide ? 4 : left, y: wide ? top + 20 : top + 15, class: "target" }, shorten(label, wide ? left : right - left, 7.1), svg("title", {}, label)),
  ];
  if (wide) {
    texts.push(svg("text", { x: 4, y: top + 36, class: "axis" }, entry.attempt === 0 ? "not tried" : `attempt ${entry.attempt} · ${kindOf(entry)}`));
  }
  if (entry.attempt === 0) {
    texts.push(svg("text", { x: left + 4, y: barTop + 13, class: "bar-text quiet" }, shorten(outcomeOf(entry), right - left, 6.7)));
    return texts;
  }
  const start = entry.start_ms ?? 0;
  const from = x(start);
  const to = Math.max(from + 3, x(start + (entry.ms ?? 0)));
  drawWait(root, rows, index, x, barTop + barHeight / 2);
  root.append(svg("rect", { x: from, y: barTop, width: to - from, height: barHeight, rx: 3, class: `bar ${tone(entry.outcome)}`, "data-outcome": entry.outcome }));
  const text = `${outcomeOf(entry)}, ${format.ms(entry.ms)}`;
  // Beside the bar if there is room on the right, else on the left, else below it: never on the bar, where it would lose contrast.
  const needed = text.length * 6.6;
  const below = barTop + barHeight + 13;
  let place = { x: left, y: below, anchor: "start" };
  if (right - to > needed + 8) {
    place = { x: to + 6, y: barTop + 13, anchor: "start" };
  } else if (from - left > needed + 8) {
    place = { x: from - 6, y: barTop + 13, anchor: "end" };
  }
  texts.push(svg("text", { x: place.x, y: place.y, class: `bar-text ${tone(entry.outcome)}`, "text-anchor": place.anchor }, text));
  return texts;
}

/** A retry waits before it starts: the line from the end of the target's attempt before. */
function drawWait(root, rows, index, x, y) {
  const entry = rows[index];
  const before = rows.slice(0, index).findLast((other) => other.target === entry.target && other.attempt > 0);
  const ended = before ? before.start_ms + before.ms : null;
  if (ended !== null && entry.start_ms - ended >= 1) {
    root.append(svg("line", { x1: x(ended), x2: x(entry.start_ms), y1: y, y2: y, class: "wait" }));
  }
}

function shorten(text, width, letter) {
  const letters = Math.max(6, Math.floor((width - 8) / letter));
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}

function ticks(total, most) {
  let step = 1;
  for (let index = 0; total / step > most; index++) {
    step = STEPS[index % 3] * 10 ** Math.floor(index / 3);
  }
  const found = [];
  for (let at = 0; at <= total; at += step) {
    found.push(at);
  }
  return found;
}

function described(call) {
  const entries = call.trail.map((entry) =>
    entry.attempt === 0
      ? `${entry.target} ${outcomeOf(entry)}`
      : `${entry.target} ${outcomeOf(entry)}, from ${format.ms(entry.start_ms)} for ${format.ms(entry.ms)}`,
  );
  return `Attempts in the order of their start: ${entries.join("; ")}. ${call.summary ?? ""}`;
}

/** The same as a table, with the providers' messages. */
export function trailTable(call) {
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": "Trail" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, ["#", "Target", "Kind", "Outcome", "Start", "Took", "Status", "Message"].map((name) => h("th", { scope: "col" }, name)))),
      h(
        "tbody",
        {},
        call.trail.map((entry) =>
          h(
            "tr",
            {},
            h("td", { class: "number" }, entry.attempt || "–"),
            h("td", {}, h("code", {}, entry.target)),
            h("td", {}, kindOf(entry)),
            h("td", {}, badge(outcomeOf(entry), tone(entry.attempt === 0 ? "skipped" : entry.outcome))),
            h("td", { class: "number" }, entry.attempt ? format.ms(entry.start_ms) : "–"),
            h("td", { class: "number" }, entry.attempt ? format.ms(entry.ms) : "–"),
            h("td", { class: "number" }, entry.status ?? "–"),
            h("td", { class: "message" }, entry.message ?? ""),
          ),
        ),
      ),
    ),
  );
}
