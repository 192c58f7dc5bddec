// What a provider says: decided by what the request asks, never by who asks it, so that every vendor says the same.

import { agentAnswer } from "./agents.js";

const TEN = "one two three four five six seven eight nine ten";
const USAGE = {
  prompt_tokens: 11,
  completion_tokens: 22,
  input_tokens: 11,
  output_tokens: 22,
  promptTokenCount: 11,
  candidatesTokenCount: 22,
  total_tokens: 33,
  totalTokenCount: 33,
};
const TOOL = "get_weather";
const CITY = { city: "Paris", population: 2102650 };

/** Nobody takes another's thoughts for its own, nor without the seal that it put on them. */
export function thoughtOf(dialect) {
  return { reasoning: `Hm, says ${dialect}.`, ...(dialect === "anthropic" ? { reasoningSignature: "c2VhbGVk" } : {}) };
}

/** The status that the last words of the user order; undefined if they order none. */
export function orderedFailure(asked) {
  const order = lastWords(asked).match(/Fail with (\d{3})/);
  return order ? Number(order[1]) : undefined;
}

/** The line for this request, as aimock takes it. */
export function answerTo(asked, dialect) {
  // aimock would end Gemini's calls with a reason that Gemini does not have.
  const finishReason = dialect === "gemini" ? { finishReason: "STOP" } : {};
  const agent = agentAnswer(asked);
  // An agent's request says whether Claude reasons, and only Claude's reasoning goes back to it.
  const isThinking = agent ? asked.isReasoning : /\bThink\b/.test(lastWords(asked)) && !hasResults(asked.turns.at(-1));
  const thought = isThinking ? thoughtOf(dialect) : {};
  const call = agent?.call ? [agent.call] : agent ? [] : callsWanted(asked);
  if (call.length > 0) {
    return { toolCalls: call, usage: USAGE, ...thought, ...finishReason };
  }
  if (agent) {
    return { content: restOf(agent.text, asked), usage: USAGE, ...thought };
  }
  return { content: textFor(asked), usage: USAGE, ...thought };
}

function callsWanted(asked) {
  if (asked.forced && asked.forced !== TOOL && !hasResults(asked.turns.at(-1))) {
    return [{ name: asked.forced, arguments: JSON.stringify(CITY) }];
  }
  const cities = lastWords(asked).match(/weather in ([A-Z]\w+(?:(?:, | and )[A-Z]\w+)*)/)?.[1].split(/, | and /) ?? [];
  const isOffered = asked.tools.some((tool) => tool.name === TOOL);
  return isOffered && !hasResults(asked.turns.at(-1))
    ? cities.map((city) => ({ name: TOOL, arguments: JSON.stringify({ city }) }))
    : [];
}

function textFor(asked) {
  const last = asked.turns.at(-1);
  if (hasResults(last)) {
    const calls = new Map(
      asked.turns.flatMap((turn) => turn.parts.filter((part) => part.type === "call")).map((call) => [call.id, call]),
    );
    return last.parts
      .filter((part) => part.type === "result")
      .map((result) => `In ${calls.get(result.id).arguments.city}: ${result.text}.`)
      .join(" ");
  }
  const pictures = asked.turns.flatMap((turn) => turn.parts.filter((part) => part.type === "image"));
  if (pictures.length > 0) {
    return pictures
      .map(({ url, media, bytes }) => (url ? `I see the picture at ${url}.` : `I see ${bytes} bytes of ${media}.`))
      .join(" ");
  }
  if (asked.schema) {
    return JSON.stringify(CITY);
  }
  return restOf(TEN, asked);
}

/** A request that has the beginning of this answer gets the rest of it. */
function restOf(whole, asked) {
  const begun = asked.turns
    .filter((turn) => turn.role === "assistant")
    .map((turn) => wordsOf(turn))
    .filter((words) => words !== "" && words.length < whole.length && whole.startsWith(words))
    .at(-1);
  return begun === undefined ? whole : whole.slice(begun.length);
}

function hasResults(turn) {
  return turn.parts.some((part) => part.type === "result");
}

function lastWords(asked) {
  const last = asked.turns.filter((turn) => turn.role === "user" && wordsOf(turn) !== "").at(-1);
  return last ? wordsOf(last) : "";
}

function wordsOf(turn) {
  return turn.parts
    .filter((part) => part.type === "text")
    .map((part) => part.text)
    .join(" ");
}
