/** Calls: the live, filterable list, and one call with its waterfall. */

import { on, request } from "./api.js";
import { announce, badge, copyable, emptyState, format, h, icon, problemBox, replace, time, tone, uniqueId } from "./dom.js";
import { trailTable, waterfall } from "./waterfall.js";

const PAGE = 50;
/** The list is read anew before live rows make it longer than this. */
const LONGEST = 400;
const TYPING_MS = 300;
const ENDINGS = [["", "any"], ["answered", "answered"], ["failed", "failed"], ["broken_off", "broken off"], ["caller_left", "caller left"]];

/** The list with the filters that were last chosen, for the way back from a call. */
let listAddress = "#/calls";

export function show(page) {
  if (page.rest.length > 0 && page.rest[0] !== "") {
    showCall(page, page.rest[0]);
  } else {
    showList(page);
  }
}

function showList({ root, query, signal }) {
  const filter = {
    model: query.get("model") ?? "",
    target: query.get("target") ?? "",
    ending: query.get("ending") ?? "",
    caller: query.get("caller") ?? "",
    text: query.get("text") ?? "",
    rescued: query.get("rescued") === "true",
  };
  listAddress = location.hash.startsWith("#/calls") ? location.hash : "#/calls";
  const body = h("tbody", {});
  const table = h(
    "div",
    { class: "scroll card flush", tabindex: 0, role: "region", "aria-label": "Calls" },
    h("table", { class: "calls" }, h("thead", {}, h("tr", {}, ["Time", "Model", "Answered by", "Ending", "Attempts", "Took", "Tokens", "Cost", "Caller"].map((name) => h("th", { scope: "col", class: /Attempts|Took|Tokens|Cost/.test(name) ? "number" : null }, name)))), body),
  );
  const state = h("div", { "aria-live": "polite" });
  const kept = h("div", {});
  const more = h("button", { type: "button", hidden: true, onclick: () => load(true) }, "Older calls");
  const pause = h("button", { type: "button", class: "quiet", "aria-pressed": "false", onclick: togglePause }, "Pause");
  let next = null;
  let paused = false;
  let waiting = 0;
  let reading = null;
  let timer = 0;

  replace(
    root,
    h("div", { class: "page-head row wrap" }, h("h1", { class: "grow" }, "Calls"), pause),
    kept,
    filters(),
    state,
    table,
    h("div", { class: "row center" }, more),
  );

  function filters() {
    const field = (name, label, control) => {
      control.id = uniqueId(name);
      return h("div", { class: "field" }, h("label", { for: control.id }, label), control);
    };
    const text = (name, placeholder) =>
      h("input", { type: "search", value: filter[name], placeholder, "data-filter": name, oninput: (event) => { filter[name] = event.target.value.trim(); changed(TYPING_MS); } });
    const rescued = h("input", { type: "checkbox", id: uniqueId("rescued"), checked: filter.rescued, "data-filter": "rescued", onchange: () => { filter.rescued = rescued.checked; changed(0); } });
    return h(
      "form",
      { class: "filters", role: "search", "aria-label": "Filter the calls", onsubmit: (event) => event.preventDefault() },
      field("model", "Model", text("model", "any")),
      field("target", "Target", text("target", "any")),
      field("ending", "Ending", h("select", { "data-filter": "ending", onchange: (event) => { filter.ending = event.target.value; changed(0); } }, ENDINGS.map(([value, name]) => h("option", { value, selected: value === filter.ending }, name)))),
      field("text", "Text", text("text", "id, reason, message")),
      field("caller", "Caller", text("caller", "any")),
      h("div", { class: "check" }, rescued, h("label", { for: rescued.id }, "Rescued only")),
    );
  }

  function changed(after) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const chosen = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== "" && value !== false));
      // The address keeps the filter, for links and for going back from a call.
      listAddress = `#/calls${chosen.size > 0 ? `?${chosen}` : ""}`;
      history.replaceState(null, "", listAddress);
      load(false);
    }, after);
  }

  async function load(older) {
    reading?.abort();
    reading = new AbortController();
    const mine = reading;
    try {
      const found = await request("GET", "calls", { query: { ...filter, limit: PAGE, before: older ? next : null }, signal: mine.signal });
      if (mine.signal.aborted || signal.aborted) {
        return;
      }
      next = found.next;
      more.hidden = next === null;
      replace(kept, keptNotice(found.contents_kept));
      const rows = found.calls.map(row);
      older ? body.append(...rows) : replace(body, rows);
      showEmpty();
    } catch (cause) {
      if (cause.name !== "AbortError") {
        replace(state, problemBox(cause, () => load(older)));
      }
    }
  }

  function showEmpty() {
    const isEmpty = body.children.length === 0;
    table.hidden = isEmpty;
    const filtered = Object.values(filter).some((value) => value !== "" && value !== false);
    replace(
      state,
      !isEmpty
        ? null
        : filtered
          ? emptyState("No call matches", h("p", {}, "Remove a filter to see more calls."))
          : emptyState("No calls yet", h("p", {}, "Send one; it appears here at once:"), copyable(curl({ model: "assistant", stream: false }), "curl line")),
    );
  }

  function togglePause() {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    if (!paused && waiting > 0) {
      load(false);
    }
    waiting = 0;
    pause.textContent = paused ? "Continue" : "Pause";
  }

  function arrived(call) {
    if (!matches(call)) {
      return;
    }
    if (paused) {
      waiting += 1;
      pause.textContent = `Continue (${waiting} new)`;
      return;
    }
    // What a text is found in is known to the gateway alone.
    if (filter.text !== "" || body.children.length >= LONGEST) {
      clearTimeout(timer);
      timer = setTimeout(() => load(false), 1000);
      return;
    }
    const added = row(call);
    added.classList.add("new");
    body.prepend(added);
    showEmpty();
  }

  function matches(call) {
    return (
      (filter.model === "" || call.model === filter.model) &&
      (filter.target === "" || call.target === filter.target) &&
      (filter.caller === "" || call.caller === filter.caller) &&
      (filter.ending === "" || call.ending === filter.ending) &&
      (!filter.rescued || call.rescued)
    );
  }

  on("call", signal, arrived);
  on("lost", signal, () => !paused && load(false));
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    reading?.abort();
  });
  load(false);
}

