/** Keys: what callers present, what each may be used for, and making, limiting and revoking them. */

import { request } from "./api.js";
import { announce, badge, confirmed, copyable, emptyState, format, h, problemBox, replace, time, uniqueId } from "./dom.js";

/** The limits of a key, as the configuration names them. A budget has its amounts below one name. */
const FIELDS = [
  { path: ["models"], label: "Models", hint: "all", example: "assistant, openai/*", list: true },
  { path: ["providers"], label: "Providers", hint: "all", example: "openai, anthropic", list: true },
  { path: ["requests-per-minute"], label: "Requests per minute", hint: "no limit" },
  { path: ["tokens-per-minute"], label: "Tokens per minute", hint: "no limit" },
  { path: ["max-concurrent-calls"], label: "Calls at once", hint: "no limit" },
  { path: ["budget", "day"], label: "Budget per day, US dollars", hint: "no limit" },
  { path: ["budget", "month"], label: "Budget per month, US dollars", hint: "no limit" },
  { path: ["expires"], label: "Last day (UTC)", hint: "never", example: "2027-01-31" },
];

export function show({ root, signal }) {
  const warnings = h("div", {});
  const created = h("div", {});
  const notice = h("div", { "aria-live": "polite" });
  const make = h("div", {});
  const list = h("div", { class: "keys" }, h("p", { class: "muted" }, "Loading…"));

  replace(
    root,
    h(
      "div",
      { class: "page-head" },
      h("h1", {}, "Keys"),
      h("p", { class: "muted" }, "Callers present one of these as a bearer token. A change is in force for the next call."),
    ),
    warnings,
    created,
    notice,
    make,
    list,
  );

  async function load() {
    try {
      draw(await request("GET", "keys", { signal }));
    } catch (cause) {
      if (cause.name !== "AbortError") {
        replace(list, problemBox(cause, load));
      }
    }
  }

  function draw(document) {
    replace(warnings, document.warnings.map((warning) => h("p", { class: "notice warn" }, warning)));
    replace(make, document.can_create ? newKey(document.open) : null);
    replace(
      list,
      h(
        "div",
        { class: "section-head" },
        h("h2", {}, format.count(document.keys.length), document.keys.length === 1 ? " key" : " keys"),
        document.open ? badge("open: callers need no key", "warn") : badge("closed: callers need a key", "good"),
      ),
      document.keys.length === 0
        ? emptyState("No keys yet", h("p", {}, "Every client that reaches the gateway may call."))
        : document.keys.map((key) => card(key, document)),
    );
  }

  function newKey(open) {
    const name = h("input", { type: "text", id: uniqueId("name"), maxlength: 100, required: true, autocomplete: "off", spellcheck: "false" });
    const nameProblem = h("p", { class: "problem", id: uniqueId("problem"), hidden: true });
    name.setAttribute("aria-describedby", nameProblem.id);
    const limits = limitFields({});
    const close = h("input", { type: "checkbox", id: uniqueId("close"), required: true });
    const failure = h("div", {});
    const details = h(
      "details",
      { class: "card new-key" },
      h("summary", {}, "New key"),
      h(
        "form",
        { onsubmit: submit },
        h("div", { class: "field" }, h("label", { for: name.id }, "Name of its holder ", h("span", { class: "muted" }, "(shown in Calls and in the log)")), name, nameProblem),
        limits.element,
        open
          ? h("div", { class: "notice warn check" }, close, h("label", { for: close.id }, "This is the first key: from the next call on, callers without a key are refused."))
          : null,
        failure,
        h("div", { class: "row" }, h("button", { class: "primary" }, "Make the key")),
      ),
    );

    async function submit(event) {
      event.preventDefault();
      replace(failure);
      try {
        const body = { name: name.value.trim(), limits: limits.stated() };
        if (open) {
          body.close_gateway = close.checked;
        }
        const key = await request("POST", "keys", { body });
        showSecret(key);
        await load();
      } catch (cause) {
        const rest = limits.showProblems(cause.problems ?? []);
        const wrongName = rest.find((problem) => problem.path === "name");
        showProblem(name, nameProblem, wrongName);
        if (rest.some((problem) => problem !== wrongName) || !cause.problems?.length) {
          replace(failure, problemBox(cause));
        }
      }
    }

    return details;
  }

  /** The only time at which the key itself is seen. */
  function showSecret(key) {
    replace(notice);
    replace(
      created,
      h(
        "section",
        { class: "notice good created", "aria-label": "The new key" },
        h("p", {}, h("strong", {}, `The key of ${key.name} is in force. `), "Copy it now: only a digest of it is kept, and it is not shown again."),
        copyable(key.key, `key of ${key.name}`),
        key.warnings.map((warning) => h("p", {}, warning)),
        h("button", { type: "button", onclick: () => replace(created) }, "I have copied it"),
      ),
    );
    announce(`The key of ${key.name} is in force. Copy it now.`);
    created.scrollIntoView({ block: "nearest" });
  }

  function card(key, document) {
    const isOwn = key.source === "run_time";
    const place = h("div", {});
    const edit = isOwn ? h("button", { type: "button", class: "quiet small", "aria-label": `Edit the limits of ${key.name}`, "aria-expanded": "false", onclick: () => toggle() }, "Edit limits") : null;

    function toggle() {
      const open = place.childElementCount === 0;
      edit.setAttribute("aria-expanded", String(open));
      replace(place, open ? editor(key, toggle) : null);
    }

    return h(
      "section",
      { class: "card key", "data-key": key.name, "aria-label": `Key ${key.name}` },
      h(
        "header",
        { class: "card-head" },
        h("h2", {}, key.name),
        isOwn ? badge("made here", "info") : badge("from the configuration", "quiet"),
        key.expired ? badge("expired", "bad") : null,
        key.problem ? badge("refused", "bad") : null,
        h("span", { class: "grow" }),
        edit,
        isOwn ? h("button", { type: "button", class: "danger small", "aria-label": `Revoke ${key.name}`, onclick: () => revoke(key, document) }, "Revoke") : null,
      ),
      isOwn ? h("p", { class: "muted" }, "Ends with ", h("code", {}, key.ends_with), ", made ", time(key.created), " by ", key.author || "an unnamed editor") : null,
      key.problem ? h("p", { class: "problem" }, `Its limits cannot be read: ${key.problem}`) : null,
      described(key),
      place,
    );
  }

  function editor(key, done) {
    const limits = limitFields(key.limits);
    const failure = h("div", {});
    return h(
      "form",
      {
        onsubmit: async (event) => {
          event.preventDefault();
          replace(failure);
          try {
            await request("PATCH", `keys/${encodeURIComponent(key.id)}`, { version: key.version, body: { limits: limits.all() } });
            replace(notice, h("p", { class: "notice good" }, `The limits of ${key.name} are changed for the next call.`));
            await load();
          } catch (cause) {
            if (limits.showProblems(cause.problems ?? []).length > 0 || !cause.problems?.length) {
              replace(failure, cause.status === 412 ? conflict(cause) : problemBox(cause));
            }
          }
        },
      },
      limits.element,
      failure,
      h("div", { class: "row" }, h("button", { class: "primary" }, "Save"), h("button", { type: "button", onclick: done }, "Cancel")),
    );
  }

  function conflict(cause) {
    cause.title = "Not saved. ";
    cause.nextStep = "Show the key as it is now, and repeat your change.";
    return problemBox(cause, load);
  }

  async function revoke(key, document) {
    const isLast = document.keys.length === 1;
    const text = isLast
      ? "This is the last key. Without it callers need no key: every client that reaches the gateway may call."
      : "Callers that present it are refused from the next call on. This cannot be taken back.";
    if (!(await confirmed(`Revoke ${key.name}?`, text, isLast ? "Revoke and open the gateway" : "Revoke"))) {
      return;
    }
    try {
      await request("DELETE", `keys/${encodeURIComponent(key.id)}`, { query: { open_gateway: isLast ? "true" : null } });
      replace(notice, h("p", { class: "notice good" }, `${key.name} is revoked.`));
      replace(created);
      await load();
    } catch (cause) {
      replace(notice, problemBox(cause, load));
    }
  }

  load();
}

