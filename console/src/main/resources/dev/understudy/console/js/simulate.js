/** Simulate: what a chain is worth in an outage, from the engine in virtual time. */

import { request } from "./api.js";
import { announce, emptyState, field, format, h, problemBox, replace, saveAs, tile } from "./dom.js";
import { quantilePlot, timePlot } from "./plots.js";

const POLL_MS = 400;
const OUTAGES = [
  ["errors", "the primary's provider is down: it fails at once"],
  ["silence", "the primary's provider is down: it is silent"],
  ["brown_out", "the primary's provider is slow, and some requests fail"],
  ["rate_limit", "the primary's provider takes half of the calls"],
  ["everywhere", "all providers have outages, half of them at the same time"],
  ["none", "no provider has an incident"],
];

export function show({ root, signal }) {
  const result = h("div", {});
  const state = h("div", { "aria-live": "polite" });
  const chain = h("select", { required: true });
  const outage = h("select", {}, OUTAGES.map(([value, text]) => h("option", { value }, text)));
  const number = (value, least, most) => h("input", { type: "number", value, min: least, max: most, required: true });
  const hours = number(6, 1, 48);
  const calls = number(3000, 100, 20000);
  const worlds = number(3, 1, 10);
  const seed = h("input", { type: "number", min: 0, max: 1_000_000_000, placeholder: "any" });
  const run = h("button", { class: "primary" }, "Simulate");

  replace(
    root,
    h(
      "div",
      { class: "page-head" },
      h("h1", {}, "Simulate"),
      h("p", { class: "muted" }, "The engine in virtual time, with the limits of the chain as it is now: a day takes a second, and no provider is called."),
    ),
    h(
      "form",
      { class: "card drill-form", onsubmit: start },
      h(
        "div",
        { class: "drill-fields" },
        field("Chain", chain),
        field("Outage", outage),
        field("Hours", hours),
        field("Calls in this time", calls),
        field("Worlds", worlds),
        field("Seed", seed),
      ),
      run,
    ),
    state,
    result,
  );

  async function loadChains() {
    try {
      const { chains } = await request("GET", "chains", { signal });
      replace(chain, chains.map(({ name }) => h("option", { value: name }, name)));
      run.disabled = chains.length === 0;
      if (chains.length === 0) {
        replace(result, emptyState("No chains yet", h("p", {}, "Create a chain on the page ", h("a", { href: "#/fallbacks" }, "Fallbacks"), ".")));
      }
    } catch (cause) {
      if (cause.name !== "AbortError") {
        replace(state, problemBox(cause, loadChains));
      }
    }
  }

  async function start(event) {
    event.preventDefault();
    run.disabled = true;
    const bar = h("progress", { max: 1, value: 0, "aria-label": "Progress of the simulation" });
    const text = h("span", { class: "muted" }, "Waiting");
    let id = null;
    const cancel = h("button", { type: "button", class: "small", onclick: () => id && request("DELETE", `simulate/${id}`, { signal }).catch((cause) => replace(state, problemBox(cause))) }, "Cancel");
    replace(result);
    replace(state, h("div", { class: "row wrap simulating" }, bar, text, cancel));
    try {
      let found = await request("POST", "simulate", {
        body: {
          chain: chain.value,
          outage: outage.value,
          hours: Number(hours.value),
          calls: Number(calls.value),
          worlds: Number(worlds.value),
          ...(seed.value === "" ? {} : { seed: Number(seed.value) }),
        },
        signal,
      });
      id = found.id;
      while (found.state === "waiting" || found.state === "running") {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        found = await request("GET", `simulate/${id}`, { signal });
        bar.value = found.progress;
        text.textContent = found.state === "waiting" ? "Another simulation is running" : format.share(found.progress, 1);
      }
      if (found.state === "done") {
        replace(state);
        replace(result, shown(found, () => download(found)));
        announce("The simulation is done.");
      } else {
        replace(state, h("p", { class: "notice warn" }, found.state === "stopped" ? "The simulation was stopped: it was cancelled, or took longer than a minute. Fewer calls or worlds take less time." : "The simulation failed. The gateway's log has the cause."));
      }
    } catch (cause) {
      if (cause.name !== "AbortError") {
        replace(state, problemBox(cause));
      }
    } finally {
      run.disabled = false;
    }
  }

  async function download(found) {
    try {
      const page = await request("GET", `simulate/${found.id}/report`, { signal, text: true });
      saveAs(`simulation-${found.chain}-${found.seed}.html`, page, "text/html");
    } catch (cause) {
      replace(state, problemBox(cause));
    }
  }

  loadChains();
}

function shown(found, download) {
  const [whole, alone] = found.runs;
  const share = (run) => precise(run.answered, run.calls);
  const failed = (run) => format.count(run.calls - run.answered);
  return [
    h(
      "dl",
      { class: "tiles" },
      tile("Answered with fallbacks", share(whole), `${failed(whole)} of ${format.count(whole.calls)} calls failed`, "accent"),
      tile("Answered by the primary alone", share(alone), `${failed(alone)} of ${format.count(alone.calls)} calls failed`, alone.answered < whole.answered ? "bad" : ""),
      tile("First content with fallbacks", format.ms(whole.first_token_ms.p50), `median, p95 ${format.ms(whole.first_token_ms.p95)}, p99 ${format.ms(whole.first_token_ms.p99)}`),
      tile("Attempts per call", (whole.attempts / Math.max(1, whole.calls)).toFixed(2), `${(alone.attempts / Math.max(1, alone.calls)).toFixed(2)} of the primary alone`),
      tile("Harm", format.count(whole.lost), "calls that the primary alone would have answered, and that failed", whole.lost > 0 ? "bad" : ""),
    ),
    h("section", { class: "card" }, h("h2", {}, "Share of calls that were answered"), h("p", { class: "muted small" }, found.worlds > 1 ? "The first of the worlds, over its time; below, the incidents of the providers." : "Over the simulated time; below, the incidents of the providers."), timePlot(found)),
    h("section", { class: "card" }, h("h2", {}, "Time to the first content"), h("p", { class: "muted small" }, "Of the calls that were answered, in all worlds: the share that had it by then."), quantilePlot(found)),
    h(
      "div",
      { class: "row wrap" },
      h("p", { class: "muted grow" }, `Seed ${found.seed}: the same seed gives the same worlds. The first target's limits count for all targets; usual times are those that this gateway has measured, where it has.`),
      h("button", { type: "button", onclick: download }, "Save the report"),
    ),
  ];
}

/** Shares near one differ behind the point: 99.98%, not 100%. */
function precise(part, whole) {
  return whole > 0 ? `${((100 * part) / whole).toFixed(2)}%` : "–";
}
