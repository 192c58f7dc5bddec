// Providers that answer correctly and completely, and take their time over it.
//
// Each world is a model: whoever asks for `tool-call` gets a tool call with a pause in it, in the dialect of the path that
// was asked. A world is a list of what is sent and of how long nothing is, so that the pauses are the world itself and no
// test has to wait for luck. What they are is in ../README.md.

import { setTimeout as passing } from "node:timers/promises";

const TEN = "one two three four five six seven eight nine ten";
const FALLBACK = "The quick fallback answers.";
const THOUGHT = "Hm. ";
const KEY = "upstream-key";
const TOOL = "get_weather";
const ARGUMENTS = ['{"ci', 'ty":"Pa', 'ris"}'];
const [FIRST_HALF, SECOND_HALF] = ["one two three four five", " six seven eight nine ten"];

// The steps of a world: a pause, the response's head, or a piece of its body.

const wait = (seconds) => ({ seconds });
const stream = { status: 200, type: "text/event-stream" };
const json = { status: 200, type: "application/json" };

/** The same piece again and again, so many seconds apart, for so many seconds. */
const beats = (piece, every, seconds) =>
  Array.from({ length: Math.floor(seconds / every) }, () => [wait(every), piece]).flat();

const pieces = (text) => text.match(/.{1,7}/g);

// Chat Completions.

const USAGE = { prompt_tokens: 11, completion_tokens: 22, total_tokens: 33 };

/** The worlds by name; each takes the request's body and gives its steps. */
const chatOf = (model) => {
  const chunk = (choices, more) => {
    const body = { id: "chatcmpl-slow", object: "chat.completion.chunk", created: 1, model, choices, ...more };
    return `data: ${JSON.stringify(body)}\n\n`;
  };
  const delta = (value, finish = null) => chunk([{ index: 0, delta: value, finish_reason: finish }]);
  const call = (value) => delta({ tool_calls: [{ index: 0, ...value }] });
  const texts = (text) => pieces(text).map((content) => delta({ content }));
  const role = delta({ role: "assistant", content: "" });
  const processing = ": OPENROUTER PROCESSING\n\n";
  const usage = chunk([], { usage: USAGE });
  const done = "data: [DONE]\n\n";
  const ends = [delta({}, "stop"), usage, done];
  const whole = (text) => {
    const message = { role: "assistant", content: text };
    const choices = [{ index: 0, message, finish_reason: "stop" }];
    const body = { id: "chatcmpl-slow", object: "chat.completion", created: 1, model, choices, usage: USAGE };
    return [json, JSON.stringify(body)];
  };
  return {
    quick: (asked) => (asked.stream ? [stream, role, ...texts(FALLBACK), ...ends] : whole(FALLBACK)),
    "tool-call": () => [
      stream,
      delta({ role: "assistant", content: null }),
      call({ id: "call_slow", type: "function", function: { name: TOOL, arguments: "" } }),
      wait(13),
      ...ARGUMENTS.map((piece) => call({ function: { arguments: piece } })),
      delta({}, "tool_calls"),
      usage,
      done,
    ],
    processing: () => [stream, processing, ...beats(processing, 1, 13), role, ...texts(TEN), ...ends],
    reasoning: () => [stream, role, ...beats(delta({ reasoning_content: THOUGHT }), 1, 15), ...texts(TEN), ...ends],
    "late-usage": () => [stream, role, ...texts(TEN), delta({}, "stop"), wait(3), usage, done],
    "no-finish": () => [stream, role, ...texts(TEN), done],
    pause: () => [stream, role, ...texts(FIRST_HALF), wait(20), ...texts(SECOND_HALF), ...ends],
    "first-token": () => [wait(25), stream, role, ...texts(TEN), ...ends],
    "answer-25": () => [wait(25), ...whole(TEN)],
    "answer-50": () => [wait(50), ...whole(TEN)],
    "one-body": () => whole(TEN),
    silent: () => [wait(600)],
  };
};

// Anthropic Messages.