/** The fields of a key's limits, filled with those that there are. */
function limitFields(limits) {
  const fields = FIELDS.map((field) => {
    const value = field.path.reduce((below, name) => below?.[name], limits);
    const problem = h("p", { class: "problem", id: uniqueId("problem"), hidden: true });
    const input = h("input", {
      type: "text",
      id: uniqueId("limit"),
      value: Array.isArray(value) ? value.join(", ") : (value ?? ""),
      placeholder: field.example ? `${field.hint}; such as ${field.example}` : field.hint,
      autocomplete: "off",
      spellcheck: "false",
      inputmode: field.list || field.example ? null : "decimal",
      "aria-describedby": problem.id,
    });
    return { ...field, input, problem };
  });

  /** Every limit by its name; null where there is none. */
  function all() {
    const stated = {};
    for (const { path, list, input } of fields) {
      const text = input.value.trim();
      const [name, below] = path;
      const value = text === "" ? null : list ? text.split(",").map((each) => each.trim()).filter((each) => each !== "") : number(text);
      if (below === undefined) {
        stated[name] = value;
      } else if (value !== null) {
        stated[name] = { ...stated[name], [below]: value };
      } else {
        stated[name] ??= null;
      }
    }
    if (stated.budget !== null && limits.budget?.unpriced) {
      stated.budget.unpriced = limits.budget.unpriced;
    }
    return stated;
  }

  return {
    element: h("div", { class: "limit-fields" }, fields.map(({ label, input, problem }) => h("div", { class: "field" }, h("label", { for: input.id }, label), input, problem))),
    all,
    stated: () => Object.fromEntries(Object.entries(all()).filter(([, value]) => value !== null)),
    /** Shows problems at their fields, and returns the others. */
    showProblems(problems) {
      for (const { path, input, problem } of fields) {
        showProblem(input, problem, problems.find((each) => isAt(each, path)));
      }
      return problems.filter((each) => !FIELDS.some(({ path }) => isAt(each, path)));
    },
  };
}

