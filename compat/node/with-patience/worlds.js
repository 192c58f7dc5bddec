// The ways in which a provider is slow and well, as ../../upstream/slow.js plays them, and what its caller gets of them.
//
// An outcome has the same words for both SDKs: `text`, `reasoning`, `calls` (names and arguments of tool calls), `finish` and
// `output` (the count of tokens). A world has, beside its vendor and its name, `expected` (the outcome), and where it differs
// from the usual: `directly` (what the SDK makes of it without a gateway, if that is less), `showsLife` (whether the provider
// shows that it is at work, so that no fallback may take its place), `whole` (no stream), `tools`, `thinking`, `timeout` (ms).

const SAID = {
  text: "one two three four five six seven eight nine ten", reasoning: "", calls: [], finish: "stop", output: 22,
};
const MESSAGE = { ...SAID, finish: "end_turn" };
const CALL = { ...SAID, text: "", calls: [["get_weather", '{"city":"Paris"}']], finish: "tool_calls" };
const FALLBACK = "The quick fallback answers.";

const openai = (name, expected, more) => ({ vendor: "openai", name, expected, ...more });
const anthropic = (name, expected, more) => ({ vendor: "anthropic", name, expected, ...more });

export const WORLDS = [
  // 13 seconds between a tool's name and its arguments.
  openai("tool-call", CALL, { tools: true, showsLife: true }),
  // `: OPENROUTER PROCESSING` each second for 13 seconds.
  openai("processing", SAID, { showsLife: true }),
  // A word of reasoning each second for 15 seconds.
  openai("reasoning", { ...SAID, reasoning: "Hm. ".repeat(15) }, { showsLife: true }),
  // The counts 3 seconds after the finish.
  openai("late-usage", SAID, { showsLife: true }),
  // [DONE], and no finish_reason; the gateway adds it.
  openai("no-finish", { ...SAID, output: undefined }, {
    directly: { ...SAID, output: undefined, finish: undefined },
    showsLife: true,
  }),
  // Nothing for 20 seconds in the middle.
  openai("pause", SAID),
  // Nothing at all for 25 seconds.
  openai("first-token", SAID),
  openai("answer-25", SAID, { whole: true }),
  // One JSON body, though a stream was asked for, of which the SDK sees nothing.
  openai("one-body", SAID, { directly: { ...SAID, text: "", finish: undefined, output: undefined } }),
  // A client that waits for longer than a call may start attempts.
  openai("answer-50", SAID, { whole: true, timeout: 120_000 }),
  anthropic("tool-call", { ...CALL, finish: "tool_use" }, { tools: true, showsLife: true }),
  // A ping each 10 seconds for a minute.
  anthropic("pings", MESSAGE, { showsLife: true }),
  // The same, then thinking.
  anthropic("thinking-pings", { ...MESSAGE, reasoning: "Hm. ".repeat(3) }, { thinking: true, showsLife: true }),
  anthropic("pause", MESSAGE),
  anthropic("first-token", MESSAGE),
  anthropic("answer-25", MESSAGE, { whole: true }),
  anthropic("answer-50", MESSAGE, { whole: true, timeout: 120_000 }),
];

export const QUICK = [openai("quick", { ...SAID, text: FALLBACK }), anthropic("quick", { ...MESSAGE, text: FALLBACK })];

// A provider that never says a word.
export const SILENT = [true, false].flatMap((whole) => [
  openai("silent", { ...SAID, text: FALLBACK }, { whole, timeout: 3000 }),
  anthropic("silent", { ...MESSAGE, text: FALLBACK }, { whole, timeout: 3000 }),
]);

// The routes of a call: to the upstream itself; through the gateway; and through it with a quick fallback behind the target.
export const DIRECT = "direct";
export const ALONE = "alone";
export const BACKED = "backed";

/** What the world is called on a route. */
export function modelOf({ vendor, name }, route) {
  return { [DIRECT]: name, [ALONE]: `slow-${vendor}/${name}`, [BACKED]: `backed-${vendor}-${name}` }[route];
}
