/** Drills: faults that are injected into the requests to a target for some minutes, and what callers felt of them. */

import { on, request } from "./api.js";
import { announce, badge, confirmed, copyable, emptyState, every, field, format, h, helloLine, problemBox, replace, tile, time, uniqueId } from "./dom.js";

const REFRESH_MS = 2_000;

/** What is said on every page while a drill runs. */
export function banner(element, signal) {
  async function refresh() {
    try {
      const { running } = await request("GET", "drills", { signal });
      element.hidden = running.length === 0;
      element.classList.toggle("all", running.some((drill) => drill.calls === "all"));
      replace(
        element,
        running.map((drill) => h("p", {}, h("strong", {}, `Drill ${drill.name}: `), sentence(drill), " It ends at ", time(drill.ends), ".")),
        running.length > 0 ? h("a", { href: "#/drills" }, "See and end it") : null,
      );
    } catch (cause) {
      // The banner must not hide that it does not know. Without a key, or without the gateway, the page itself says so.
      if (cause.name !== "AbortError" && cause.status !== 401 && cause.status !== 0) {
        element.hidden = false;
        replace(element, h("p", {}, "Whether a drill runs is not known: ", cause.message));
      }
    }
  }

  on("connection", signal, (state) => state === "live" && refresh());
  on("drills", signal, refresh);
  on("lost", signal, refresh);
}

function sentence(drill) {
  const share = drill.percent < 100 ? `${drill.percent}% of ` : "";
  const calls = drill.calls === "all" ? `${share}all calls` : `${share}the calls that are marked`;
  return [h("code", {}, drill.fault), " at ", h("code", {}, drill.target), ` for ${calls}${drill.caller ? ` or come from the key ${drill.caller}` : ""}.`];
}

