// Amazon's SDK for Bedrock, with the addresses and signatures of its own.

import assert from "node:assert/strict";
import * as bedrock from "@aws-sdk/client-bedrock-runtime";
import { crosses, gateway, SCHEMA, WEATHER } from "./crossing.js";

const client = new bedrock.BedrockRuntimeClient({
  endpoint: gateway,
  region: "us-east-1",
  credentials: { accessKeyId: "ANY", secretAccessKey: "credentials-will-do" },
  maxAttempts: 1,
});
const KINDS = {
  400: bedrock.ValidationException,
  403: bedrock.AccessDeniedException,
  404: bedrock.ResourceNotFoundException,
  429: bedrock.ThrottlingException,
  502: bedrock.InternalServerException,
  503: bedrock.InternalServerException,
};

const user = (...content) => ({ role: "user", content });
const converse = (input) => client.send(new bedrock.ConverseCommand(input));
const textOf = (message) => message.content.map((block) => block.text ?? "").join("");

const tools = [
  { toolSpec: { name: WEATHER.name, description: WEATHER.description, inputSchema: { json: WEATHER.schema } } },
];

crosses("amazon's", {
  async text(modelId, words, { instructions, before, limit, temperature } = {}) {
    const earlier = before ? [user({ text: before[0] }), { role: "assistant", content: [{ text: before[1] }] }] : [];
    const answer = await converse({
      modelId,
      messages: [...earlier, user({ text: words })],
      system: instructions && [{ text: instructions }],
      inferenceConfig: { maxTokens: limit, temperature },
    });
    assert.equal(answer.stopReason, "end_turn");
    return { text: textOf(answer.output.message), input: answer.usage.inputTokens, output: answer.usage.outputTokens };
  },

  async stream(modelId, words) {
    const { message, usage, stopReason, pieces } = await streamed({ modelId, messages: [user({ text: words })] });
    assert.equal(stopReason, "end_turn");
    return { text: textOf(message), input: usage?.inputTokens, output: usage?.outputTokens, pieces };
  },

  async tools([modelId, other], words, weather, isStreamed) {
    const messages = [user({ text: words })];
    const ask = async (asked) => {
      const input = { modelId: asked, messages, toolConfig: { tools } };
      const answer = await (isStreamed ? streamed(input) : converse(input));
      return { stopReason: answer.stopReason, message: answer.message ?? answer.output.message };
    };
    const { stopReason, message } = await ask(modelId);
    assert.equal(stopReason, "tool_use");
    const calls = message.content
      .filter((block) => block.toolUse)
      .map(({ toolUse }) => ({ id: toolUse.toolUseId, city: toolUse.input.city }));
    messages.push(message);
    messages.push(
      user(...calls.map(({ id, city }) => ({ toolResult: { toolUseId: id, content: [{ text: weather(city) }] } }))),
    );
    const thought = message.content.map((block) => block.reasoningContent?.reasoningText?.text ?? "").join("");
    return { calls, text: textOf((await ask(other)).message), thought };
  },

  async forced(modelId, words) {
    const answer = await converse({
      modelId,
      messages: [user({ text: words })],
      toolConfig: { tools, toolChoice: { tool: { name: WEATHER.name } } },
    });
    const { toolUse } = answer.output.message.content.find((block) => block.toolUse);
    return { name: toolUse.name, ...toolUse.input };
  },

  async picture(modelId, words, { base64 }) {
    const image = { format: "png", source: { bytes: Buffer.from(base64, "base64") } };
    const answer = await converse({ modelId, messages: [user({ image }, { text: words })] });
    return { text: textOf(answer.output.message) };
  },

  async object(modelId, words) {
    const answer = await converse({
      modelId,
      messages: [user({ text: words })],
      outputConfig: {
        textFormat: { type: "json_schema", structure: { jsonSchema: { name: "city", schema: JSON.stringify(SCHEMA) } } },
      },
    });
    return JSON.parse(textOf(answer.output.message));
  },

  async failure(modelId, words, isStreamed) {
    await (isStreamed ? streamed : converse)({ modelId, messages: [user({ text: words })] });
  },

  checkBroken: (error) => assert.ok(error instanceof bedrock.ModelStreamErrorException, `${error}`),

  checkFailure(error, status, message) {
    assert.ok(error instanceof KINDS[status], `${error.name}: ${error.message}`);
    assert.equal(error.$metadata.httpStatusCode, status);
    assert.match(error.message, new RegExp(message));
  },
});

const EMPTY = { text: "", input: "", thought: "", signature: undefined };

/** Puts a stream together, as the guide does. */
async function streamed(input) {
  const { stream } = await client.send(new bedrock.ConverseStreamCommand(input));
  const blocks = [];
  const answer = { pieces: 0 };
  for await (const event of stream) {
    if (event.messageStart) {
      answer.role = event.messageStart.role;
    } else if (event.contentBlockStart) {
      const { contentBlockIndex, start } = event.contentBlockStart;
      blocks[contentBlockIndex] = { ...EMPTY, toolUse: start.toolUse };
    } else if (event.contentBlockDelta) {
      const { contentBlockIndex, delta } = event.contentBlockDelta;
      const block = (blocks[contentBlockIndex] ??= { ...EMPTY });
      block.text += delta.text ?? "";
      block.input += delta.toolUse?.input ?? "";
      block.thought += delta.reasoningContent?.text ?? "";
      block.signature = delta.reasoningContent?.signature ?? block.signature;
      answer.pieces++;
    } else if (event.messageStop) {
      answer.stopReason = event.messageStop.stopReason;
    } else if (event.metadata) {
      answer.usage = event.metadata.usage;
    }
  }
  const content = blocks.map(({ text, input: json, toolUse, thought, signature }) => {
    if (toolUse) {
      return { toolUse: { ...toolUse, input: JSON.parse(json || "{}") } };
    }
    return thought ? { reasoningContent: { reasoningText: { text: thought, signature } } } : { text };
  });
  return { ...answer, message: { role: answer.role, content } };
}
