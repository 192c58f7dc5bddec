/** Starts the console: routes, navigation, sign-in and the state of the connection. */

import { author, closeEvents, hasKey, on, openEvents, request, session, signIn, signOut } from "./api.js";
import { drafts } from "./drafts.js";
import { h, problemBox, replace } from "./dom.js";
import * as overview from "./overview.js";
import * as fallbacks from "./fallbacks.js";
import * as calls from "./calls.js";
import * as drills from "./drills.js";
import * as simulate from "./simulate.js";
import * as keys from "./keys.js";
import * as providers from "./providers.js";
import * as prices from "./prices.js";
import * as versions from "./versions.js";

const PAGES = [
  { path: "overview", title: "Overview", page: overview },
  { path: "fallbacks", title: "Fallbacks", page: fallbacks },
  { path: "calls", title: "Calls", page: calls },
  { path: "drills", title: "Drills", page: drills },
  { path: "simulate", title: "Simulate", page: simulate },
  { path: "keys", title: "Keys", page: keys },
  { path: "providers", title: "Providers", page: providers },
  { path: "prices", title: "Prices", page: prices },
  { path: "versions", title: "Versions", page: versions },
];
const main = document.getElementById("main");
const nav = document.getElementById("nav");
const live = document.getElementById("live");
const signOutButton = document.getElementById("sign-out");
const always = new AbortController().signal;

let current = null;
let asksForKey = false;

function route() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, ...rest] = path.split("/");
  const entry = PAGES.find((page) => page.path === name) ?? PAGES[0];
  return { entry, rest: rest.map(decodeURIComponent), query: new URLSearchParams(query ?? "") };
}

/** Ends what the page that was shown waits for. */
function leave() {
  current?.abort();
  document.querySelectorAll("dialog").forEach((dialog) => dialog.close("no"));
}

function show(focus) {
  leave();
  current = new AbortController();
  const { entry, rest, query } = route();
  asksForKey = false;
  document.title = `${entry.title} – Understudy`;
  drawNavigation(entry);
  replace(main);
  entry.page.show({ root: main, rest, query, signal: current.signal });
  if (focus) {
    main.focus();
    window.scrollTo(0, 0);
  }
}

function drawNavigation(shown) {
  const unsaved = { fallbacks: drafts.unsaved(), prices: drafts.prices.size };
  replace(
    nav,
    PAGES.map(({ path, title }) =>
      h(
        "li",
        {},
        h(
          "a",
          { href: `#/${path}`, "aria-current": shown.path === path ? "page" : null },
          title,
          unsaved[path] > 0
            ? h("span", { class: "count", title: `${unsaved[path]} with unsaved changes` }, unsaved[path], h("span", { class: "visually-hidden" }, " unsaved"))
            : null,
        ),
      ),
    ),
  );
}

/** The form is shown only when the API requires a key: an open gateway on this machine has none. */
function askForKey() {
  if (asksForKey) {
    return;
  }
  const refused = hasKey();
  asksForKey = true;
  leave();
  closeEvents();
  document.title = "Sign in – Understudy";
  signOutButton.hidden = true;
  const key = h("input", { type: "password", id: "admin-key", autocomplete: "current-password", required: true, spellcheck: "false" });
  const name = h("input", { type: "text", id: "author", autocomplete: "username", maxlength: 60, value: author.get() });
  const failure = h("div", {});
  const form = h(
    "form",
    { class: "card sign-in" },
    h("h1", {}, "Sign in"),
    h("p", { class: "muted" }, "The gateway requires its admin key: ", h("code", {}, "server.admin.key"), " in the configuration, or the variable ", h("code", {}, "UNDERSTUDY_ADMIN_KEY"), "."),
    h("label", { for: "admin-key" }, "Admin key"),
    key,
    h("label", { for: "author" }, "Your name ", h("span", { class: "muted" }, "(optional: shown in Versions beside your changes)")),
    name,
    failure,
    h("button", { class: "primary" }, "Sign in"),
    h("p", { class: "muted small" }, "The key is kept in this tab until it is closed."),
  );
  if (refused) {
    failure.append(h("p", { class: "problem", role: "alert" }, "The gateway refused this key. Callers' keys do not open the console."));
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    author.set(name.value.trim());
    replace(failure);
    asksForKey = false;
    signIn(key.value);
    try {
      await request("GET", "health");
    } catch (cause) {
      if (cause.status !== 401) {
        replace(failure, problemBox(cause));
      }
    }
  });
  replace(main, form);
  key.focus();
}

const CONNECTION = {
  connecting: "Connecting…",
  live: "Live",
  reconnecting: "Connection lost, connecting again…",
  off: "Not live",
};

session.addEventListener("signed-out", askForKey);
session.addEventListener("signed-in", () => {
  signOutButton.hidden = false;
  show(true);
  openEvents();
});
on("connection", always, (state) => {
  live.textContent = CONNECTION[state];
  live.dataset.state = state;
});
drafts.addEventListener("change", () => drawNavigation(route().entry));
signOutButton.addEventListener("click", signOut);
signOutButton.hidden = !hasKey();
window.addEventListener("hashchange", () => {
  // The link that skips the navigation is no page.
  if (location.hash === "#main") {
    main.focus();
  } else {
    show(true);
  }
});
window.addEventListener("beforeunload", (event) => {
  if (drafts.unsaved() > 0 || drafts.prices.size > 0) {
    event.preventDefault();
  }
});
drills.banner(document.getElementById("banner"), always);
show(false);
openEvents();
