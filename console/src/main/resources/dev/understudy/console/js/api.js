/** The admin API: requests with the admin key, errors with a next step, and the stream of events. */

const BASE = new URL("../admin/v1/", document.baseURI);
const KEY = "understudy.admin-key";
const AUTHOR = "understudy.author";

/** Events: `signed-out` when the API requires a key, `signed-in` when there is a new one. */
export const session = new EventTarget();

export const author = {
  get: () => localStorage.getItem(AUTHOR) ?? "",
  set: (name) => localStorage.setItem(AUTHOR, name),
};

export function hasKey() {
  return sessionStorage.getItem(KEY) !== null;
}

/** Keeps the key until the tab is closed. */
export function signIn(key) {
  sessionStorage.setItem(KEY, key);
  session.dispatchEvent(new Event("signed-in"));
}

export function signOut() {
  sessionStorage.removeItem(KEY);
  session.dispatchEvent(new Event("signed-out"));
}

/** An error of the API, or of the way to it (status 0). */
export class ApiError extends Error {
  constructor(status, error) {
    super(error.message ?? `the gateway answered with status ${status}`);
    this.status = status;
    this.code = error.code ?? "";
    this.problems = Array.isArray(error.problems) ? error.problems : [];
    this.nextStep = this.code === "drills_off" ? "Set server.admin.drills: on in the configuration." : nextStep(status);
  }
}

function nextStep(status) {
  if (status === 0) {
    return "Check that the gateway runs and can be reached from this browser.";
  }
  if (status === 401) {
    return "Sign in with the admin key (server.admin.key in the configuration).";
  }
  if (status === 403) {
    return "Open the console under a name that server.allowed-hosts contains, or under 127.0.0.1.";
  }
  if (status === 404) {
    return "It may have been removed: reload the list.";
  }
  if (status === 409) {
    return "Nothing was changed.";
  }
  if (status === 412) {
    return "Reload the settings, or apply your change to the new version.";
  }
  if (status === 422) {
    return "Correct the settings that are named and save again.";
  }
  if (status === 429) {
    return "Wait for the time that is named, then try again.";
  }
  if (status === 503) {
    return "Calls are served all the same. Try again in a moment; the gateway's log has the cause.";
  }
  return "The gateway's log has the details.";
}

/**
 * Sends a request below /admin/v1.
 *
 * @param options `body` (sent as JSON), `version` (sent as If-Match), `query`, `signal`, `text` (for answers that are not JSON), `named`
 *     (whether a request that changes nothing has the name of its author too)
 * @returns the document of the answer
 * @throws ApiError if the answer is an error or there is none
 */
export async function request(method, path, options = {}) {
  const url = new URL(path, BASE);
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== "" && value !== null && value !== undefined && value !== false) {
      url.searchParams.set(name, String(value));
    }
  }
  const headers = authorization();
  if (options.body !== undefined) {
    headers["content-type"] = "application/json";
  }
  if (options.version !== undefined) {
    headers["if-match"] = `"${options.version}"`;
  }
  if ((method !== "GET" || options.named) && author.get() !== "") {
    // Header values are Latin-1: other letters would make fetch throw.
    headers["understudy-author"] = author.get().replace(/[^\x20-\x7e\xa0-\xff]/g, "?");
  }
  const response = await reach(url, {
    method,
    headers,
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
    signal: options.signal,
  });
  if (!response.ok) {
    throw await failed(response);
  }
  return options.text ? response.text() : response.json();
}

function authorization() {
  const key = sessionStorage.getItem(KEY);
  return key === null ? {} : { authorization: `Bearer ${key}` };
}

async function reach(url, options) {
  try {
    return await fetch(url, { ...options, cache: "no-store", credentials: "same-origin", redirect: "error" });
  } catch (cause) {
    if (cause.name === "AbortError") {
      throw cause;
    }
    throw new ApiError(0, { message: "The gateway could not be reached." });
  }
}

