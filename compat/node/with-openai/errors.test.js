import assert from "node:assert/strict";
import { test } from "node:test";
import { failureOf, trail } from "./gateway.js";
import OpenAI from "openai";

const ASK = [{ role: "user", content: "Count to 10" }];
const client = new OpenAI({ maxRetries: 0 });

test("an unknown model is told with the name that was meant", async () => {
  const failure = await failureOf(client.chat.completions.create({ messages: ASK, model: "gpt-4.1-mimi" }));

  assert.ok(failure instanceof OpenAI.NotFoundError);
  assert.equal(failure.code, "model_not_found");
  assert.match(failure.message, /gpt-4\.1-mini/);
});

test("a provider's 400 is one model's opinion", async () => {
  const { data, response } = await client.chat.completions
    .create({ messages: ASK, model: "rehearsal/bad-request", fallbacks: ["gpt-4-turbo"] })
    .withResponse();

  assert.equal(data.model, "ok?tokens=10");
  assert.deepEqual(trail(response.headers), [
    ["rehearsal/bad-request", "bad_request"],
    ["rehearsal/ok?tokens=10", "ok"],
  ]);
});

test("a 400 of every model is told in the first one's words", async () => {
  const failure = await failureOf(
    client.chat.completions.create({ messages: ASK, model: "rehearsal/bad-request", fallbacks: ["rehearsal/too-long"] }),
  );

  assert.ok(failure instanceof OpenAI.BadRequestError);
  assert.match(failure.message, /refuses every request/);
  assert.deepEqual(trail(failure.headers), [
    ["rehearsal/bad-request", "bad_request"],
    ["rehearsal/too-long", "context_length"],
  ]);
});

test("a rate limit says when to come back", async () => {
  const failure = await failureOf(
    client.chat.completions.create({ messages: ASK, model: "rehearsal/throttled?after=7" }),
  );

  assert.ok(failure instanceof OpenAI.RateLimitError);
  const seconds = Number(failure.headers.get("retry-after"));
  assert.ok(seconds >= 1 && seconds <= 7, `retry-after: ${seconds}`);
});

test("when all are down every attempt is told", async () => {
  const failure = await failureOf(client.chat.completions.create({ messages: ASK, model: "hopeless" }));

  assert.ok(failure instanceof OpenAI.InternalServerError);
  assert.deepEqual(
    failure.error.attempts.map((attempt) => attempt.target),
    ["rehearsal/down", "rehearsal/error"],
  );
  assert.equal(failure.headers.get("understudy-attempts"), "2");
  assert.ok(failure.headers.get("understudy-call-id"));
});

test("the client hears of a timeout before it would give up", async () => {
  const began = Date.now();
  const failure = await failureOf(
    client.chat.completions.create({ messages: ASK, model: "rehearsal/silent" }, { timeout: 5000 }),
  );

  assert.equal(failure.status, 504);
  assert.ok(Date.now() - began < 5000);
});

test("one owner of retries: the SDK does not multiply a timeout of the gateway", async () => {
  const began = Date.now();
  const failure = await failureOf(
    new OpenAI().chat.completions.create({ messages: ASK, model: "rehearsal/silent" }, { timeout: 5000 }),
  );

  assert.ok(failure instanceof OpenAI.APIError);
  assert.ok(Date.now() - began < 9000);
});

test("the list of models", async () => {
  const names = [];
  for await (const model of client.models.list()) {
    names.push(model.id);
  }

  assert.ok(names.includes("openpipe:my-ft-model"));
  assert.equal((await client.models.retrieve("gpt-4o")).id, "gpt-4o");
});
