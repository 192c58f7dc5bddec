// OpenAI's SDK, Responses.

import assert from "node:assert/strict";
import OpenAI from "openai";
import { crosses, gateway, SCHEMA, WEATHER } from "./crossing.js";

const client = new OpenAI({ baseURL: `${gateway}/v1`, apiKey: "any-key-will-do", maxRetries: 0 });
const KINDS = {
  400: OpenAI.BadRequestError,
  403: OpenAI.PermissionDeniedError,
  404: OpenAI.NotFoundError,
  429: OpenAI.RateLimitError,
  502: OpenAI.InternalServerError,
  503: OpenAI.InternalServerError,
};

const tools = [
  { type: "function", name: WEATHER.name, description: WEATHER.description, parameters: WEATHER.schema, strict: true },
];

crosses("openai's responses", {
  picturesByUrl: true,

  async text(model, words, { instructions, before, limit, temperature } = {}) {
    const answer = await client.responses.create({
      model,
      instructions,
      input: before
        ? [
            { role: "user", content: before[0] },
            { role: "assistant", content: before[1] },
            { role: "user", content: words },
          ]
        : words,
      max_output_tokens: limit,
      temperature,
    });
    assert.equal(answer.object, "response");
    assert.ok(answer.id && answer.model, "an answer without id or model");
    assert.equal(answer.status, "completed");
    return { text: answer.output_text, input: answer.usage.input_tokens, output: answer.usage.output_tokens };
  },

  async stream(model, input) {
    const stream = client.responses.stream({ model, input });
    let pieces = 0;
    let heard = "";
    stream.on("response.output_text.delta", (event) => {
      pieces++;
      heard += event.delta;
    });
    const answer = await stream.finalResponse();
    assert.equal(answer.status, "completed");
    assert.equal(heard, answer.output_text);
    return { text: answer.output_text, input: answer.usage.input_tokens, output: answer.usage.output_tokens, pieces };
  },

  async tools([model, other], words, weather, streamed) {
    const input = [{ role: "user", content: words }];
    const ask = async (asked) => {
      const body = { model: asked, input, tools, reasoning: { summary: "auto" } };
      return streamed ? client.responses.stream(body).finalResponse() : client.responses.create(body);
    };
    const first = await ask(model);
    // The stream's helper adds a member of its own, which OpenAI itself would refuse.
    input.push(...first.output.map(({ parsed_arguments, ...item }) => item));
    const calls = first.output
      .filter((item) => item.type === "function_call")
      .map((call) => ({ id: call.call_id, ...JSON.parse(call.arguments) }));
    for (const { id, city } of calls) {
      input.push({ type: "function_call_output", call_id: id, output: weather(city) });
    }
    const second = await ask(other);
    const thought = first.output
      .filter((item) => item.type === "reasoning")
      .flatMap((item) => item.summary.map((part) => part.text))
      .join("");
    return { calls, text: second.output_text, thought };
  },

  async forced(model, input) {
    const answer = await client.responses.create({
      model,
      input,
      tools,
      tool_choice: { type: "function", name: WEATHER.name },
    });
    const call = answer.output.find((item) => item.type === "function_call");
    return { name: call.name, ...JSON.parse(call.arguments) };
  },

  async picture(model, words, { base64, url }) {
    const image = { type: "input_image", image_url: url ?? `data:image/png;base64,${base64}`, detail: "auto" };
    const answer = await client.responses.create({
      model,
      input: [{ role: "user", content: [{ type: "input_text", text: words }, image] }],
    });
    return { text: answer.output_text };
  },

  async object(model, input) {
    const answer = await client.responses.parse({
      model,
      input,
      text: { format: { type: "json_schema", name: "city", strict: true, schema: SCHEMA } },
    });
    return JSON.parse(answer.output_text);
  },

  async failure(model, input, stream) {
    if (stream) {
      await client.responses.stream({ model, input }).finalResponse();
    } else {
      await client.responses.create({ model, input });
    }
  },

  checkBroken: (error) => assert.ok(error instanceof OpenAI.APIError, `${error}`),

  checkFailure(error, status, message) {
    assert.ok(error instanceof KINDS[status], `${error}`);
    assert.equal(error.status, status);
    assert.match(error.message, new RegExp(message));
  },
});
