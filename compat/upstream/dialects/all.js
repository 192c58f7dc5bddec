import anthropic from "./anthropic.js";
import bedrock from "./bedrock.js";
import gemini from "./gemini.js";
import openai from "./openai.js";
import responses from "./responses.js";

const WAYS = [
  [/^\/v1\/chat\/completions$/, openai],
  [/^\/v1\/responses$/, responses],
  [/^\/v1\/messages$/, anthropic],
  [/^\/v1beta\/models\/([^/]+):(generateContent|streamGenerateContent)$/, gemini],
  [/^\/model\/([^/]+)\/(converse|converse-stream)$/, bedrock],
];

/** Who is spoken to at that path, and what the path itself says. */
export function dialectAt(path) {
  for (const [pattern, dialect] of WAYS) {
    const match = path.match(pattern);
    if (match) {
      const [, model, verb] = match;
      return { dialect, model: model && decodeURIComponent(model), stream: verb && /stream/.test(verb) };
    }
  }
  return undefined;
}
