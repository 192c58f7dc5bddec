// Plays the providers behind the gateway: OpenAI (Chat Completions and Responses), Anthropic, Gemini and Bedrock.
//
// What is said is the scene's (scenes.js), how it is said is aimock's, a mock that speaks all of them. Between the two
// stands what aimock lacks: each request is held to its vendor's rules (dialects/) as strictly as the vendor does, since
// a mock that takes anything would praise any translation. Providers that are slow (slow.js) are a stage of their own. It
// prints its address and plays until it is stopped.

import http from "node:http";
import { LLMock } from "@copilotkit/aimock";
import { dialectAt } from "./dialects/all.js";
import { Refusal } from "./dialects/strict.js";
import { answerTo, orderedFailure } from "./scenes.js";
import { mended } from "./mended.js";
import { playPlain } from "./plain.js";
import { playSlow, slowDialectAt } from "./slow.js";

const MARK = /\[mark:([A-Za-z0-9_-]+)\]/;
const TROUBLED = /^(?:\/(down|cut|slow|failing|limited|cut-text|cut-call|stalled))?(\/.*)$/;
const UNSENT = new Set(["host", "connection", "content-length", "transfer-encoding"]);

const seen = [];
const lines = new Map();
const mock = new LLMock({ port: 0, host: "127.0.0.1", chunkSize: 7, logLevel: "silent" });
mock.addFixture({ match: { predicate: () => true }, response: (request) => lines.get(request._context) });
await mock.start();

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () =>
    take(request, Buffer.concat(chunks), response).catch((fault) => {
      console.error(fault);
      response.writeHead(500, { "content-type": "text/plain" }).end(`the mock itself failed: ${fault.stack}`);
    }),
  );
});
server.listen(0, "127.0.0.1", () => console.log(`Upstream listens on http://127.0.0.1:${server.address().port}`));

async function take(request, body, response) {
  const url = new URL(request.url, "http://upstream");
  if (request.method === "GET" && url.pathname === "/seen") {
    const mark = url.searchParams.get("mark");
    sendJson(response, 200, seen.filter((entry) => entry.mark === mark));
    return;
  }
  // A provider in trouble has the same paths behind a word that says which trouble it is.
  const [, trouble = "", path] = url.pathname.match(TROUBLED);
  if (trouble === "slow" && slowDialectAt(path)) {
    await takeSlow(slowDialectAt(path), request, body.toString("utf8"), response);
    return;
  }
  const found = dialectAt(path);
  if (!found && playPlain(path, trouble, request.headers, body.toString("utf8"), response)) {
    return;
  }
  if (!found) {
    sendJson(response, 404, { error: { message: `no vendor has ${path}` } });
    return;
  }
  const { dialect, model, stream } = found;
  const text = body.toString("utf8");
  const entry = {
    mark: text.match(MARK)?.[1] ?? "",
    dialect: dialect.name,
    trouble,
    path: request.url,
    headers: request.headers,
    body: undefined,
    understood: undefined,
    problem: "",
  };
  seen.push(entry);
  try {
    entry.body = parse(text);
    dialect.checkCaller({ method: request.method, path: request.url, headers: request.headers, body });
    entry.understood = dialect.understand(entry.body, { model, stream });
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) {
      throw refusal;
    }
    entry.problem = refusal.message;
    dialect.fail(response, refusal.status, `strict upstream: ${refusal.message}`);
    return;
  }
  const failures = { down: dialect.overloaded, failing: 500, limited: 429 };
  const status = failures[trouble] ?? orderedFailure(entry.understood);
  if (status) {
    if (trouble === "limited") {
      response.setHeader("retry-after", "5");
    }
    dialect.fail(response, status, `${dialect.name} was told to fail with ${status}`);
    return;
  }
  if (trouble === "stalled") {
    // Headers, then nothing until the client leaves.
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    return;
  }
  await play(entry, url, path, body, response);
}

/** Nothing is asked of these requests but a known model and the key: it is the time that they are about. */
async function takeSlow(dialect, request, text, response) {
  const body = JSON.parse(text);
  const mark = text.match(MARK)?.[1] ?? "";
  const { url: path, headers } = request;
  seen.push({ mark, dialect: dialect.name, trouble: "slow", path, headers, body, understood: undefined, problem: "" });
  await playSlow(dialect, headers, body, response);
}

/** Lets aimock say the scene's line. */
async function play(entry, url, path, body, response) {
  const key = String(seen.length);
  const line = answerTo(entry.understood, entry.dialect);
  lines.set(key, line);
  const headers = Object.fromEntries(Object.entries(entry.headers).filter(([name]) => !UNSENT.has(name)));
  const answer = await fetch(mock.url + path + url.search, {
    method: "POST",
    headers: { ...headers, "x-aimock-context": key },
    body,
  });
  lines.delete(key);
  const bytes = mended(entry.dialect, answer.headers.get("content-type"), Buffer.from(await answer.arrayBuffer()));
  response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") });
  const isCut = entry.trouble === "cut" || entry.trouble === (line.toolCalls ? "cut-call" : "cut-text");
  if (!isCut || !entry.understood.stream) {
    response.end(bytes);
    return;
  }
  const begun = bytes.subarray(0, entry.trouble === "cut" ? Math.floor(bytes.length / 2) : middleEventOf(bytes));
  response.write(begun, () => setTimeout(() => response.destroy(), 50));
}

/**
 * Where a stream of server-sent events breaks inside its answer: in the middle of its middle event. Half of the bytes would
 * not do, as the Responses API repeats the whole answer in its last events.
 */
function middleEventOf(bytes) {
  const events = bytes.toString("latin1").match(/[^]*?(?:\r?\n){2}/g);
  const middle = Math.floor(events.length / 2);
  return events.slice(0, middle).join("").length + Math.floor(events[middle].length / 2);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch (fault) {
    throw new Refusal(`the body is no JSON: ${fault.message}`);
  }
}

function sendJson(response, status, value) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
