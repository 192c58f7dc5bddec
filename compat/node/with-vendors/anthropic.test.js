// Anthropic's SDK.

import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { crosses, gateway, SCHEMA, WEATHER } from "./crossing.js";

const client = new Anthropic({ baseURL: gateway, apiKey: "any-key-will-do", maxRetries: 0 });
const KINDS = {
  400: [Anthropic.BadRequestError, "invalid_request_error"],
  403: [Anthropic.PermissionDeniedError, "permission_error"],
  404: [Anthropic.NotFoundError, "not_found_error"],
  429: [Anthropic.RateLimitError, "rate_limit_error"],
  502: [Anthropic.InternalServerError, "api_error"],
  503: [Anthropic.InternalServerError, "api_error"],
};

const user = (content) => ({ role: "user", content });
const textOf = (message) => message.content.map((block) => (block.type === "text" ? block.text : "")).join("");

const tools = [{ name: WEATHER.name, description: WEATHER.description, input_schema: WEATHER.schema }];

crosses("anthropic's", {
  picturesByUrl: true,

  async text(model, words, { instructions, before, limit, temperature } = {}) {
    const earlier = before ? [user(before[0]), { role: "assistant", content: before[1] }] : [];
    const answer = await client.messages.create({
      model,
      max_tokens: limit ?? 100,
      temperature,
      system: instructions,
      messages: [...earlier, user(words)],
    });
    assert.equal(answer.type, "message");
    assert.ok(answer.id && answer.model, "an answer without id or model");
    assert.equal(answer.stop_reason, "end_turn");
    return { text: textOf(answer), input: answer.usage.input_tokens, output: answer.usage.output_tokens };
  },

  async stream(model, words) {
    const stream = client.messages.stream({ model, max_tokens: 100, messages: [user(words)] });
    let pieces = 0;
    stream.on("text", () => pieces++);
    const answer = await stream.finalMessage();
    assert.equal(answer.stop_reason, "end_turn");
    return { text: textOf(answer), input: answer.usage.input_tokens, output: answer.usage.output_tokens, pieces };
  },

  async tools([model, other], words, weather, streamed) {
    const messages = [user(words)];
    const ask = async (asked) => {
      const body = { model: asked, max_tokens: 100, messages, tools };
      return streamed ? client.messages.stream(body).finalMessage() : client.messages.create(body);
    };
    const first = await ask(model);
    assert.equal(first.stop_reason, "tool_use");
    const calls = first.content
      .filter((block) => block.type === "tool_use")
      .map((block) => ({ id: block.id, city: block.input.city }));
    messages.push({ role: "assistant", content: first.content });
    messages.push(user(calls.map(({ id, city }) => ({ type: "tool_result", tool_use_id: id, content: weather(city) }))));
    const thought = first.content.map((block) => block.thinking ?? "").join("");
    return { calls, text: textOf(await ask(other)), thought };
  },

  async forced(model, words) {
    const answer = await client.messages.create({
      model,
      max_tokens: 100,
      messages: [user(words)],
      tools,
      tool_choice: { type: "tool", name: WEATHER.name },
    });
    const call = answer.content.find((block) => block.type === "tool_use");
    return { name: call.name, ...call.input };
  },

  async picture(model, words, { base64, url }) {
    const source = url ? { type: "url", url } : { type: "base64", media_type: "image/png", data: base64 };
    const answer = await client.messages.create({
      model,
      max_tokens: 100,
      messages: [user([{ type: "image", source }, { type: "text", text: words }])],
    });
    return { text: textOf(answer) };
  },

  async object(model, words) {
    const answer = await client.messages.parse({
      model,
      max_tokens: 100,
      messages: [user(words)],
      output_config: { format: { type: "json_schema", schema: SCHEMA } },
    });
    return JSON.parse(textOf(answer));
  },

  async failure(model, words, stream) {
    const body = { model, max_tokens: 100, messages: [user(words)] };
    await (stream ? client.messages.stream(body).finalMessage() : client.messages.create(body));
  },

  checkBroken: (error) => assert.ok(error instanceof Anthropic.APIError, `${error}`),

  checkFailure(error, status, message) {
    const [kind, type] = KINDS[status];
    assert.ok(error instanceof kind, `${error}`);
    assert.equal(error.status, status);
    assert.equal(error.error.type, "error");
    assert.equal(error.error.error.type, type);
    assert.match(error.error.error.message, new RegExp(message));
  },
});
