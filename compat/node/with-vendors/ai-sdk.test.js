// Vercel's AI SDK with its own providers for OpenAI (both APIs), Anthropic and Google. It runs the round of tools itself.

import assert from "node:assert/strict";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { APICallError, generateText, isStepCount, jsonSchema, Output, streamText, tool } from "ai";
import { crosses, gateway, SCHEMA, WEATHER } from "./crossing.js";

const apiKey = "any-key-will-do";
const openai = createOpenAI({ baseURL: `${gateway}/v1`, apiKey });
const anthropic = createAnthropic({ baseURL: `${gateway}/v1`, apiKey });
const google = createGoogle({ baseURL: `${gateway}/v1beta`, apiKey });

for (const [name, provider, picturesByUrl] of [
  ["ai's openai chat", openai.chat, true],
  ["ai's openai responses", openai.responses, true],
  ["ai's anthropic", anthropic, true],
  // It fetches pictures itself, but for those in Google's own stores.
  ["ai's google", google, false],
]) {
  crosses(name, {
    picturesByUrl,

    async text(model, prompt, instructions) {
      const answer = await generateText({ model: provider(model), prompt, instructions });
      assert.equal(answer.finishReason, "stop");
      return { text: answer.text, input: answer.usage.inputTokens, output: answer.usage.outputTokens };
    },

    async stream(model, prompt) {
      const answer = streamText({ model: provider(model), prompt, onError: ignored });
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

    async tools(model, prompt, weather, streamed) {
      const calls = [];
      const options = {
        model: provider(model),
        prompt,
        stopWhen: isStepCount(3),
        maxRetries: 0,
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
      return { text: await answer.text, calls };
    },

    async picture(model, words, { base64, url }) {
      const image = { type: "file", mediaType: "image/png", data: url ? new URL(url) : base64 };
      const { text } = await generateText({
        model: provider(model),
        messages: [{ role: "user", content: [{ type: "text", text: words }, image] }],
        maxRetries: 0,
      });
      return { text };
    },

    async object(model, prompt) {
      const { output } = await generateText({
        model: provider(model),
        prompt,
        output: Output.object({ schema: jsonSchema(SCHEMA), name: "city" }),
      });
      return output;
    },

    failure: (model, prompt) => generateText({ model: provider(model), prompt, maxRetries: 0 }),

    checkFailure(error, status, message) {
      assert.ok(APICallError.isInstance(error), `${error}`);
      assert.equal(error.statusCode, status);
      assert.match(error.message, new RegExp(message));
    },
  });
}

/** What fails is thrown as well; by default it would also be printed. */
function ignored() {}
