/** What another editor has saved in the meantime, and the choice between that and one's own changes. */

import { request } from "./api.js";
import { drafts } from "./drafts.js";
import { format, h, replace } from "./dom.js";

/**
 * @param since the version that the editor has seen
 * @param choices `reload` drops the own changes, `apply` makes them changes of the newest version; `signal` ends with the page; `now` is
 *     the newest version
 */
export function conflictNotice(since, { signal, reload, apply, now = drafts.document.version }) {
  const others = h("div", {}, h("p", { class: "muted" }, "Reading what was changed…"));
  showVersions(others, since, signal);
  return h(
    "div",
    { class: "notice warn conflict", role: "alert" },
    h("p", {}, h("strong", {}, "Not saved: the settings were changed in the meantime. "), `You have edited version ${since}; the newest is version ${now}.`),
    others,
    h(
      "div",
      { class: "row" },
      h("button", { type: "button", class: "reload", onclick: reload }, `Drop my changes, show version ${now}`),
      h("button", { type: "button", class: "primary apply", onclick: apply }, `Apply my changes to version ${now}`),
    ),
  );
}

async function showVersions(place, since, signal) {
  try {
    const { versions } = await request("GET", "versions", { query: { limit: 20 }, signal });
    const newer = versions.filter((version) => version.version > since);
    replace(
      place,
      h(
        "ul",
        {},
        newer.map((version) =>
          h(
            "li",
            {},
            `Version ${version.version}, ${format.moment(version.at)}, by ${version.author || "an unnamed editor"}`,
            version.note ? ` (${version.note})` : "",
            h("ul", {}, version.changes.map((change) => h("li", {}, change))),
          ),
        ),
      ),
    );
  } catch (cause) {
    replace(place, h("p", {}, `What was changed could not be read: ${cause.message}`));
  }
}
