import assert from "node:assert/strict";
import { test } from "node:test";
import { callsInFlight, eventually, trail } from "./gateway.js";
import OpenAI from "openai";

const TEN = "one two three four five six seven eight nine ten";
const COUNT = [{ role: "user", content: "Count to 10" }];
const client = new OpenAI({ maxRetries: 0 });

test("a stream whose first targets are down, with usage", async () => {
  const { data: stream, response } = await client.chat.completions
    .create({
      messages: COUNT,
      model: "gpt-4o-mini",
      fallback_models: ["claude-3-5-sonnet-20240620", "gpt-4-turbo"],
      stream: true,
      stream_options: { include_usage: true },
    })
    .withResponse();

  let text = "";
  let usage;
  const finishes = [];
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? "";
    usage = chunk.usage ?? usage;
    finishes.push(...chunk.choices.map((choice) => choice.finish_reason).filter(Boolean));
  }

  assert.equal(text, TEN);
  assert.deepEqual(finishes, ["stop"]);
  assert.equal(usage.completion_tokens, 10);
  assert.equal(response.headers.get("understudy-target"), "rehearsal/ok?tokens=10");
  assert.deepEqual(trail(response.headers).slice(0, 2), [
    ["rehearsal/down?status=502", "server_error"],
    ["rehearsal/refused", "connection"],
  ]);
});

test("a stream that breaks off throws, after the words that came", async () => {
  const stream = await client.chat.completions.create({ messages: COUNT, model: "broken-off", stream: true });

  let text = "";
  await assert.rejects(async () => {
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta?.content ?? "";
    }
  }, OpenAI.APIError);

  assert.equal(text, "one two three four five");
});

for (const model of ["taken-over", "said-again"]) {
  test(`a stream that breaks is gone on with: ${model}`, async () => {
    const final = await client.chat.completions.stream({ messages: COUNT, model }).finalChatCompletion();

    assert.equal(final.choices[0].message.role, "assistant");
    assert.equal(final.choices[0].message.content, TEN);
    assert.equal(final.choices[0].finish_reason, "stop");
  });
}

test("the SDK's own stream helper", async () => {
  const final = await client.chat.completions.stream({ messages: COUNT, model: "steady" }).finalChatCompletion();

  assert.equal(final.choices[0].message.content, TEN);
});

test("a tool call in a stream", async () => {
  const final = await client.chat.completions
    .stream({
      messages: COUNT,
      model: "rehearsal/tool-call",
      tools: [{ type: "function", function: { name: "look_up_weather", parameters: { type: "object" } } }],
    })
    .finalChatCompletion();

  const call = final.choices[0].message.tool_calls[0];
  assert.equal(call.function.name, "look_up_weather");
  assert.deepEqual(JSON.parse(call.function.arguments), { city: "Paris", unit: "celsius" });
});

test("a stream may go on for longer than the client's timeout", async () => {
  // To this SDK a timeout ends with the response's headers.
  const stream = await client.chat.completions.create(
    { messages: COUNT, model: "rehearsal/ok?tokens=10&gap=400ms", stream: true },
    { timeout: 2000 },
  );

  let text = "";
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? "";
  }

  assert.equal(text, TEN);
});

test("an abort in the middle of a stream ends the call", async () => {
  const controller = new AbortController();
  const stream = await client.chat.completions.create(
    { messages: COUNT, model: "rehearsal/tiny?gap=20ms", stream: true },
    { signal: controller.signal },
  );

  let words = 0;
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta?.content && ++words === 3) {
      controller.abort();
    }
  }

  assert.ok(await eventually(async () => (await callsInFlight()) === 0));
});

test("an abort before the first word ends the call", async () => {
  const controller = new AbortController();
  const asked = client.chat.completions.create(
    { messages: COUNT, model: "rehearsal/silent" },
    { signal: controller.signal },
  );
  asked.catch(() => {}); // it is looked at below
  assert.ok(await eventually(async () => (await callsInFlight()) === 1));

  controller.abort();

  await assert.rejects(asked, OpenAI.APIUserAbortError);
  assert.ok(await eventually(async () => (await callsInFlight()) === 0));
});
