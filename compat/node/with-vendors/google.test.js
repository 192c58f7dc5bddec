// Google's SDK for Gemini.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, GoogleGenAI } from "@google/genai";
import { crosses, gateway, SCHEMA, VENDORS, WEATHER } from "./crossing.js";

const client = new GoogleGenAI({ apiKey: "any-key-will-do", httpOptions: { baseUrl: gateway } });
const STATUS = {
  400: "INVALID_ARGUMENT",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  502: "UNAVAILABLE",
  503: "UNAVAILABLE",
};

const textOf = (parts) => parts.map((part) => (part.thought ? "" : (part.text ?? ""))).join("");
const said = (role, text) => ({ role, parts: [{ text }] });
const tools = [
  {
    functionDeclarations: [
      { name: WEATHER.name, description: WEATHER.description, parametersJsonSchema: WEATHER.schema },
    ],
  },
];

crosses("google's", {
  picturesByUrl: true,

  async text(model, words, { instructions, before, limit, temperature } = {}) {
    const answer = await client.models.generateContent({
      model,
      contents: before ? [said("user", before[0]), said("model", before[1]), said("user", words)] : words,
      config: { systemInstruction: instructions, maxOutputTokens: limit, temperature },
    });
    assert.equal(answer.candidates[0].finishReason, "STOP");
    return {
      text: answer.text,
      input: answer.usageMetadata.promptTokenCount,
      output: answer.usageMetadata.candidatesTokenCount,
    };
  },

  async stream(model, contents) {
    const { parts, last, pieces } = await gathered(await client.models.generateContentStream({ model, contents }));
    assert.equal(last.candidates[0].finishReason, "STOP");
    return {
      text: textOf(parts),
      input: last.usageMetadata?.promptTokenCount,
      output: last.usageMetadata?.candidatesTokenCount,
      pieces,
    };
  },

  async tools([model, other], words, weather, streamed) {
    const contents = [said("user", words)];
    const config = { tools };
    const ask = async (asked) => {
      const body = { model: asked, contents, config };
      return streamed
        ? (await gathered(await client.models.generateContentStream(body))).parts
        : (await client.models.generateContent(body)).candidates[0].content.parts;
    };
    const first = await ask(model);
    const calls = first.filter((part) => part.functionCall).map((part) => part.functionCall);
    contents.push({ role: "model", parts: first });
    contents.push({
      role: "user",
      parts: calls.map(({ id, name, args }) => ({
        functionResponse: { id, name, response: { output: weather(args.city) } },
      })),
    });
    const second = await ask(other);
    return {
      // Where Gemini gives no ids, calls are told apart by their order.
      calls: calls.map(({ id, args }, at) => ({ id: id ?? at, city: args.city })),
      text: textOf(second),
      thought: first.filter((part) => part.thought).map((part) => part.text).join(""),
    };
  },

  async forced(model, contents) {
    const toolConfig = { functionCallingConfig: { mode: "ANY", allowedFunctionNames: [WEATHER.name] } };
    const answer = await client.models.generateContent({ model, contents, config: { tools, toolConfig } });
    const [call] = answer.functionCalls;
    return { name: call.name, ...call.args };
  },

  async picture(model, words, { base64, url }) {
    const image = url
      ? { fileData: { fileUri: url, mimeType: "image/png" } }
      : { inlineData: { data: base64, mimeType: "image/png" } };
    const answer = await client.models.generateContent({ model, contents: [{ role: "user", parts: [image, { text: words }] }] });
    return { text: answer.text };
  },

  async object(model, contents) {
    const answer = await client.models.generateContent({
      model,
      contents,
      config: { responseMimeType: "application/json", responseJsonSchema: SCHEMA },
    });
    return JSON.parse(answer.text);
  },

  async failure(model, contents, stream) {
    if (stream) {
      await gathered(await client.models.generateContentStream({ model, contents }));
    } else {
      await client.models.generateContent({ model, contents });
    }
  },

  checkBroken: (error) => assert.ok(error instanceof ApiError, `${error}`),

  checkFailure(error, status, message) {
    assert.ok(error instanceof ApiError, `${error}`);
    assert.equal(error.status, status);
    const told = JSON.parse(error.message).error;
    assert.equal(told.code, status);
    assert.equal(told.status, STATUS[status]);
    assert.match(told.message, new RegExp(message));
  },
});

async function gathered(stream) {
  const parts = [];
  let last;
  let pieces = 0;
  for await (const chunk of stream) {
    parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
    last = chunk;
    pieces++;
  }
  return { parts, last, pieces };
}

for (const vendor of VENDORS) {
  test(`google's address without alt=sse to ${vendor}: a stream is one JSON array`, async () => {
    const reply = await fetch(`${gateway}/v1beta/models/cross-${vendor}:streamGenerateContent`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-goog-api-key": "any-key-will-do" },
      body: JSON.stringify({ contents: [said("user", "Count to ten.")] }),
    });

    assert.equal(reply.status, 200);
    assert.match(reply.headers.get("content-type"), /^application\/json/);
    const chunks = await reply.json();
    assert.ok(chunks.length > 3);
    assert.equal(
      chunks.map((chunk) => textOf(chunk.candidates[0].content?.parts ?? [])).join(""),
      "one two three four five six seven eight nine ten",
    );
    assert.equal(chunks.at(-1).candidates[0].finishReason, "STOP");
  });
}
