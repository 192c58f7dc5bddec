/** Providers: the accounts behind the targets, tests of their connections, and keys that are set until the gateway ends. */

import { request } from "./api.js";
import { announce, badge, emptyState, format, h, problemBox, replace, tone, uniqueId } from "./dom.js";

const KEYS = {
  configuration: ["good", "key from the configuration"],
  run_time: ["info", "key set here, until the gateway ends"],
  account: ["good", "cloud account"],
  none: ["quiet", "no key"],
};

export function show({ root, signal }) {
  const list = h("div", {}, h("p", { class: "muted" }, "Loading…"));

  replace(
    root,
    h(
      "div",
      { class: "page-head" },
      h("h1", {}, "Providers"),
      h("p", { class: "muted" }, "The accounts of the configuration. A test requests the list of models: it costs nothing, and health does not change."),
    ),
    list,
  );

  async function load() {
    try {
      const { providers } = await request("GET", "providers", { signal });
      replace(list, providers.length === 0 ? emptyState("No providers") : providers.map((provider) => card(provider)));
    } catch (cause) {
      if (cause.name !== "AbortError") {
        replace(list, problemBox(cause, load));
      }
    }
  }

  function card(provider) {
    const [kind, text] = KEYS[provider.key.source] ?? KEYS.none;
    const result = h("div", { class: "result", role: "status" });
    const test = provider.testable
      ? h("button", { type: "button", class: "small", "aria-label": `Test the connection of ${provider.name}`, onclick: () => run(provider, test, result) }, "Test connection")
      : h("span", { class: "muted small" }, "Its requests are signed: try it with a call");
    return h(
      "section",
      { class: "card provider", "data-provider": provider.name, "aria-label": `Provider ${provider.name}` },
      h(
        "header",
        { class: "card-head" },
        h("h2", {}, provider.name),
        badge(provider.dialect, "quiet"),
        badge(provider.key.count > 1 ? `${provider.key.count} keys, ${text.replace("key ", "")}` : text, kind),
        h("span", { class: "grow" }),
        test,
      ),
      h("p", {}, h("code", {}, provider.base_url)),
      result,
      uses(provider),
      provider.key.settable ? keyForm(provider) : null,
    );
  }

  function uses(provider) {
    const chains = provider.chains.map((name) => h("li", {}, h("a", { href: "#/fallbacks" }, name)));
    if (provider.default_fallbacks) {
      chains.push(h("li", {}, "the default fallbacks"));
    }
    return h(
      "dl",
      { class: "pairs" },
      h("div", {}, h("dt", {}, "Used by"), h("dd", {}, chains.length === 0 ? "no chain" : h("ul", { class: "inline-list" }, chains))),
      provider.targets.length === 0
        ? null
        : h("div", {}, h("dt", {}, "Targets"), h("dd", {}, h("ul", { class: "inline-list" }, provider.targets.map(({ target, state }) => h("li", {}, h("span", { class: "target-name" }, target), " ", badge(format.words(state), tone(state))))))),
    );
  }

  async function run(provider, button, result) {
    button.disabled = true;
    replace(result, h("p", { class: "muted" }, "Testing…"));
    try {
      const found = await request("POST", `providers/${encodeURIComponent(provider.name)}/test`, { signal });
      replace(
        result,
        h(
          "div",
          { class: `notice ${found.ok ? "good" : found.kind === "no_model_list" || found.kind === "not_testable" ? "warn" : "bad"}` },
          h("p", {}, h("strong", {}, found.ok ? "Connected" : format.words(found.kind)), found.status ? `, status ${found.status}` : "", `, ${format.ms(found.ms)}: ${found.message}`),
          found.ok ? null : h("p", {}, found.next_step),
        ),
      );
    } catch (cause) {
      if (cause.name !== "AbortError") {
        replace(result, problemBox(cause));
      }
    } finally {
      button.disabled = false;
    }
  }

  function keyForm(provider) {
    const key = h("input", { type: "password", id: uniqueId("key"), required: true, autocomplete: "off", spellcheck: "false" });
    const failure = h("div", {});
    const path = `providers/${encodeURIComponent(provider.name)}/key`;

    async function change(method, options, text) {
      replace(failure);
      try {
        const changed = await request(method, path, options);
        // The card is drawn anew, so that the key is nowhere in the page.
        const next = card(changed);
        root.querySelector(`[data-provider="${CSS.escape(provider.name)}"]`)?.replaceWith(next);
        next.querySelector(".result").append(h("p", { class: "notice good" }, text));
        announce(text);
      } catch (cause) {
        replace(failure, problemBox(cause));
      }
    }

    return h(
      "details",
      {},
      h("summary", {}, "Set the key"),
      h(
        "form",
        {
          class: "key-form",
          onsubmit: (event) => {
            event.preventDefault();
            const body = { key: key.value };
            key.value = "";
            change("PUT", { body }, `The new key of ${provider.name} is used from the next attempt on.`);
          },
        },
        h("p", { class: "muted" }, "A key that is set here takes the place of the configuration's, and is kept in memory until the gateway ends: it is in no version, export or store, and is never shown. To keep it, write it into the configuration or its environment."),
        h("div", { class: "field" }, h("label", { for: key.id }, `Key of ${provider.name}`), key),
        failure,
        h(
          "div",
          { class: "row wrap" },
          h("button", { class: "primary" }, "Use this key"),
          provider.key.source === "run_time" ? h("button", { type: "button", onclick: () => change("DELETE", {}, `The key of the configuration is used again for ${provider.name}.`) }, "Back to the configuration's key") : null,
        ),
      ),
    );
  }

  load();
}
