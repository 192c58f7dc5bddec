// The official SDKs, asked the same way whoever is at the other end. They ask once: retries would hide what is looked for.

import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { DIRECT, modelOf } from "./worlds.js";

const gateway = process.env.UNDERSTUDY_URL;
const upstream = process.env.UPSTREAM_URL;
if (!gateway || !upstream) {
  throw new Error("UNDERSTUDY_URL or UPSTREAM_URL is missing; run these tests with compat/run");
}
const SLOW = `${upstream}/slow`;
// The upstream's own key; the gateway has it in its configuration and takes any from its callers.
const ONCE = { apiKey: "upstream-key", maxRetries: 0 };

const openaiAt = (url) => new OpenAI({ ...ONCE, baseURL: `${url}/v1` });
const anthropicAt = (url) => new Anthropic({ ...ONCE, baseURL: url });
const CLIENTS = {
  openai: { direct: openaiAt(SLOW), gateway: openaiAt(gateway) },
  anthropic: { direct: anthropicAt(SLOW), gateway: anthropicAt(gateway) },
};
const CALLERS = { openai: askOpenai, anthropic: askAnthropic };

const TOOL = { name: "get_weather", description: "Tells the weather of a city" };
const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

let marks = 0;

/**
 * Asks, and says what came: the `outcome`; the response's `headers`; `lastTrail`, the trail of the last event, for which
 * the gateway does not wait with the head of a stream; `asked`, the models that the upstream was asked for; `milliseconds`.
 */
export async function ask(world, route) {
  const mark = `patience-${process.pid}-${++marks}`;
  const client = CLIENTS[world.vendor][route === DIRECT ? "direct" : "gateway"];
  const question = `What is the weather in Paris? [mark:${mark}]`;
  const options = world.timeout ? { timeout: world.timeout } : {};
  const began = performance.now();
  const answer = await CALLERS[world.vendor](client, world, modelOf(world, route), question, options);
  const milliseconds = performance.now() - began;
  const requests = await (await fetch(`${upstream}/seen?mark=${mark}`)).json();
  return { lastTrail: "", ...answer, milliseconds, asked: requests.map((request) => request.body.model) };
}

async function askOpenai(client, world, model, question, options) {
  const request = {
    model,
    messages: [{ role: "user", content: question }],
    tools: world.tools ? [{ type: "function", function: { ...TOOL, parameters: SCHEMA } }] : undefined,
  };
  if (world.whole) {
    const { data, response } = await client.chat.completions.create(request, options).withResponse();
    const [{ message, finish_reason: finish }] = data.choices;
    const outcome = { text: message.content, reasoning: "", calls: [], finish, output: data.usage.completion_tokens };
    return { outcome, headers: response.headers };
  }
  const { data, response } = await client.chat.completions
    .create({ ...request, stream: true, stream_options: { include_usage: true } }, options)
    .withResponse();
  const outcome = { text: "", reasoning: "", calls: [], finish: undefined, output: undefined };
  let lastTrail = "";
  for await (const chunk of data) {
    lastTrail = chunk.understudy?.trail ?? lastTrail;
    outcome.output = chunk.usage?.completion_tokens ?? outcome.output;
    for (const { delta, finish_reason: finish } of chunk.choices) {
      outcome.text += delta.content ?? "";
      outcome.reasoning += delta.reasoning_content ?? "";
      outcome.finish = finish ?? outcome.finish;
      for (const { index, function: piece } of delta.tool_calls ?? []) {
        outcome.calls[index] ??= [piece.name, ""];
        outcome.calls[index][1] += piece.arguments ?? "";
      }
    }
  }
  return { outcome, headers: response.headers, lastTrail };
}

async function askAnthropic(client, world, model, question, options) {
  const request = {
    model,
    max_tokens: 2048,
    messages: [{ role: "user", content: question }],
    tools: world.tools ? [{ ...TOOL, input_schema: SCHEMA }] : undefined,
    thinking: world.thinking ? { type: "enabled", budget_tokens: 1024 } : undefined,
  };
  if (world.whole) {
    const { data, response } = await client.messages.create(request, options).withResponse();
    return { outcome: outcomeOf(data), headers: response.headers };
  }
  const { data, response } = await client.messages.stream(request, options).withResponse();
  return { outcome: outcomeOf(await data.finalMessage()), headers: response.headers };
}

function outcomeOf({ content, stop_reason: finish, usage }) {
  const joined = (kind) => content.map((block) => (block.type === kind ? block[kind] : "")).join("");
  const calls = content.filter(({ type }) => type === "tool_use").map(({ name, input }) => [name, JSON.stringify(input)]);
  return { text: joined("text"), reasoning: joined("thinking"), calls, finish, output: usage.output_tokens };
}
