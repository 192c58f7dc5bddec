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
  // A provider that is down, whose streams break, or that is slow has the same paths behind a word of its own.
  const [, trouble = "", path] = url.pathname.match(/^(?:\/(down|cut|slow))?(\/.*)$/);
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
  const status = trouble === "down" ? dialect.overloaded : orderedFailure(entry.understood);
  if (status) {
    dialect.fail(response, status, `${dialect.name} was told to fail with ${status}`);
    return;
  }
  await play(entry, url, path, body, trouble === "cut", response);
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
async function play(entry, url, path, body, isCut, response) {
  const key = String(seen.length);
  lines.set(key, answerTo(entry.understood, entry.dialect));
  const headers = Object.fromEntries(Object.entries(entry.headers).filter(([name]) => !UNSENT.has(name)));
  const answer = await fetch(mock.url + path + url.search, {
    method: "POST",
    headers: { ...headers, "x-aimock-context": key },
    body,
  });
  lines.delete(key);
  const bytes = mended(entry.dialect, answer.headers.get("content-type"), Buffer.from(await answer.arrayBuffer()));
  response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") });
  if (!isCut || !entry.understood.stream) {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => setTimeout(() => response.destroy(), 50));
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