/** Says that contents of calls are kept, where they are. */
function keptNotice(duration) {
  return duration ? h("p", { class: "notice warn" }, `What callers send and receive is kept for ${duration}, redacted, for everyone who can open this page (store.contents).`) : null;
}

function row(call) {
  const cell = (label, kind, ...content) => h("td", { class: kind, "data-label": label }, ...content);
  return h(
    "tr",
    { "data-call": call.id },
    h("th", { scope: "row", class: "when" }, h("a", { href: `#/calls/${encodeURIComponent(call.id)}` }, time(call.at))),
    cell("Model", "target-name", call.model),
    cell("Answered by", "target-name", call.target || "–"),
    cell("Ending", "", badge(format.words(call.ending), tone(call.ending)), " ", call.rescued ? badge("rescued", "info") : null),
    cell("Attempts", "number", format.count(call.attempts)),
    cell("Took", "number", format.ms(call.ms)),
    cell("Tokens", "number", tokens(call)),
    cell("Cost", "number", format.cost(call.cost_usd)),
    cell("Caller", "", call.caller || "–"),
  );
}

function tokens(call) {
  const known = [call.prompt_tokens, call.completion_tokens].some((count) => count !== null && count !== undefined);
  return !known ? "–" : `${format.compact(call.prompt_tokens)} + ${format.compact(call.completion_tokens)}`;
}

async function showCall({ root, signal }, id) {
  const content = h("div", {}, h("p", { class: "muted" }, "Loading…"));
  replace(root, h("div", { class: "page-head" }, h("p", {}, h("a", { href: listAddress, class: "back" }, icon("back"), " All calls")), h("h1", {}, "Call ", h("code", {}, id))), content);
  try {
    replace(content, callDetails(await request("GET", `calls/${encodeURIComponent(id)}`, { signal })));
  } catch (cause) {
    if (cause.name !== "AbortError") {
      replace(content, problemBox(cause));
    }
  }
}

