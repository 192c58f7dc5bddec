// The same ground for every client: what it must get from every vendor, and what every vendor must have been sent.
//
// A client is an object with these functions, each of which does what the client's own guide does; `model` is one of the
// gateway's, `words` are the user's.
//
//   text(model, words, more)              → { text, input, output }      input and output are counts of tokens; more may
//                                           have instructions, before (what was said: user, assistant), limit, temperature
//   stream(model, words)                  → { text, input, output, pieces }
//   tools([first, second], words, weather, stream)  → { calls: [{ id, city }], text, thought }   the whole round, of
//                                           which another model answers the second half; weather(city) → text; thought is
//                                           undefined if the client has no place for it
//   picture(model, words, { base64 } | { url })  → { text }
//   forced(model, words)                  → { name, city } of the one call of a tool that has to be called
//   object(model, words)                  → { city, population }         by SCHEMA
//   failure(model, words, stream)         → what it throws, with retries off; reads the stream to its end
//   checkFailure(error, status, message)  asserts that it is the client's own of that status
//   checkBroken(error)                    asserts that it is the client's own of a stream that broke off
//   picturesByUrl                         whether it hands on a picture's URL

import assert from "node:assert/strict";
import { test } from "node:test";

export const gateway = process.env.UNDERSTUDY_URL;
const upstream = process.env.UPSTREAM_URL;
if (!gateway || !upstream) {
  throw new Error("UNDERSTUDY_URL or UPSTREAM_URL is missing; run these tests with compat/run");
}

export const VENDORS = ["openai", "responses", "anthropic", "gemini", "bedrock"];
export const SCHEMA = {
  type: "object",
  properties: { city: { type: "string" }, population: { type: "integer" } },
  required: ["city", "population"],
  additionalProperties: false,
};
export const WEATHER = {
  name: "get_weather",
  description: "Tells the weather of a city",
  schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false },
};

const TEN = "one two three four five six seven eight nine ten";
const CITY = { city: "Paris", population: 2102650 };
const DOT =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const SKIES = { Paris: "sunny, 21 degrees", Rome: "rainy, 17 degrees", Oslo: "snow" };
const PICTURE_URL = "https://example.com/picture.png";

