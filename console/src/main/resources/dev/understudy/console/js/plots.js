/** Plots of a simulation, in SVG. Each has its numbers as a table too. */

import { format, h, replace, svg } from "./dom.js";

const MIN_WIDTH = 280;
const NARROW = 560;
const KINDS = ["whole", "alone"];

/** A figure that is drawn anew when its width changes. */
function figure(draw, legend, table) {
  const holder = h("div", { class: "plot" });
  let width = 0;
  new ResizeObserver(() => {
    if (holder.clientWidth !== width) {
      width = holder.clientWidth;
      // In the next frame: a change of size inside the observer is reported as an error.
      requestAnimationFrame(() => replace(holder, draw(Math.max(MIN_WIDTH, width))));
    }
  }).observe(holder);
  return h("figure", { class: "figure" }, holder, h("figcaption", {}, legend), h("details", {}, h("summary", {}, "As a table"), table));
}

function legend(runs, further) {
  return h(
    "ul",
    { class: "legend" },
    runs.map((run, index) => h("li", {}, h("span", { class: `swatch ${KINDS[index]}` }), run.name)),
    further.map(([kind, text]) => h("li", {}, h("span", { class: `swatch ${kind}` }), text)),
  );
}

function table(label, columns, rows) {
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": label },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, columns.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell))))),
    ),
  );
}

/** The share of answered calls over time, and the incidents of each provider below. */
export function timePlot(found) {
  const end = found.hours * 60;
  const lane = 20;
  const draw = (width) => {
    const left = 62;
    const right = width - 14;
    const top = 12;
    const bottom = 152;
    const height = bottom + 26 + lane * found.weather.length + 8;
    const x = (minute) => left + ((right - left) * Math.min(minute, end)) / end;
    const y = (share) => bottom - (bottom - top) * share;
    const root = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": described(found) });
    for (const share of [0, 0.5, 1]) {
      root.append(svg("line", { x1: left, x2: right, y1: y(share), y2: y(share), class: "grid" }), svg("text", { x: left - 6, y: y(share) + 4, class: "axis", "text-anchor": "end" }, format.share(share, 1)));
    }
    const ticks = width < NARROW ? 2 : 4;
    for (let i = 0; i <= ticks; i++) {
      const minute = (end * i) / ticks;
      root.append(svg("text", { x: x(minute), y: bottom + 18, class: "axis", "text-anchor": i === 0 ? "start" : i === ticks ? "end" : "middle" }, `${Number((minute / 60).toFixed(1))} h`));
    }
    // The chain last, so that it lies above.
    [...found.runs.entries()].reverse().forEach(([index, run]) => root.append(svg("polyline", { points: run.timeline.map(([minute, share]) => `${x(minute).toFixed(1)},${y(share).toFixed(1)}`).join(" "), class: `curve ${KINDS[index]}` })));
    found.weather.forEach((provider, index) => {
      const at = bottom + 26 + index * lane;
      root.append(svg("rect", { x: left, y: at, width: right - left, height: lane - 6, class: "lane" }));
      for (const incident of provider.incidents) {
        root.append(
          svg("rect", { x: x(incident.from), y: at, width: Math.max(1, x(incident.until) - x(incident.from)), height: lane - 6, class: incident.down ? "down" : "brown-out" }, svg("title", {}, `${provider.provider}: ${incident.down ? "down" : "slow"} from minute ${incident.from} to ${incident.until}`)),
        );
      }
      root.append(svg("text", { x: left - 6, y: at + 11, class: "axis", "text-anchor": "end" }, shorten(provider.provider), svg("title", {}, provider.provider)));
    });
    return root;
  };
  const alone = new Map(found.runs[1].timeline);
  return figure(
    draw,
    legend(found.runs, [["down", "provider is down"], ["brown-out", "provider is slow"]]),
    table("Share of calls that were answered", ["Minute", ...found.runs.map((run) => run.name)], found.runs[0].timeline.map(([minute, share]) => [minute, format.share(share, 1), alone.has(minute) ? format.share(alone.get(minute), 1) : "–"])),
  );
}

function shorten(name) {
  return name.length > 7 ? `${name.slice(0, 6)}…` : name;
}

function described(found) {
  return found.runs.map((run) => `${run.name}: ${format.share(run.answered, run.calls)} of the calls were answered`).join("; ");
}

/** By which time which share of the answered calls had its first content: nines upwards, time to the right, both by powers of ten. */
export function quantilePlot(found) {
  const shares = [0, 0.9, 0.99, 0.999];
  const seconds = [0.1, 1, 10, 100];
  const draw = (width) => {
    const left = 62;
    const right = width - 26;
    const top = 12;
    const bottom = 212;
    const height = bottom + 26;
    const x = (ms) => left + ((right - left) * Math.log10(Math.min(100_000, Math.max(100, ms)) / 100)) / 3;
    const y = (share) => bottom - ((bottom - top) * Math.min(3, -Math.log10(Math.max(1e-9, 1 - share)))) / 3;
    const root = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": found.runs.map((run) => `${run.name}: median ${format.ms(run.first_token_ms.p50)}, p99 ${format.ms(run.first_token_ms.p99)}`).join("; ") });
    for (const share of shares) {
      root.append(svg("line", { x1: left, x2: right, y1: y(share), y2: y(share), class: "grid" }), svg("text", { x: left - 6, y: y(share) + 4, class: "axis", "text-anchor": "end" }, format.share(share, 1)));
    }
    for (const second of seconds) {
      root.append(svg("line", { x1: x(second * 1000), x2: x(second * 1000), y1: top, y2: bottom, class: "grid" }), svg("text", { x: x(second * 1000), y: bottom + 18, class: "axis", "text-anchor": "middle" }, `${second} s`));
    }
    [...found.runs.entries()].reverse().forEach(([index, run]) => root.append(svg("polyline", { points: run.first_token_curve.map(([share, ms]) => `${x(ms).toFixed(1)},${y(share).toFixed(1)}`).join(" "), class: `curve ${KINDS[index]}` })));
    return root;
  };
  const rows = ["p50", "p95", "p99"].map((name) => [name, ...found.runs.map((run) => format.ms(run.first_token_ms[name]))]);
  return figure(draw, legend(found.runs, []), table("Time to the first content", ["Of the answered calls", ...found.runs.map((run) => run.name)], rows));
}
