/** Try it: a call through the chain with chosen faults, at the built-in provider instead of the real ones. */

import { request } from "./api.js";
import { drafts, fallbacksOf } from "./drafts.js";
import { announce, badge, h, problemBox, replace, uniqueId, tone, format } from "./dom.js";
import { targetsOf } from "./groups.js";
import { trailTable, waterfall } from "./waterfall.js";

const FAULTS = [
  ["ok", "answers"],
  ["down", "is down (503)"],
  ["slow", "is slow"],
  ["cut", "breaks off"],
  ["throttled", "is throttled (429)"],
];

/**
 * The disclosure of a chain; what is tried is the draft, also before it is saved.
 *
 * @param followed gives the targets that follow those of the draft: the chain's own fallbacks, or the default list
 */
export function tryIt(name, draft, followed, signal) {
  const faults = {};
  const fields = h("div", { class: "faults" });
  const result = h("div", { class: "result", "aria-live": "polite" });
  const message = h("input", { type: "text", id: uniqueId("message"), value: "Say hello.", maxlength: 2000 });
  const stream = h("input", { type: "checkbox", id: uniqueId("stream"), checked: true });
  const run = h("button", { type: "button", class: "primary run", onclick: start }, "Run");

  const targets = () => [...new Set([...draft.targets.flatMap((step) => targetsOf(step, drafts.document.groups)), ...followed()])];

  function drawFaults() {
    const names = targets();
    // A first run that shows a failover says more than one that shows nothing.
    if (names.length > 1 && Object.keys(faults).length === 0) {
      faults[names[0]] = "down";
    }
    replace(
      fields,
      names.map((target) => {
        const id = uniqueId("fault");
        return h(
          "div",
          { class: "fault" },
          h("label", { for: id, class: "target-name" }, target),
          h(
            "select",
            { id, "data-fault": target, onchange: (event) => (faults[target] = event.target.value) },
            FAULTS.map(([value, text]) => h("option", { value, selected: (faults[target] ?? "ok") === value }, text)),
          ),
        );
      }),
    );
    run.disabled = draft.targets.length === 0;
  }

  async function start() {
    run.disabled = true;
    replace(result, h("p", { class: "muted" }, "Running: this takes as long as the call would take."));
    const what = drafts.isDirty(draft) ? { chain: name, targets: draft.targets, fallbacks: fallbacksOf(draft) } : { chain: name };
    // Also those that answer: a target of the rehearsal provider has a fault of its own otherwise.
    const chosen = Object.fromEntries(targets().map((target) => [target, faults[target] ?? "ok"]));
    try {
      const answer = await request("POST", "try", {
        body: { ...what, faults: chosen, message: message.value, stream: stream.checked },
        signal,
      });
      announce(answer.call?.summary ?? `The call ended with status ${answer.status}.`);
      replace(result, shown(answer));
    } catch (cause) {
      if (cause.name !== "AbortError") {
        replace(result, problemBox(cause));
      }
    } finally {
      run.disabled = false;
    }
  }

  const details = h(
    "details",
    { class: "try-it", ontoggle: () => details.open && drawFaults() },
    h("summary", {}, "Try it"),
    h("p", { class: "muted" }, "Runs a call through this chain as it is shown, saved or not. Every target is replaced by the built-in provider: nothing is sent to a vendor, and health does not change."),
    fields,
    h(
      "div",
      { class: "row wrap" },
      h("div", { class: "field grow" }, h("label", { for: message.id }, "Message"), message),
      h("div", { class: "check" }, stream, h("label", { for: stream.id }, "Stream")),
      run,
    ),
    result,
  );
  drafts.addEventListener("change", () => details.open && drawFaults(), { signal });
  return details;
}

function shown(answer) {
  const call = answer.call;
  return [
    h(
      "p",
      { class: "sentence" },
      badge(`status ${answer.status}`, answer.status < 400 ? "good" : "bad"),
      " ",
      badge(format.words(call.ending), tone(call.ending)),
      " ",
      call.summary,
    ),
    waterfall(call),
    h("details", {}, h("summary", {}, "Trail as a table"), trailTable(call)),
    answer.text ? h("div", {}, h("h4", {}, "Answer"), h("pre", { class: "answer", tabindex: 0, role: "region", "aria-label": "Answer" }, answer.text)) : null,
  ];
}