function isAt(problem, path) {
  const at = `limits.${path.join(".")}`;
  return problem.path === at || problem.path.startsWith(`${at}[`);
}

function showProblem(input, place, problem) {
  place.hidden = !problem;
  place.textContent = problem?.message ?? "";
  problem ? input.setAttribute("aria-invalid", "true") : input.removeAttribute("aria-invalid");
}

/** Whatever is no number is sent as it is: the API says what is wrong with it. */
function number(text) {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** The limits of a key and what was used of them. */
function described(key) {
  const spent = key.use?.spent_usd ?? {};
  const rows = FIELDS.map(({ path, label }) => [path, label, path.reduce((below, name) => below?.[name], key.limits)])
    .filter(([, , value]) => value !== undefined && value !== null)
    .map(([path, label, value]) => {
      const isBudget = path[0] === "budget";
      const most = Array.isArray(value) ? value.join(", ") : isBudget ? format.cost(value) : typeof value === "number" ? format.count(value) : String(value);
      const used = isBudget && spent[path[1]] !== undefined ? format.cost(spent[path[1]]) : path[0] === "max-concurrent-calls" ? key.use?.calls_in_progress : undefined;
      return h("div", {}, h("dt", {}, label), h("dd", {}, used === undefined ? most : `${used} of ${most}`));
    });
  return rows.length === 0 ? h("p", { class: "muted" }, "Without limits.") : h("dl", { class: "pairs" }, rows);
}
