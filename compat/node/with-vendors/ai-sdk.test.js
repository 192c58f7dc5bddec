// Vercel's AI SDK with its own providers for OpenAI (both APIs), Anthropic and Google. It runs the round of tools itself.

import assert from "node:assert/strict";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { APICallError, generateText, isStepCount, jsonSchema, Output, StreamProviderError, streamText, tool } from "ai";
import { crosses, gateway, SCHEMA, WEATHER } from "./crossing.js";

const apiKey = "any-key-will-do";
const openai = createOpenAI({ baseURL: `${gateway}/v1`, apiKey });
const anthropic = createAnthropic({ baseURL: `${gateway}/v1`, apiKey });
const google = createGoogle({ baseURL: `${gateway}/v1beta`, apiKey });

// What fails is to be seen here, and not tried again.
const maxRetries = 0;

for (const [name, provider, picturesByUrl] of [
  ["ai's openai chat", openai.chat, true],
  ["ai's openai responses", openai.responses, true],
  ["ai's anthropic", anthropic, true],
  // It fetches pictures itself, but for those in Google's own stores.
  ["ai's google", google, false],
]) {
  crosses(name, {
    picturesByUrl,

    async text(model, words, { instructions, before, limit, temperature } = {}) {
      const earlier = before ? [{ role: "user", content: before[0] }, { role: "assistant", content: before[1] }] : [];
      const answer = await generateText({
        model: provider(model),
        instructions,
        messages: [...earlier, { role: "user", content: words }],
        maxOutputTokens: limit,
        temperature,
        maxRetries,
      });
      assert.equal(answer.finishReason, "stop");
      return { text: answer.text, input: answer.usage.inputTokens, output: answer.usage.outputTokens };
    },

    async stream(model, prompt) {
      const answer = streamText({ model: provider(model), prompt, maxRetries, onError: ignored });
      let text = "";
      let pieces = 0;
      for await (const piece of answer.textStream) {
        text += piece;
        pieces++;
      }
      assert.equal(await answer.finishReason, "stop");
      const usage = await answer.usage;
      return { text, input: usage.inputTokens, output: usage.outputTokens, pieces };
    },

    async tools([model, other], prompt, weather, streamed) {
      const calls = [];
      const options = {
        model: provider(model),
        prompt,
        stopWhen: isStepCount(3),
        prepareStep: ({ stepNumber }) => ({ model: provider(stepNumber === 0 ? model : other) }),
        maxRetries,
        tools: {
          [WEATHER.name]: tool({
            description: WEATHER.description,
            inputSchema: jsonSchema(WEATHER.schema),
            execute: ({ city }, { toolCallId }) => {
              calls.push({ id: toolCallId, city });
              return weather(city);
            },
          }),
        },
      };
      const answer = await (streamed ? streamText({ ...options, onError: ignored }) : generateText(options));
      const [{ reasoningText }] = await answer.steps;
      return { text: await answer.text, calls, thought: name === "ai's openai chat" ? undefined : reasoningText };
    },

    async forced(model, prompt) {
      const { toolCalls } = await generateText({
        model: provider(model),
        prompt,
        tools: { [WEATHER.name]: tool({ description: WEATHER.description, inputSchema: jsonSchema(WEATHER.schema) }) },
        toolChoice: { type: "tool", toolName: WEATHER.name },
        maxRetries,
      });
      return { name: toolCalls[0].toolName, ...toolCalls[0].input };
    },

    async picture(model, words, { base64, url }) {
      const image = { type: "file", mediaType: "image/png", data: url ? new URL(url) : base64 };
      const { text } = await generateText({
        model: provider(model),
        messages: [{ role: "user", content: [{ type: "text", text: words }, image] }],
        maxRetries,
      });
      return { text };
    },

    async object(model, prompt) {
      const { output } = await generateText({
        model: provider(model),
        prompt,
        output: Output.object({ schema: jsonSchema(SCHEMA), name: "city" }),
        maxRetries,
      });
      return output;
    },

    async failure(model, prompt, stream) {
      const options = { model: provider(model), prompt, maxRetries };
      if (!stream) {
        await generateText(options);
        return;
      }
      // Its streams of text end as if nothing had happened; the error comes by another way.
      let failure;
      const answer = streamText({ ...options, onError: ({ error }) => (failure = error) });
      await answer.consumeStream({ onError: ignored });
      if (failure) {
        throw failure;
      }
    },

    checkBroken: (error) => assert.ok(StreamProviderError.isInstance(error), `${error}`),

    checkFailure(error, status, message) {
      assert.ok(APICallError.isInstance(error), `${error}`);
      assert.equal(error.statusCode, status);
      assert.match(error.message, new RegExp(message));
    },
  });
}

/** What fails is thrown as well; by default it would also be printed. */
function ignored() {}