async function failed(response) {
  let error = {};
  try {
    error = (await response.json()).error ?? {};
  } catch {
    // A proxy between the browser and the gateway answers with a page of its own: the status is all there is to show.
    error = { message: `the answer has status ${response.status} and is not JSON` };
  }
  if (response.status === 401) {
    session.dispatchEvent(new Event("signed-out"));
  }
  return new ApiError(response.status, error);
}

/** The target of /events: an event for each kind, with the document as `detail`; and `connection` with its state. */
export const events = new EventTarget();

const SILENCE_MS = 45_000;
const LONGEST_WAIT_MS = 30_000;
const MAX_EVENT = 1_000_000;
let stream = null;

/** Listens until the signal is aborted. */
export function on(kind, signal, listener) {
  events.addEventListener(kind, (event) => listener(event.detail), { signal });
}

/** Opens the stream of events; called again it opens a new one, for a new key. */
export function openEvents() {
  stream?.abort();
  stream = new AbortController();
  follow(stream.signal);
}

export function closeEvents() {
  stream?.abort();
  tell("connection", "off");
}

function tell(kind, detail) {
  events.dispatchEvent(new CustomEvent(kind, { detail }));
}

async function follow(signal) {
  let wait = 1000;
  let again = false;
  while (!signal.aborted) {
    tell("connection", again ? "reconnecting" : "connecting");
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    signal.addEventListener("abort", stop);
    try {
      // EventSource cannot send the authorization header.
      const response = await reach(new URL("events", BASE), {
        headers: { ...authorization(), accept: "text/event-stream" },
        signal: attempt.signal,
      });
      if (!response.ok) {
        throw await failed(response);
      }
      tell("connection", "live");
      if (again) {
        tell("lost", {});
      }
      wait = 1000;
      await read(response.body, attempt);
    } catch (cause) {
      if (signal.aborted) {
        return;
      }
      if (cause instanceof ApiError && (cause.status === 401 || cause.status === 404)) {
        tell("connection", "off");
        return;
      }
      // The connection ended or was silent for too long: the state that is shown says so, and the loop connects again.
    } finally {
      signal.removeEventListener("abort", stop);
    }
    again = true;
    tell("connection", "reconnecting");
    await new Promise((resolve) => setTimeout(resolve, wait * (0.5 + Math.random() / 2)));
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

async function read(body, attempt) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const parser = new EventParser((kind, data) => tell(kind, data));
  let silence = setTimeout(() => attempt.abort(), SILENCE_MS);
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) {
        return;
      }
      clearTimeout(silence);
      silence = setTimeout(() => attempt.abort(), SILENCE_MS);
      parser.push(value);
    }
  } finally {
    clearTimeout(silence);
  }
}

/** Server-sent events out of pieces of text. */
export class EventParser {
  constructor(receive) {
    this.receive = receive;
    this.rest = "";
    this.kind = "message";
    this.data = [];
  }

  push(text) {
    this.rest += text;
    if (this.rest.length > MAX_EVENT) {
      throw new Error("a line of the event stream is longer than a megabyte");
    }
    // A line may end in the next piece: the last one is kept, and so is a \r that a \n may follow.
    const end = this.rest.endsWith("\r") ? this.rest.length - 1 : this.rest.length;
    const lines = this.rest.slice(0, end).split(/\r\n|\n|\r/);
    this.rest = lines.pop() + this.rest.slice(end);
    lines.forEach((line) => this.line(line));
  }

  line(line) {
    if (line === "") {
      this.flush();
    } else if (line.startsWith("event:")) {
      this.kind = line.slice(6).trim();
    } else if (line.startsWith("data:")) {
      this.data.push(line.slice(5).replace(/^ /, ""));
    }
  }

  flush() {
    const kind = this.kind;
    const data = this.data.join("\n");
    this.kind = "message";
    this.data = [];
    if (kind === "message" && data === "") {
      return;
    }
    try {
      this.receive(kind, data === "" ? {} : JSON.parse(data));
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) {
        throw cause;
      }
      console.warn(`an event of kind ${kind} is not JSON and was left out`);
    }
  }
}
