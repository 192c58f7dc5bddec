/** Try it: a call through the chain with chosen faults, rehearsed by the built-in provider or really sent to the providers. */

import { request } from "./api.js";
import { drafts, fallbacksOf } from "./drafts.js";
import { announce, badge, confirmed, h, problemBox, replace, uniqueId, tone, format } from "./dom.js";
import { itemOf, targetsOf } from "./groups.js";
import { trailTable, waterfall } from "./waterfall.js";

const FAULTS = [
  ["ok", "answers"],
  ["down", "is down (503)"],
  ["slow", "is slow"],
  ["cut", "breaks off"],
  ["throttled", "is throttled (429)"],
];

/** What happens at the providers in a real call: requests with other faults reach none. */
const CALLED = {
  ok: "",
  slow: "late, unless another has answered before",
  cut: "and its answer is cut",
};

const USUAL_TOKENS = 256;
/** Models that reason spend tokens before the first word. */
const TOKENS_TO_REASON = 1024;
const MOST_TOKENS = 2048;

/**
 * The disclosure of a chain; what is tried is the draft, also before it is saved.
 *
 * @param followed gives the steps that follow those of the draft: the chain's own fallbacks, or the default list
 * @param models what is known of models
 */
export function tryIt(name, draft, followed, models, signal) {
  const faults = {};
  const fields = h("div", { class: "faults" });
  const result = h("div", { class: "result", "aria-live": "polite" });
  const message = h("input", { type: "text", id: uniqueId("message"), value: "Say hello.", maxlength: 2000 });
  const stream = h("input", { type: "checkbox", id: uniqueId("stream"), checked: true });
  const tokens = h("input", { type: "number", id: uniqueId("tokens"), class: "short", min: 1, max: MOST_TOKENS, step: 1, placeholder: USUAL_TOKENS, oninput: drawCosts });
  const mode = uniqueId("mode");
  const rehearsed = h("input", { type: "radio", name: mode, id: uniqueId("rehearsed"), value: "rehearsed", checked: true, onchange: drawMode });
  const real = h("input", { type: "radio", name: mode, id: uniqueId("real"), value: "real", onchange: drawMode });
  const off = h("p", { class: "muted small", hidden: true }, "The configuration forbids real calls of the console, as it forbids drills (", h("code", {}, "server.admin.drills: off"), ").");
  const costs = h("div", { class: "notice warn costs", hidden: true });
  const limit = h("div", { class: "field", hidden: true }, h("label", { for: tokens.id }, "Tokens of the answer, at most"), tokens);
  const run = h("button", { type: "button", class: "primary run", onclick: start }, "Run");

  const targets = () => [...new Set([...draft.targets, ...followed()].flatMap((step) => behind(step, name)))];
  const reasons = (target) => models.some((model) => model.name === target && model.reasons);

  /** The targets whose requests leave for their providers, if it comes to them. */
  const called = () => targets().filter((target) => (faults[target] ?? "ok") in CALLED);
  const mostTokens = () => tokens.value || (called().some(reasons) ? TOKENS_TO_REASON : USUAL_TOKENS);

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
            {
              id,
              "data-fault": target,
              onchange: (event) => {
                faults[target] = event.target.value;
                drawCosts();
              },
            },
            FAULTS.map(([value, text]) => h("option", { value, selected: (faults[target] ?? "ok") === value }, text)),
          ),
        );
      }),
    );
    run.disabled = draft.targets.length === 0;
    drawCosts();
  }

  function drawMode() {
    limit.hidden = !real.checked;
    run.textContent = real.checked ? "Run for real…" : "Run";
    drawCosts();
  }

  function drawCosts() {
    costs.hidden = !real.checked;
    tokens.placeholder = called().some(reasons) ? TOKENS_TO_REASON : USUAL_TOKENS;
    replace(
      costs,
      called().length === 0
        ? h("p", {}, "No provider is called: each target has a fault that takes its place.")
        : [h("p", {}, "These targets are called for real, in the order of the chain until one has answered. Your accounts pay for it."), calledList()],
    );
  }

  function calledList() {
    return h("ol", { class: "called" }, called().map((target) => h("li", {}, h("span", { class: "target-name" }, target), remark(target))));
  }

  function remark(target) {
    const remarks = [CALLED[faults[target] ?? "ok"], target.startsWith("rehearsal/") ? "built in: costs nothing" : ""].filter(Boolean);
    return remarks.length > 0 ? h("span", { class: "muted small" }, ` ${remarks.join(", ")}`) : null;
  }

  async function showWhatIsPermitted() {
    try {
      const { permitted } = await request("GET", "drills", { signal });
      real.disabled = !permitted;
      off.hidden = permitted;
      if (!permitted && real.checked) {
        rehearsed.checked = true;
        drawMode();
      }
    } catch (cause) {
      if (cause.name !== "AbortError") {
        // The gateway checks each call again, and says then what is wrong.
        real.disabled = false;
      }
    }
  }

  async function start() {
    const isReal = real.checked;
    if (isReal && !(tokens.checkValidity() && (await isConfirmed()))) {
      tokens.reportValidity();
      return;
    }
    run.disabled = true;
    replace(result, h("p", { class: "muted" }, "Running: this takes as long as the call would take."));
    const what = drafts.isDirty(draft) ? { chain: name, targets: draft.targets, fallbacks: fallbacksOf(draft) } : { chain: name };
    // Also those that answer: a target of the rehearsal provider has a fault of its own otherwise.
    const chosen = Object.fromEntries(targets().map((target) => [target, faults[target] ?? "ok"]));
    try {
      const answer = await request("POST", "try", {
        body: { ...what, faults: chosen, message: message.value, stream: stream.checked, ...(isReal ? { real: true, max_tokens: Number(mostTokens()) } : {}) },
        signal,
      });
      announce(answer.note ?? answer.call?.summary ?? `The call ended with status ${answer.status}.`);
      replace(result, shown(answer, isReal));
    } catch (cause) {
      if (cause.name !== "AbortError") {
        replace(result, problemBox(cause));
      }
    } finally {
      run.disabled = false;
    }
  }

  function isConfirmed() {
    return called().length === 0
      ? Promise.resolve(true)
      : confirmed(
          "Call the real providers?",
          h("div", {}, h("p", {}, `The message is sent to these targets, in the order of the chain until one has answered, each with at most ${mostTokens()} tokens of answer. Your accounts pay for it.`), calledList()),
          "Call the real providers",
        );
  }

  const details = h(
    "details",
    {
      class: "try-it",
      ontoggle: () => {
        if (details.open) {
          drawFaults();
          showWhatIsPermitted();
        }
      },
    },
    h("summary", {}, "Try it"),
    h("p", { class: "muted" }, "Runs a call through this chain as it is shown, saved or not. Health does not change."),
    h(
      "fieldset",
      { class: "modes" },
      h("legend", {}, "Who answers"),
      h("div", { class: "check" }, rehearsed, h("label", { for: rehearsed.id }, h("strong", {}, "Rehearsed"), ": the built-in provider, in place of every target. Nothing is sent to a vendor.")),
      h("div", { class: "check" }, real, h("label", { for: real.id }, h("strong", {}, "Real"), ": the providers, which costs money. Only the faults below are made up.")),
      off,
    ),
    fields,
    costs,
    h(
      "div",
      { class: "row wrap" },
      h("div", { class: "field grow" }, h("label", { for: message.id }, "Message"), message),
      limit,
      h("div", { class: "check" }, stream, h("label", { for: stream.id }, "Stream")),
      run,
    ),
    result,
  );
  drafts.addEventListener("change", () => details.open && drawFaults(), { signal });
  return details;
}

