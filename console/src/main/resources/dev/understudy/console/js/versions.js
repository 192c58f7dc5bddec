/** Versions: who changed which settings, when and why; restoring, resetting and exporting them. */

import { author, on, request } from "./api.js";
import { badge, confirmed, copyable, emptyState, h, problemBox, replace, saveAs, time } from "./dom.js";

const PAGE = 50;

export function show({ root, signal }) {
  const notice = h("div", { "aria-live": "polite" });
  const list = h("ol", { class: "versions" });
  const state = h("div", {}, h("p", { class: "muted" }, "Loading…"));
  const more = h("button", { type: "button", hidden: true, onclick: () => load(true) }, "Older versions");
  const settings = h("div", {});
  const name = h("input", { type: "text", id: "author", maxlength: 60, autocomplete: "username", value: author.get(), placeholder: "unnamed", oninput: () => author.set(name.value.trim()) });
  let current = 0;
  let oldest = null;

  replace(
    root,
    h(
      "div",
      { class: "page-head row wrap" },
      h("div", { class: "grow" }, h("h1", {}, "Versions"), h("p", { class: "muted" }, "The file is the base; what is changed here is a layer over it. Every save is a version.")),
      h("div", { class: "row" }, h("label", { for: "author" }, "Your name"), name),
      h("button", { type: "button", onclick: exportYaml }, "Export YAML"),
      h("button", { type: "button", class: "danger", onclick: reset }, "Reset to the file"),
    ),
    notice,
    settings,
    state,
    list,
    h("div", { class: "row center" }, more),
  );

  async function load(older) {
    try {
      const [found, now] = await Promise.all([
        request("GET", "versions", { query: { limit: PAGE, before: older ? oldest : null }, signal }),
        request("GET", "settings", { signal }),
      ]);
      current = now.version;
      const items = found.versions.map((version) => item(version));
      older ? list.append(...items) : replace(list, items);
      oldest = found.versions.at(-1)?.version ?? oldest;
      more.hidden = found.versions.length < PAGE;
      replace(settings, now.warning ? h("p", { class: "notice warn", role: "status" }, now.warning) : null, effective(now));
      replace(state, list.children.length === 0 ? emptyState("Nothing was changed here", h("p", {}, "The settings are those of ", h("code", {}, now.file ?? "the environment"), ". Change a chain on the page ", h("a", { href: "#/fallbacks" }, "Fallbacks"), ": each save becomes a version.")) : null);
    } catch (cause) {
      if (cause.name !== "AbortError") {
        replace(state, problemBox(cause, () => load(older)));
      }
    }
  }

  function effective(now) {
    return h(
      "details",
      { class: "card" },
      h("summary", {}, `Settings in force (version ${now.version}, file `, h("code", {}, now.file ?? "none"), ")"),
      h("div", { class: "side-by-side" }, h("div", {}, h("h3", {}, "Layer"), copyable(now.layer || "# no changes", "layer")), h("div", {}, h("h3", {}, "File and layer together"), copyable(now.effective, "settings"))),
    );
  }

  function item(version) {
    const text = h("div", {});
    const isCurrent = version.version === current;
    const details = h(
      "details",
      {
        ontoggle: async () => {
          if (!details.open || text.childElementCount > 0) {
            return;
          }
          try {
            const found = await request("GET", `versions/${version.version}`, { signal });
            replace(text, copyable(found.layer || "# no changes: as in the file", `layer of version ${version.version}`));
          } catch (cause) {
            replace(text, problemBox(cause));
          }
        },
      },
      h("summary", {}, "Layer as YAML"),
      text,
    );
    return h(
      "li",
      { class: "card version", "data-version": version.version },
      h(
        "header",
        { class: "card-head" },
        h("h2", {}, `Version ${version.version}`),
        isCurrent ? badge("in force", "good") : null,
        h("span", { class: "muted" }, time(version.at), " by ", h("strong", {}, version.author || "an unnamed editor")),
        h("span", { class: "grow" }),
        isCurrent ? null : h("button", { type: "button", class: "quiet small restore", onclick: () => restore(version.version), "aria-label": `Restore version ${version.version}` }, "Restore"),
      ),
      version.note ? h("p", { class: "note" }, version.note) : null,
      version.changes.length > 0 ? h("ul", { class: "changes" }, version.changes.map((change) => h("li", {}, change))) : null,
      details,
    );
  }

  async function write(path, message) {
    try {
      const { version } = await request("POST", path, { version: current });
      replace(notice, h("p", { class: "notice good" }, `${message} This is version ${version}; the next call uses it.`));
      await load(false);
    } catch (cause) {
      replace(notice, problemBox(cause, cause.status === 412 ? () => { replace(notice); load(false); } : undefined));
    }
  }

  async function restore(version) {
    if (await confirmed(`Restore version ${version}?`, "Its layer becomes the newest version. Nothing is lost: the versions after it stay in this list.", "Restore")) {
      await write(`versions/${version}/restore`, `Version ${version} is restored.`);
    }
  }

  async function reset() {
    if (await confirmed("Reset to the file?", "All changes of the console are dropped, and the settings are those of the file. The versions stay in this list.", "Reset")) {
      await write("settings/reset", "The settings are those of the file.");
    }
  }

  async function exportYaml() {
    try {
      const yaml = await request("GET", "settings/export", { signal, text: true });
      saveAs("understudy.yaml", yaml, "text/yaml");
      replace(notice, h("details", { class: "card", open: true }, h("summary", {}, "Exported: this file can replace the present one"), copyable(yaml, "exported settings")));
    } catch (cause) {
      replace(notice, problemBox(cause));
    }
  }

  on("settings", signal, ({ version }) => version !== current && load(false));
  load(false);
}
