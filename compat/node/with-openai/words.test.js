// The recipes of other systems, with OpenAI's SDK.

import assert from "node:assert/strict";
import { test } from "node:test";
import { failureOf, gateway, trail } from "./gateway.js";
import { OpenAI } from "openai";

const TEN = "one two three four five six seven eight nine ten";
const STORY = "Once upon a time a third model stood in for two others.";
const STORYTELLER = "rehearsal/ok?text=Once+upon+a+time+a+third+model+stood+in+for+two+others.";
const COUNT = [{ role: "user", content: "Count to 10" }];

test("Keywords AI: the TypeScript recipe", async () => {
  const client = new OpenAI({
    baseURL: `${gateway}/api`,
    apiKey: "YOUR_KEYWORDSAI_API_KEY",
  });

  const response = await client.chat.completions
    .create({
      messages: [{ role: "user", content: "Say this is a test" }],
      model: "gpt-4o-mini",
      // @ts-expect-error
      fallback_models: ["claude-3-5-sonnet-20240620", "gemini-1.5-pro-002"]
    })
    .asResponse();

  assert.equal((await response.json()).choices[0].message.content, STORY);
  assert.deepEqual(trail(response.headers), [
    ["rehearsal/down?status=502", "server_error"],
    ["rehearsal/refused", "connection"],
    [STORYTELLER, "ok"],
  ]);
  assert.equal(response.headers.get("understudy-attempts"), "3");
  assert.equal(response.headers.get("understudy-target"), STORYTELLER);
});

test("OpenPipe: the words of its Node SDK, in OpenAI's", async () => {
  const openai = new OpenAI();

  const { data, response } = await openai.chat.completions
    .create(
      {
        messages: [{ role: "user", content: "Count to 10" }],
        model: "openpipe:my-ft-model",
        openpipe: {
          fallback: {
            model: "gpt-4-turbo",
            timeout: 20 * 1000, // milliseconds
          },
        },
      },
      {
        timeout: 10 * 1000, // initial OpenPipe call timeout in milliseconds
      },
    )
    .withResponse();

  assert.equal(data.choices[0].message.content, TEN);
  assert.deepEqual(trail(response.headers), [
    ["rehearsal/down", "server_error"],
    ["rehearsal/ok?tokens=10", "ok"],
  ]);
});

test("OpenPipe: a fallback's timeout from Node is in milliseconds", async () => {
  const client = new OpenAI({ maxRetries: 0 });

  const began = Date.now();
  const failure = await failureOf(
    client.chat.completions.create({
      messages: COUNT,
      model: "openpipe:my-ft-model",
      openpipe: { fallback: { model: "openpipe:my-slow-model", timeout: 1 * 1000 } },
    }),
  );
  const took = Date.now() - began;

  // A thousand seconds would be the whole deadline.
  assert.ok(took > 900 && took < 5000, `took ${took} ms`);
  assert.ok(failure instanceof OpenAI.InternalServerError);
  assert.equal(trail(failure.headers)[1][0], "rehearsal/silent");
});

test("LiteLLM: an unknown model, and the primary at the head of its own fallbacks", async () => {
  const { data, response } = await new OpenAI().chat.completions
    .create({ messages: COUNT, model: "bad-model", fallbacks: ["bad-model", "gpt-3.5-turbo", "command-nightly"] })
    .withResponse();

  assert.equal(data.choices[0].message.content, "I cannot see the weather in San Francisco from here.");
  assert.equal(response.headers.get("understudy-attempts"), "2");
});

test("OpenRouter: a list of models", async () => {
  const data = await new OpenAI().chat.completions.create({
    messages: COUNT,
    model: "gpt-4o-mini",
    models: ["gpt-4-turbo"],
    route: "fallback",
  });

  assert.equal(data.choices[0].message.content, TEN);
});

test("Understudy: a chain of the operator's own needs no words", async () => {
  const data = await new OpenAI().chat.completions.create({ messages: COUNT, model: "steady" });

  assert.equal(data.choices[0].message.content, TEN);
  assert.equal(data.model, "ok?tokens=10");
});