/** The targets behind a step of a list: of a target, a group, or another chain, of which only the targets count. */
function behind(step, chain) {
  const item = itemOf(step);
  const named = item.target === chain ? undefined : drafts.saved(item.target);
  return (named?.targets ?? [item]).flatMap((each) => targetsOf(itemOf(each), drafts.document.groups));
}

function shown(answer, isReal) {
  const call = answer.call;
  return [
    h(
      "p",
      { class: "sentence" },
      badge(`status ${answer.status}`, answer.status > 0 && answer.status < 400 ? "good" : "bad"),
      " ",
      badge(format.words(call.ending), tone(call.ending)),
      " ",
      answer.note ?? call.summary,
    ),
    isReal ? consumption(call) : null,
    waterfall(call),
    h("details", {}, h("summary", {}, "Trail as a table"), trailTable(call)),
    answer.text ? h("div", {}, h("h4", {}, "Answer"), h("pre", { class: "answer", tabindex: 0, role: "region", "aria-label": "Answer" }, answer.text)) : null,
  ];
}

/** What the answer cost, which later calls of the list say of themselves. */
function consumption(call) {
  const known = call.prompt_tokens !== undefined && call.prompt_tokens !== null;
  return h(
    "p",
    { class: "muted consumption" },
    known ? `${format.count(call.prompt_tokens)} tokens of prompt, ${format.count(call.completion_tokens)} of answer; ${call.cost_usd === undefined || call.cost_usd === null ? "the price is not known" : `cost ${format.cost(call.cost_usd)}`}. ` : "The provider did not count the tokens. ",
    "Recorded in ",
    h("a", { href: "#/calls?caller=(console)" }, "Calls"),
    " with the caller ",
    h("code", {}, "(console)"),
    ".",
  );
}
