// OpenAI's SDK, Chat Completions.

import assert from "node:assert/strict";
import OpenAI from "openai";
import { crosses, drained, gateway, SCHEMA, WEATHER } from "./crossing.js";

const client = new OpenAI({ baseURL: `${gateway}/v1`, apiKey: "any-key-will-do", maxRetries: 0 });
const KINDS = {
  400: OpenAI.BadRequestError,
  403: OpenAI.PermissionDeniedError,
  404: OpenAI.NotFoundError,
  429: OpenAI.RateLimitError,
  502: OpenAI.InternalServerError,
  503: OpenAI.InternalServerError,
};

const user = (content) => ({ role: "user", content });

const tools = [
  { type: "function", function: { name: WEATHER.name, description: WEATHER.description, parameters: WEATHER.schema } },
];

crosses("openai's chat", {
  picturesByUrl: true,

  async text(model, words, { instructions, before, limit, temperature } = {}) {
    const system = instructions ? [{ role: "system", content: instructions }] : [];
    const earlier = before ? [user(before[0]), { role: "assistant", content: before[1] }] : [];
    const answer = await client.chat.completions.create({
      model,
      messages: [...system, ...earlier, user(words)],
      max_completion_tokens: limit,
      temperature,
    });
    assert.equal(answer.object, "chat.completion");
    assert.ok(answer.id && answer.model, "an answer without id or model");
    assert.equal(answer.choices[0].finish_reason, "stop");
    return {
      text: answer.choices[0].message.content,
      input: answer.usage.prompt_tokens,
      output: answer.usage.completion_tokens,
    };
  },

  async stream(model, words) {
    const stream = client.chat.completions.stream({
      model,
      messages: [user(words)],
      stream_options: { include_usage: true },
    });
    let pieces = 0;
    stream.on("content", () => pieces++);
    const answer = await stream.finalChatCompletion();
    assert.equal(answer.choices[0].finish_reason, "stop");
    return {
      text: answer.choices[0].message.content,
      input: answer.usage?.prompt_tokens,
      output: answer.usage?.completion_tokens,
      pieces,
    };
  },

  async tools([model, other], words, weather, streamed) {
    const messages = [user(words)];
    const ask = async (asked) => {
      const body = { model: asked, messages, tools };
      return streamed
        ? client.chat.completions.stream(body).finalChatCompletion()
        : client.chat.completions.create(body);
    };
    const first = await ask(model);
    assert.equal(first.choices[0].finish_reason, "tool_calls");
    const { message } = first.choices[0];
    const calls = message.tool_calls.map((call) => ({ id: call.id, ...JSON.parse(call.function.arguments) }));
    // The stream's helper adds members of its own (`parsed`), which OpenAI itself would refuse.
    messages.push({
      role: "assistant",
      content: message.content,
      // Not OpenAI's, but what others who speak its language call it, and clients for those send back.
      ...(message.reasoning_content && model !== "cross-openai" && other !== "cross-openai"
        ? { reasoning_content: message.reasoning_content }
        : {}),
      tool_calls: message.tool_calls.map(({ id, type, function: { name, arguments: json } }) => ({
        id,
        type,
        function: { name, arguments: json },
      })),
    });
    for (const { id, city } of calls) {
      messages.push({ role: "tool", tool_call_id: id, content: weather(city) });
    }
    const second = await ask(other);
    // Where they are streamed, the helper keeps no more than the last piece of what it does not know.
    const thought = streamed ? undefined : message.reasoning_content;
    return { calls, text: second.choices[0].message.content, thought };
  },

  async forced(model, words) {
    const answer = await client.chat.completions.create({
      model,
      messages: [user(words)],
      tools,
      tool_choice: { type: "function", function: { name: WEATHER.name } },
    });
    const [call] = answer.choices[0].message.tool_calls;
    return { name: call.function.name, ...JSON.parse(call.function.arguments) };
  },

  async picture(model, words, { base64, url }) {
    const image = { type: "image_url", image_url: { url: url ?? `data:image/png;base64,${base64}` } };
    const answer = await client.chat.completions.create({ model, messages: [user([{ type: "text", text: words }, image])] });
    return { text: answer.choices[0].message.content };
  },

  async object(model, words) {
    const answer = await client.chat.completions.parse({
      model,
      messages: [user(words)],
      response_format: { type: "json_schema", json_schema: { name: "city", strict: true, schema: SCHEMA } },
    });
    return JSON.parse(answer.choices[0].message.content);
  },

  async failure(model, words, stream) {
    const answer = await client.chat.completions.create({ model, messages: [user(words)], stream });
    if (stream) {
      await drained(answer);
    }
  },

  checkBroken: (error) => assert.ok(error instanceof OpenAI.APIError, `${error}`),

  checkFailure(error, status, message) {
    assert.ok(error instanceof KINDS[status], `${error}`);
    assert.equal(error.status, status);
    assert.match(error.message, new RegExp(message));
  },
});