export function show({ root, signal }) {
  const notice = h("div", { "aria-live": "polite" });
  const permitted = h("div", {});
  const running = h("div", { class: "drills" });
  const ended = h("div", { class: "drills" });
  const order = form();
  const open = new Set();
  let anyRuns = false;
  let shown = "";

  replace(
    root,
    h(
      "div",
      { class: "page-head" },
      h("h1", {}, "Drills"),
      h("p", { class: "muted" }, "A fault is injected into the requests to one target, where they leave the gateway. Retries, fallbacks and hedges are real, and so are the calls."),
    ),
    notice,
    permitted,
    running,
    order.element,
    h("div", { class: "section-head" }, h("h2", {}, "Ended since the gateway was started")),
    ended,
  );

  async function load() {
    try {
      const found = await request("GET", "drills", { signal });
      anyRuns = found.running.length > 0;
      replace(permitted, found.permitted ? null : h("p", { class: "notice warn" }, "The configuration forbids drills: ", h("code", {}, "server.admin.drills: off"), "."));
      order.know(found);
      if (JSON.stringify([found.running, found.ended]) === shown) {
        return;
      }
      shown = JSON.stringify([found.running, found.ended]);
      const focused = running.contains(document.activeElement) ? document.activeElement.dataset.end : undefined;
      replace(running, found.running.map((drill) => card(drill, found.header)));
      if (focused !== undefined) {
        running.querySelector(`[data-end="${CSS.escape(focused)}"]`)?.focus();
      }
      replace(ended, found.ended.length === 0 ? emptyState("No drill has ended yet", h("p", {}, "What callers felt of a drill is kept here until the gateway stops.")) : found.ended.map((drill) => card(drill, found.header)));
    } catch (cause) {
      if (cause.name !== "AbortError") {
        replace(permitted, problemBox(cause, load));
      }
    }
  }

  function card(drill, header) {
    const runs = !drill.ended;
    return h(
      "article",
      { class: `card drill ${runs ? (drill.calls === "all" ? "bad" : "warn") : ""}`, "data-drill": drill.name },
      h(
        "header",
        { class: "card-head" },
        h(runs ? "h2" : "h3", {}, drill.name),
        badge(drill.calls === "all" ? "all calls" : "marked calls", drill.calls === "all" ? "bad" : "info"),
        h("span", { class: "grow" }),
        runs ? h("button", { type: "button", class: "small", onclick: () => end(drill.name), "data-end": drill.name, "aria-label": `End ${drill.name}` }, "End") : null,
      ),
      h("p", {}, sentence(drill)),
      h(
        "p",
        { class: "muted small" },
        "started ", time(drill.started), drill.author ? ` by ${drill.author}` : "",
        runs ? [", ends by itself at ", time(drill.ends)] : [", ended ", time(drill.ended), `: ${drill.reason}`],
      ),
      felt(drill.result),
      runs && drill.calls === "marked" ? h("details", { open: open.has(drill.name), ontoggle: (event) => (event.target.open ? open.add(drill.name) : open.delete(drill.name)) }, h("summary", {}, "Mark a call"), copyable(helloLine(`${header}: ${drill.name}`), `curl line for ${drill.name}`)) : null,
    );
  }

  async function end(name) {
    try {
      const drill = await request("DELETE", `drills/${encodeURIComponent(name)}`, { signal });
      announce(`Drill ${name} has ended: ${drill.result.rescued} of ${drill.result.calls} calls were rescued.`);
      replace(notice, h("p", { class: "notice good" }, `Drill ${name} has ended.`));
    } catch (cause) {
      if (cause.name !== "AbortError") {
        replace(notice, problemBox(cause));
      }
    }
    await load();
  }

  /** Where a drill is ordered. */
  function form() {
    const names = h("datalist", { id: uniqueId("targets") });
    const name = h("input", { type: "text", maxlength: 40, required: true, autocomplete: "off", spellcheck: "false", value: "outage" });
    const target = h("input", { type: "text", required: true, autocomplete: "off", spellcheck: "false", list: names.id, placeholder: "provider/model" });
    const fault = h("select", { onchange: () => showParameters() });
    const parameters = h("input", { type: "text", maxlength: 150, autocomplete: "off", spellcheck: "false" });
    const calls = h("select", { onchange: () => showCaller() }, h("option", { value: "marked" }, "marked calls only"), h("option", { value: "all" }, "all calls"));
    const caller = h("input", { type: "text", autocomplete: "off", maxlength: 100, placeholder: "none" });
    const percent = h("input", { type: "number", min: 1, max: 100, value: 100, required: true });
    const minutes = h("input", { type: "number", min: 1, max: 60, value: 5, required: true });
    const callerField = field("Also all calls of the key", caller);
    const button = h("button", { class: "primary" }, "Start the drill");
    const problem = h("div", { "aria-live": "polite" });
    let faults = [];

    function showParameters() {
      const query = faults.find((each) => each.name === fault.value)?.signature.split("?")[1] ?? "";
      parameters.value = query;
      parameters.disabled = query === "";
    }

    function showCaller() {
      callerField.hidden = calls.value === "all";
    }

    async function start(event) {
      event.preventDefault();
      replace(problem);
      const everyone = calls.value === "all";
      const chosen = parameters.value === "" ? fault.value : `${fault.value}?${parameters.value}`;
      const sure =
        !everyone ||
        (await confirmed(
          "Inject a fault into the calls of all callers?",
          `${percent.value}% of all calls meet ${chosen} at ${target.value} for ${minutes.value} minutes. Calls without a fallback fail.`,
          "Start the drill",
        ));
      if (!sure) {
        return;
      }
      button.disabled = true;
      try {
        const drill = await request("POST", "drills", {
          body: {
            name: name.value.trim(),
            target: target.value.trim(),
            fault: chosen,
            calls: calls.value,
            percent: Number(percent.value),
            minutes: Number(minutes.value),
            ...(everyone || caller.value.trim() === "" ? {} : { caller: caller.value.trim() }),
          },
          signal,
        });
        announce(`Drill ${drill.name} runs.`);
        replace(notice);
        await load();
      } catch (cause) {
        if (cause.name !== "AbortError") {
          replace(problem, problemBox(cause));
        }
      } finally {
        button.disabled = false;
      }
    }

    async function loadNames() {
      try {
        const { models } = await request("GET", "models", { signal });
        const providers = [...new Set(models.map((model) => model.provider).filter(Boolean))];
        replace(names, [...models.map((model) => model.name), ...providers].map((each) => h("option", { value: each })));
      } catch (cause) {
        // Names can be typed all the same.
        if (cause.name !== "AbortError") {
          replace(names);
        }
      }
    }

    loadNames();
    const element = h(
      "form",
      { class: "card drill-form", onsubmit: start },
      h("h2", {}, "Start a drill"),
      h(
        "div",
        { class: "drill-fields" },
        field("Name", name, "calls are marked with it"),
        field("Target", target, "or a provider, for all its models"),
        field("Fault", fault),
        field("Parameters of the fault", parameters),
        field("Calls", calls),
        field("Percent of these calls", percent),
        field("Minutes", minutes),
        callerField,
      ),
      names,
      problem,
      button,
    );
    return {
      element,
      know(found) {
        minutes.max = found.longest_minutes;
        for (const control of element.elements) {
          control.disabled = !found.permitted;
        }
        if (faults.length === 0) {
          faults = found.faults;
          replace(fault, faults.map((each) => h("option", { value: each.name }, `${each.name}: ${each.description}`)));
          showParameters();
        } else {
          parameters.disabled = !found.permitted || !faults.find((each) => each.name === fault.value)?.signature.includes("?");
        }
      },
    };
  }

  on("drills", signal, load);
  on("lost", signal, load);
  every(REFRESH_MS, signal, () => anyRuns && load());
  load();
}

function felt(result) {
  if (result.calls === 0) {
    return h("p", { class: "muted" }, "No call has met the fault yet.");
  }
  const lost = result.failed + result.broken_off;
  return h(
    "dl",
    { class: "tiles" },
    tile("Calls that met it", format.count(result.calls), `${format.count(result.answered)} answered by the target all the same`),
    tile("Rescued", format.share(result.rescued, result.calls), `${format.count(result.rescued)} calls`, "accent"),
    tile("Lost", format.share(lost, result.calls), `${format.count(result.failed)} with an error, ${format.count(result.broken_off)} broken off`, lost > 0 ? "bad" : ""),
    tile("Added latency", format.ms(result.added_ms.p50), `median, p95 ${format.ms(result.added_ms.p95)}, at most ${format.ms(result.added_ms.max)}`),
  );
}
