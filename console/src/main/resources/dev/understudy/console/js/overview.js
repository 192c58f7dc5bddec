/** Overview: what was saved for callers, what it cost, and the health of every target, live. */

import { events, on, request } from "./api.js";
import { badge, confirmed, copyable, emptyState, every, format, h, helloLine, problemBox, replace, svg, tile, time, tone } from "./dom.js";

const WINDOWS = [["15", "15 minutes"], ["60", "hour"], ["1440", "day"], ["10080", "7 days"]];
const REFRESH_MS = 10_000;
const MIN_GAP_MS = 3_000;
const HISTORY_MS = 60_000;
const HOURS = 24;
const WINDOW = "understudy.overview-minutes";

export function show({ root, signal }) {
  const select = h(
    "select",
    { id: "window", onchange: () => { sessionStorage.setItem(WINDOW, select.value); refresh(); } },
    WINDOWS.map(([minutes, text]) => h("option", { value: minutes, selected: minutes === (sessionStorage.getItem(WINDOW) ?? "60") }, text)),
  );
  const figures = h("div", { class: "figures" });
  const log = h("div", {});
  const targets = h("div", {});
  const health = h("div", { class: "health" });
  const replicas = h("p", { class: "muted small" });
  const healthNotice = h("div", { "aria-live": "polite" });
  const skips = new Map();
  let history = null;
  let clock = 0;
  let last = 0;
  let pending = 0;

  replace(
    root,
    h("div", { class: "page-head row wrap" }, h("h1", { class: "grow" }, "Overview"), h("label", { for: "window" }, "Last"), select),
    log,
    figures,
    h(
      "div",
      { class: "section-head" },
      h("h2", {}, "Health of targets"),
      h("button", { type: "button", class: "quiet", onclick: () => reset(null) }, "Reset all"),
    ),
    healthNotice,
    replicas,
    health,
    h("div", { class: "section-head" }, h("h2", {}, "Use of targets")),
    targets,
  );

  async function refresh() {
    last = Date.now();
    try {
      const found = await request("GET", "overview", { query: { minutes: select.value }, signal });
      replace(figures, found.calls === 0 ? noCalls() : tiles(found));
      replace(log, logState(found.log));
      replace(targets, usage(found.targets));
    } catch (cause) {
      if (cause.name !== "AbortError") {
        replace(figures, problemBox(cause, refresh));
      }
    }
  }

  async function refreshHealth() {
    try {
      showHealth(await request("GET", "health", { signal }));
    } catch (cause) {
      if (cause.name !== "AbortError") {
        replace(health, problemBox(cause, refreshHealth));
      }
    }
  }

  function showHealth(found) {
    // Countdowns run by the gateway's clock: the browser's may be minutes off.
    clock = Date.parse(found.now) - Date.now();
    replicas.textContent = replicasLine(found.replicas);
    const focused = health.contains(document.activeElement) ? document.activeElement.dataset.reset : undefined;
    replace(
      health,
      found.targets.length === 0
        ? emptyState("No targets yet", h("p", {}, "Create a chain on the page ", h("a", { href: "#/fallbacks" }, "Fallbacks"), "."))
        : found.targets.map((target) => healthCard(target, () => reset(target.target), strip(target.target, history, skips))),
    );
    countDown();
    if (focused !== undefined) {
      health.querySelector(`[data-reset="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  async function refreshHistory() {
    try {
      history = await request("GET", "health/history", { query: { hours: HOURS }, signal });
      skips.clear();
      history.targets.forEach((target) => skips.set(target.target, target.skipped));
      for (const card of health.querySelectorAll("[data-target]")) {
        card.querySelector(".strip-row").replaceWith(strip(card.dataset.target, history, skips));
      }
    } catch (cause) {
      // The page has all else without a store, and says why calls are not logged.
      if (cause.name !== "AbortError") {
        history = null;
      }
    }
  }

  function countDown() {
    for (const element of health.querySelectorAll("[data-until]")) {
      const left = Math.max(0, Date.parse(element.dataset.until) - clock - Date.now());
      element.textContent = left === 0 ? "until the next call tries it" : `for another ${left < 60_000 ? `${Math.ceil(left / 1000)} s` : format.ms(left)}`;
    }
  }

  async function reset(target) {
    const sure = target !== null || (await confirmed("Reset the health of all targets?", "All circuits are closed: targets that are cooling down are tried by the next call.", "Reset all"));
    if (!sure) {
      return;
    }
    try {
      await request("POST", target === null ? "health/reset" : `health/reset?target=${encodeURIComponent(target)}`);
      replace(healthNotice, h("p", { class: "notice good" }, target === null ? "All targets are reset." : `${target} is reset. The next call may try it.`));
      await refreshHealth();
    } catch (cause) {
      replace(healthNotice, problemBox(cause));
    }
  }

  on("health", signal, showHealth);
  on("call", signal, () => {
    // Many calls a second are one refresh every few seconds.
    if (pending === 0) {
      pending = setTimeout(() => {
        pending = 0;
        refresh();
      }, Math.max(0, MIN_GAP_MS - (Date.now() - last)));
    }
  });
  events.addEventListener("lost", () => { refresh(); refreshHealth(); }, { signal });
  signal.addEventListener("abort", () => clearTimeout(pending));
  every(REFRESH_MS, signal, refresh);
  every(1000, signal, countDown);
  every(HISTORY_MS, signal, refreshHistory);
  refresh();
  refreshHealth();
  refreshHistory();
}

/** When a target was skipped in the last hours: a bar over the time, now on the right. */
function strip(target, history, skips) {
  if (history === null) {
    return h("div", { class: "strip-row" });
  }
  const since = Date.parse(history.since);
  const now = Date.parse(history.now);
  const times = (skips.get(target) ?? []).map((skip) => ({ ...skip, start: Date.parse(skip.from), end: skip.until === null ? now : Date.parse(skip.until) }));
  const total = times.reduce((sum, skip) => sum + skip.end - skip.start, 0);
  const text = times.length === 0 ? `not skipped in ${HOURS} h` : `skipped ${times.length === 1 ? "once" : `${times.length} times`} in ${HOURS} h, ${format.ms(total)} in all`;
  const x = (at) => ((at - since) * 240) / (now - since);
  return h(
    "div",
    { class: "strip-row" },
    svg(
      "svg",
      { class: "strip", viewBox: "0 0 240 8", preserveAspectRatio: "none", role: "img", "aria-label": `${target}: ${text}` },
      svg("rect", { x: 0, y: 0, width: 240, height: 8, class: "track" }),
      times.map((skip) => svg("rect", { x: x(skip.start), y: 0, width: Math.max(1, x(skip.end) - x(skip.start)), height: 8, class: "bar bad" }, svg("title", {}, `${format.words(skip.reason)} from ${format.moment(skip.from)}${skip.until === null ? "" : ` to ${format.moment(skip.until)}`}`))),
    ),
    h("span", { class: "muted small" }, text),
  );
}

function noCalls() {
  return emptyState(
    "No calls in this time",
    h("p", {}, "Send one, with the name of a chain or ", h("code", {}, "provider/model"), " as the model:"),
    copyable(helloLine(), "curl line"),
  );
}

function tiles(found) {
  const added = found.added_ms ?? {};
  return h(
    "dl",
    { class: "tiles" },
    tile("Calls", format.count(found.calls), `${format.count(found.answered)} answered`),
    tile("Rescued", format.share(found.rescued, found.calls), `${format.count(found.rescued)} ${found.rescued === 1 ? "call" : "calls"} answered by a fallback`, "accent"),
    tile("Failed", format.share(found.failed + found.broken_off, found.calls), `${format.count(found.failed)} with an error, ${format.count(found.broken_off)} broken off`, found.failed + found.broken_off > 0 ? "bad" : ""),
    tile("Added latency", format.ms(added.p50), `median of rescued calls, p99 ${format.ms(added.p99)}`),
    tile("Tokens", format.compact(found.prompt_tokens + found.completion_tokens), `${format.compact(found.prompt_tokens)} in, ${format.compact(found.completion_tokens)} out`),
    tile("Cost", format.cost(found.cost_usd), h("a", { href: "#/prices" }, "by these prices")),
  );
}

function logState(log) {
  if (log.state !== "ok") {
    return h("div", { class: "notice warn", role: "status" }, h("strong", {}, "Calls are not being logged. "), log.message || "The store is unavailable.", ` ${format.count(log.dropped)} rows were dropped. Calls are served all the same.`);
  }
  return log.dropped > 0 ? h("p", { class: "notice warn" }, `${format.count(log.dropped)} rows of the log were dropped: the store was slower than the calls. The figures below lack them.`) : null;
}

const EXPLAINED = { target: "this target is", credential: "all targets of its key are", provider: "all targets of its provider are" };

function healthCard(target, reset, past) {
  const cooling = target.state !== "ready";
  const state = target.trial_due ? "trial due" : format.words(target.state);
  const kind = target.trial_due ? "warn" : tone(target.state);
  const usual = target.first_token.samples > 0 ? ["first token", target.first_token] : ["answer", target.answer];
  return h(
    "article",
    { class: `card health-card ${kind}`, "data-target": target.target },
    h(
      "header",
      { class: "card-head" },
      h("h3", { class: "target-name" }, target.target),
      target.callers_key ? badge("caller's key", "quiet") : null,
      target.configured || target.callers_key ? null : badge("not in the configuration", "quiet"),
      h("span", { class: "grow" }),
      cooling || target.trial_due ? h("button", { type: "button", class: "quiet small", onclick: reset, "data-reset": target.target, "aria-label": `Reset ${target.target}` }, "Reset") : null,
      badge(state, kind),
    ),
    cooling || target.trial_due
      ? h(
          "p",
          { class: "cooling" },
          h("strong", {}, format.words(target.reason ?? target.last_reason)),
          `: ${EXPLAINED[target.scope] ?? target.scope} `,
          target.until ? ["skipped ", h("span", { class: "countdown", "data-until": target.until })] : "tried by the next call",
          h("br"),
          h("span", { class: "muted small" }, "since ", time(target.since), target.trips_in_a_row > 1 ? `, ${target.trips_in_a_row} times in a row` : ""),
        )
      : null,
    h(
      "div",
      { class: "row health-facts" },
      recent(target.recent),
      h(
        "span",
        { class: "muted small grow" },
        `${format.share(target.success_rate, 1)} successes`,
        h("br"),
        usual[1].samples > 0 ? `${usual[0]} ${format.ms(usual[1].p50_ms)}, p95 ${format.ms(usual[1].p95_ms)}` : "no times known yet",
      ),
    ),
    past,
  );
}

/** The last attempts, the latest on the right: tall bars are failures, so that the colour is not needed. */
function recent(attempts) {
  const shown = attempts.slice(0, 20).reverse();
  const failures = shown.filter((attempt) => attempt.outcome !== "ok").length;
  return svg(
    "svg",
    { class: "recent", width: 90, height: 18, viewBox: "0 0 90 18", role: "img", "aria-label": `last ${shown.length} attempts: ${failures} failed` },
    shown.map((attempt, index) => {
      const good = attempt.outcome === "ok";
      return svg(
        "rect",
        { x: (20 - shown.length + index) * 4.5, y: good ? 10 : 1, width: 3, height: good ? 7 : 16, rx: 1, class: `bar ${tone(attempt.outcome)}` },
        svg("title", {}, `${format.words(attempt.outcome)}, ${format.ms(attempt.duration_ms)}, ${format.ms(attempt.ago_ms)} ago`),
      );
    }),
  );
}

function usage(targets) {
  if (targets.length === 0) {
    return h("p", { class: "muted" }, "No attempts in this time.");
  }
  const columns = ["Target", "Attempts", "Answered", "Failed", "Tokens in", "Tokens out", "Cost"];
  return h(
    "div",
    { class: "scroll card flush", tabindex: 0, role: "region", "aria-label": "Use of targets" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, columns.map((name, index) => h("th", { scope: "col", class: index > 0 ? "number" : null }, name)))),
      h(
        "tbody",
        {},
        targets.map((target) =>
          h(
            "tr",
            {},
            h("th", { scope: "row", class: "target-name" }, h("a", { href: `#/calls?target=${encodeURIComponent(target.target)}` }, target.target)),
            [format.count(target.attempts), format.count(target.answered), format.count(target.failed), format.compact(target.prompt_tokens), format.compact(target.completion_tokens), format.cost(target.cost_usd)].map((value) =>
              h("td", { class: "number" }, value),
            ),
          ),
        ),
      ),
    ),
  );
}

/** What this gateway shares; nothing for one that shares nothing. */
function replicasLine(replicas) {
  if (!replicas) {
    return "";
  }
  const others = replicas.known - 1;
  return replicas.connected
    ? `Shared with ${others === 1 ? "one other gateway" : `${others} other gateways`} through Valkey.`
    : "Valkey cannot be reached: this gateway decides by what it knows itself, until it is back.";
}