const messagesOf = (model) => {
  const event = (type, more) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
  const message = (content, stop_reason, usage) => ({
    id: "msg_slow", type: "message", role: "assistant", model, content, stop_reason, stop_sequence: null, usage,
  });
  const start = event("message_start", { message: message([], null, { input_tokens: 11, output_tokens: 1 }) });
  const ping = event("ping");
  const block = (index, content_block, ...deltas) => [
    event("content_block_start", { index, content_block }),
    ...deltas.map((delta) => (delta.seconds ? delta : event("content_block_delta", { index, delta }))),
    event("content_block_stop", { index }),
  ];
  const texts = (text) => pieces(text).map((piece) => ({ type: "text_delta", text: piece }));
  const textBlock = (index, ...deltas) => block(index, { type: "text", text: "" }, ...deltas);
  const ends = (reason) => [
    event("message_delta", { delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 22 } }),
    event("message_stop"),
  ];
  const whole = (text) => {
    const body = message([{ type: "text", text }], "end_turn", { input_tokens: 11, output_tokens: 22 });
    return [json, JSON.stringify(body)];
  };
  return {
    quick: (asked) =>
      asked.stream ? [stream, start, ...textBlock(0, ...texts(FALLBACK)), ...ends("end_turn")] : whole(FALLBACK),
    "tool-call": () => [
      stream,
      start,
      ping,
      ...block(
        0,
        { type: "tool_use", id: "toolu_slow", name: TOOL, input: {} },
        wait(13),
        ...ARGUMENTS.map((piece) => ({ type: "input_json_delta", partial_json: piece })),
      ),
      ...ends("tool_use"),
    ],
    pings: () => [stream, start, ping, ...beats(ping, 10, 60), ...textBlock(0, ...texts(TEN)), ...ends("end_turn")],
    "thinking-pings": () => [
      stream,
      start,
      ping,
      ...beats(ping, 10, 60),
      ...block(
        0,
        { type: "thinking", thinking: "", signature: "" },
        ...beats({ type: "thinking_delta", thinking: THOUGHT }, 1, 3),
        { type: "signature_delta", signature: "c2xvdw==" },
      ),
      ...textBlock(1, ...texts(TEN)),
      ...ends("end_turn"),
    ],
    pause: () => [
      stream,
      start,
      ...textBlock(0, ...texts(FIRST_HALF), wait(20), ...texts(SECOND_HALF)),
      ...ends("end_turn"),
    ],
    "first-token": () => [wait(25), stream, start, ...textBlock(0, ...texts(TEN)), ...ends("end_turn")],
    "answer-25": () => [wait(25), ...whole(TEN)],
    "answer-50": () => [wait(50), ...whole(TEN)],
    silent: () => [wait(600)],
  };
};

const DIALECTS = {
  "/v1/chat/completions": { name: "openai", worldsOf: chatOf },
  "/v1/messages": { name: "anthropic", worldsOf: messagesOf },
};

/** Which of its dialects has this path; undefined if none. */
export function slowDialectAt(path) {
  return DIALECTS[path];
}

/** Plays the world that the request names as its model, until its end or until the caller leaves. */
export async function playSlow(dialect, headers, asked, response) {
  const world = dialect.worldsOf(asked.model)[asked.model];
  // Anthropic's SDKs show a key as a bearer token, and the gateway as it is configured.
  const isKeyed = headers["x-api-key"] === KEY || headers.authorization === `Bearer ${KEY}`;
  if (!isKeyed || !world) {
    const message = world ? "the key is not the provider's" : `there is no world ${asked.model}`;
    response.writeHead(world ? 401 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify({ type: "error", error: { type: "invalid_request_error", message: `strict upstream: ${message}` } }));
    return;
  }
  const left = new AbortController();
  response.on("close", () => left.abort());
  for (const step of world(asked)) {
    if (left.signal.aborted) {
      return;
    }
    if (step.seconds) {
      // A caller who leaves ends the pause, which is no failure of the world.
      await passing(step.seconds * 1000, undefined, { signal: left.signal }).catch(() => {});
    } else if (step.status) {
      response.writeHead(step.status, { "content-type": step.type });
      response.flushHeaders();
    } else {
      response.write(step);
    }
  }
  response.end();
}