/** Declares the tests of a client against all vendors. */
export function crosses(name, client) {
  for (const vendor of VENDORS) {
    const model = `cross-${vendor}`;
    const about = (feature) => `${name} to ${vendor}: ${feature}`;

    test(about("text"), async () => {
      const mark = marked();
      const answer = await client.text(model, `Count to ten. ${mark}`, { instructions: "Be brief." });

      assert.equal(answer.text, TEN);
      assert.deepEqual([answer.input, answer.output], [11, 22]);
      const [{ understood }, ...others] = await arrived(mark, vendor);
      assert.equal(others.length, 0);
      assert.equal(understood.system, "Be brief.");
      assert.deepEqual(understood.turns, [{ role: "user", parts: [{ type: "text", text: `Count to ten. ${mark}` }] }]);
      assert.equal(understood.stream, false);
    });

    test(about("a stream"), async () => {
      const mark = marked();
      const answer = await client.stream(model, `Count to ten. ${mark}`);

      assert.equal(answer.text, TEN);
      assert.ok(answer.pieces > 3, `it came in ${answer.pieces} pieces`);
      assert.deepEqual([answer.input, answer.output], [11, 22]);
      const [{ understood }] = await arrived(mark, vendor);
      assert.equal(understood.stream, true);
    });

    test(about("an earlier turn, a limit and a temperature"), async () => {
      const mark = marked();
      await client.text(model, `Count to ten. ${mark}`, { before: ["Hello.", "Hi there."], limit: 64, temperature: 0.5 });

      const [{ understood }] = await arrived(mark, vendor);
      assert.deepEqual(
        understood.turns.map(({ role, parts }) => [role, parts.map((part) => part.text).join("")]),
        [["user", "Hello."], ["assistant", "Hi there."], ["user", `Count to ten. ${mark}`]],
      );
      assert.equal(understood.maxTokens, 64);
      assert.equal(understood.temperature, 0.5);
    });

    for (const [how, words, cities] of [
      ["a tool", "What is the weather in Oslo?", ["Oslo"]],
      ["two tools at once", "What is the weather in Paris and Rome?", ["Paris", "Rome"]],
    ]) {
      for (const streamed of [false, true]) {
        test(about(how + (streamed ? ", streamed" : "")), async () => {
          const mark = marked();
          const { calls, text } = await client.tools([model, model], `${words} ${mark}`, (city) => SKIES[city], streamed);

          assert.deepEqual(calls.map((call) => call.city), cities);
          assert.equal(new Set(calls.map((call) => call.id)).size, cities.length, `ids: ${calls.map((call) => call.id)}`);
          for (const city of cities) {
            assert.match(text, new RegExp(`In ${city}: [^.]*${SKIES[city]}[^.]*\\.`));
          }
          const requests = await arrived(mark, vendor);
          assert.equal(requests.length, 2);
          const [{ understood: { tools } }] = requests;
          assert.deepEqual(tools.map((tool) => tool.name), [WEATHER.name]);
          assert.equal(tools[0].description, WEATHER.description);
          assert.deepEqual(tools[0].schema.required, ["city"]);
          const turns = requests[1].understood.turns;
          assert.deepEqual(turns.map((turn) => turn.role), ["user", "assistant", "user"]);
          assert.deepEqual(turns[1].parts.map((part) => part.arguments), cities.map((city) => ({ city })));
          assert.deepEqual(turns[2].parts.map((part) => part.id), turns[1].parts.map((part) => part.id));
        });
      }
    }

    for (const first of [vendor, VENDORS[(VENDORS.indexOf(vendor) + 1) % VENDORS.length]]) {
      for (const streamed of [false, true]) {
        test(about(`goes on after ${first} thought and called${streamed ? ", streamed" : ""}`), async () => {
          const mark = marked();
          const models = [`cross-${first}`, model];
          const words = `Think well: what is the weather in Paris and Rome? ${mark}`;
          const { calls, text, thought } = await client.tools(models, words, (city) => SKIES[city], streamed);

          assert.deepEqual(calls.map((call) => call.city), ["Paris", "Rome"]);
          assert.match(text, new RegExp(`In Paris: [^.]*${SKIES.Paris}.*In Rome: [^.]*${SKIES.Rome}`));
          if (thought !== undefined) {
            assert.equal(thought, `Hm, says ${first}.`);
          }
          const requests = await seen(mark);
          assert.deepEqual(requests.map((request) => [request.dialect, request.problem]), [[first, ""], [vendor, ""]]);
        });
      }
    }

    test(about("a tool that has to be called"), async () => {
      const mark = marked();
      const call = await client.forced(model, `What is the weather in Oslo? ${mark}`);

      assert.deepEqual(call, { name: WEATHER.name, city: "Oslo" });
      const [{ understood }] = await arrived(mark, vendor);
      assert.equal(understood.forced, WEATHER.name);
    });

    test(about("a picture"), async () => {
      const mark = marked();
      const { text } = await client.picture(model, `What is this? ${mark}`, { base64: DOT });

      assert.equal(text, `I see ${Buffer.from(DOT, "base64").length} bytes of image/png.`);
      await arrived(mark, vendor);
    });

    if (client.picturesByUrl) {
      test(about("a picture by its URL"), async () => {
        const mark = marked();
        const asked = client.picture(model, `What is this? ${mark}`, { url: PICTURE_URL });

        if (vendor === "bedrock") {
          // Bedrock takes pictures from S3 and from nowhere else, and a gateway that fetched URLs would be a hole.
          await assert.rejects(asked, /Bedrock accepts image as inline data only, not by URL/);
        } else {
          assert.equal((await asked).text, `I see the picture at ${PICTURE_URL}.`);
          await arrived(mark, vendor);
        }
      });
    }

    test(about("an object by its schema"), async () => {
      const mark = marked();
      const object = await client.object(model, `How many live in Paris? ${mark}`);

      assert.deepEqual(object, CITY);
      const [{ understood }] = await arrived(mark, vendor);
      // Clients that do not trust a model with a schema make it call a tool that has it.
      const schema = understood.schema ?? understood.tools[0].schema;
      assert.deepEqual(Object.keys(schema.properties), ["city", "population"]);
      assert.deepEqual(schema.required, ["city", "population"]);
    });

    // With 401 the gateway's own key is refused, which is no fault of the caller's; 403 is about what was asked for; and
    // 500 says that nobody is left.
    for (const [status, told] of [[400, 400], [401, 502], [403, 403], [404, 404], [429, 429], [500, 503]]) {
      for (const streamed of [false, true]) {
        test(about(`an error ${status}${streamed ? ", asked for a stream" : ""}`), async () => {
          const error = await failureOf(client.failure(model, `Fail with ${status} ${marked()}`, streamed));

          client.checkFailure(error, told, `${vendor} was told to fail with ${status}`);
        });
      }
    }

    test(about("a stream that breaks off"), async () => {
      // Nobody may take the words that came for all of it.
      const error = await failureOf(client.failure(`broken-${vendor}`, `Count to ten. ${marked()}`, true));

      client.checkBroken(error);
      assert.match(error.message, /connection closed inside the stream/);
    });

    for (const streamed of [false, true]) {
      test(about(`another vendor is down${streamed ? ", streamed" : ""}`), async () => {
        const mark = marked();
        const answer = await client[streamed ? "stream" : "text"](`fallback-${vendor}`, `Count to ten. ${mark}`);

        assert.equal(answer.text, TEN);
        const requests = await seen(mark);
        assert.deepEqual(requests.map((request) => [request.trouble, request.problem]), [["down", ""], ["", ""]]);
        assert.equal(requests[1].dialect, vendor);
      });
    }

    test(about("goes on where another vendor's stream broke off"), async () => {
      const mark = marked();
      const answer = await client.stream(`mended-${vendor}`, `Count to ten. ${mark}`);

      assert.equal(answer.text, TEN);
      const requests = await seen(mark);
      assert.deepEqual(requests.map((request) => [request.trouble, request.problem]), [["cut", ""], ["", ""]]);
      assert.equal(requests[1].dialect, vendor);
    });
  }
}

/** Reads a stream that nobody is interested in. */
export async function drained(stream) {
  for await (const _ of stream) {
    // What comes does not matter.
  }
}

let marks = 0;

function marked() {
  return `[mark:node-${process.pid}-${++marks}]`;
}

/** What the mock saw of a request. */
async function seen(mark) {
  const reply = await fetch(`${upstream}/seen?mark=${mark.slice("[mark:".length, -1)}`);
  return reply.json();
}

/** The same, of requests that were flawless and all for one vendor. */
async function arrived(mark, vendor) {
  const requests = await seen(mark);
  assert.ok(requests.length > 0, "nothing arrived");
  for (const request of requests) {
    assert.equal(request.problem, "");
    assert.equal(request.dialect, vendor);
    if (vendor === "bedrock") {
      // The mock has worked the signature out again; a key would have been let in too.
      assert.match(request.headers.authorization, /^AWS4-HMAC-SHA256 /);
    }
  }
  return requests;
}

async function failureOf(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("this should have failed");
}