function callDetails(call) {
  const fact = (name, ...value) => h("div", {}, h("dt", {}, name), h("dd", {}, ...value));
  return [
    keptNotice(call.contents_kept),
    h("p", { class: "sentence" }, badge(format.words(call.ending), tone(call.ending)), " ", call.rescued ? [badge("rescued", "info"), " "] : null, call.summary),
    h("section", { class: "card", "aria-label": "Waterfall" }, waterfall(call)),
    h("div", { class: "card flush" }, trailTable(call)),
    h(
      "section",
      { class: "card", "aria-label": "Facts" },
      h(
        "dl",
        { class: "facts" },
        fact("Arrived", time(call.at)),
        fact("Model", h("a", { class: "target-name", href: `#/fallbacks?chain=${encodeURIComponent(call.model)}` }, call.model)),
        fact("Answered by", h("span", { class: "target-name" }, call.target || "no target")),
        fact("Status", call.status ?? "–"),
        fact("Took", format.ms(call.ms)),
        fact("First content", format.ms(call.first_content_ms)),
        fact("Tokens", tokens(call)),
        fact("Cost", format.cost(call.cost_usd)),
        fact("Caller", call.caller || "–"),
        fact("Options", call.vocabulary || "none", call.stream ? ", stream" : ", no stream"),
      ),
    ),
    h("section", { class: "card", "aria-label": "Response headers" }, h("h2", {}, "Headers of the response"), copyable(headers(call), "headers")),
    call.has_contents ? contents(call) : null,
    h("section", { class: "card", "aria-label": "Repeat" }, h("h2", {}, "Call it again"), h("p", { class: "muted" }, "Without what was said: put in your own message."), copyable(curl(call), "curl line")),
  ];
}

/** What was sent and received is loaded when someone wants to see it: the gateway notes each look in its log. */
function contents(call) {
  const place = h("div", { "aria-live": "polite" });
  const show = h("button", { type: "button", onclick: load }, "Show what was sent and received");

  async function load() {
    show.disabled = true;
    try {
      const found = await request("GET", `calls/${encodeURIComponent(call.id)}/contents`, { named: true });
      replace(place, contentsPart("Sent", found.sent), contentsPart("Received", found.received));
      show.hidden = true;
      announce("The contents are shown.");
    } catch (cause) {
      show.disabled = false;
      replace(place, problemBox(cause));
    }
  }

  return h("section", { class: "card", "aria-label": "Contents" }, h("h2", {}, "Contents"), h("p", { class: "muted" }, "Redacted before they were kept. Each look is noted in the gateway's log."), show, place);
}

function contentsPart(name, part) {
  const size = `${format.count(part.bytes)} bytes`;
  const facts = [part.type || "nothing", size, part.cut ? (part.text === "" ? "not kept" : "only the beginning is kept") : null].filter(Boolean).join(", ");
  return h(
    "div",
    { class: "contents", "data-part": name.toLowerCase() },
    h("h3", {}, name, " ", h("span", { class: "muted small" }, facts)),
    part.text === "" ? null : h("pre", { class: "answer", tabindex: 0, role: "region", "aria-label": name }, readable(part)),
  );
}

/** JSON on several lines; every other text as it is. */
function readable(part) {
  try {
    return part.type.includes("json") ? JSON.stringify(JSON.parse(part.text), null, 2) : part.text;
  } catch {
    // A text that was cut is no JSON any more.
    return part.text;
  }
}

function headers(call) {
  const tried = call.trail.map((entry) => `"${entry.target}";outcome=${entry.outcome}${entry.status ? `;status=${entry.status}` : ""}${entry.attempt ? `;ms=${entry.ms}` : ""}`);
  return [`understudy-call-id: ${call.id}`, call.target ? `understudy-target: ${call.target}` : null, `understudy-attempts: ${call.attempts}`, `understudy-trail: ${tried.join(", ")}`].filter(Boolean).join("\n");
}

/** In single quotes, as a shell takes a text literally. */
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function curl(call) {
  const body = { model: call.model, ...(call.stream ? { stream: true } : {}), messages: [{ role: "user", content: "Hello" }] };
  return `curl ${call.stream ? "-N " : ""}${location.origin}/v1/chat/completions \\\n  -H 'content-type: application/json' \\\n  -H "authorization: Bearer $UNDERSTUDY_KEY" \\\n  -d ${quoted(JSON.stringify(body))}`;
}
