// OpenPipe's documented recipes, unmodified. Its SDK falls back by itself, and reports the calls that it made.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./gateway.js";
import { OpenAI as OpenAICompatibleClient } from "openai";
import OpenAI from "openpipe/openai";
import OpenPipe from "openpipe/client";

const TEN = "one two three four five six seven eight nine ten";

test("fallback to OpenAI", async () => {
  const openai = new OpenAI();

  const completion = await openai.chat.completions.create({
    messages: [{ role: "user", content: "Count to 10" }],
    model: "openpipe:my-ft-model",
    openpipe: {
      fallback: { model: "gpt-4-turbo" },
    },
  });

  assert.equal(completion.choices[0].message.content, TEN);
  assert.equal(completion.model, "ok?tokens=10");
  await completion.openpipe.reportingFinished;
});

test("timeout fallback", async () => {
  const openai = new OpenAI();

  const completion = await openai.chat.completions.create(
    {
      messages: [{ role: "user", content: "Count to 10" }],
      model: "openpipe:my-ft-model",
      openpipe: {
        fallback: {
          model: "gpt-4-turbo",
          // optional fallback timeout. Defaults to the timeout specified in client options, or OpenAI default timeout if not set.
          timeout: 20 * 1000, // milliseconds
        },
      },
    },
    {
      timeout: 10 * 1000, // initial OpenPipe call timeout in milliseconds
    },
  );

  assert.equal(completion.choices[0].message.content, TEN);
});

test("fallback to a custom client", async () => {
  const openai = new OpenAI({
    openpipe: {
      fallbackClient: new OpenAICompatibleClient({ apiKey: "client api key" }),
    },
  });

  const completion = await openai.chat.completions.create({
    messages: [{ role: "user", content: "Count to 10" }],
    model: "openpipe:my-ft-model",
    openpipe: {
      fallback: { model: "gpt-4-turbo" },
    },
  });

  assert.equal(completion.choices[0].message.content, TEN);
});

test("a hanging model costs its timeout once", async () => {
  const began = Date.now();
  const completion = await new OpenAI().chat.completions.create(
    {
      messages: [{ role: "user", content: "Count to 10" }],
      model: "openpipe:my-slow-model",
      openpipe: { fallback: { model: "gpt-4-turbo" } },
    },
    { timeout: 5000 },
  );
  const took = Date.now() - began;

  assert.equal(completion.choices[0].message.content, TEN);
  // The SDK's own retries would make three times the timeout of it, and two pauses.
  assert.ok(took < 9000, `took ${took} ms`);
});

test("a streamed fallback", async () => {
  const stream = await new OpenAI().chat.completions.create({
    messages: [{ role: "user", content: "Count to 10" }],
    model: "openpipe:my-ft-model",
    stream: true,
    openpipe: { fallback: { model: "gpt-4-turbo" } },
  });

  let text = "";
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? "";
  }

  assert.equal(text, TEN);
  await stream.openpipe.reportingFinished;
});

test("a report is accepted", async () => {
  // Inside completions the SDK swallows a report that fails; asked for by itself it does not.
  const reply = await new OpenPipe().report({
    requestedAt: 1700000000000,
    receivedAt: 1700000001000,
    reqPayload: { model: "gpt-4-turbo", messages: [{ role: "user", content: "Count to 10" }] },
    respPayload: { id: "chatcmpl-1", object: "chat.completion", choices: [] },
    statusCode: 200,
    tags: { prompt_id: "counting" },
  });

  assert.equal(reply.status, "ok");
});
