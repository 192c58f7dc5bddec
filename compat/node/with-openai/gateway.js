// Points the SDK at the gateway as its users do, by the two usual environment variables; and reads the trail.

export const gateway = process.env.UNDERSTUDY_URL;
if (!gateway) {
  throw new Error("UNDERSTUDY_URL names no gateway; run these tests with compat/run");
}
process.env.OPENAI_BASE_URL = `${gateway}/v1`;
process.env.OPENAI_API_KEY = "any-key-will-do";

const ENTRY = /"((?:[^"\\]|\\.)*)"((?:;[a-z-]+=[^;,\s]+)*)/g;

/** Each target, or name, in the order in which the gateway came to it, with what became of it. */
export function trail(headers) {
  return [...headers.get("understudy-trail").matchAll(ENTRY)].map(([, target, parameters]) => [
    target,
    parameters.match(/;outcome=([a-z_]+)/)[1],
  ]);
}

/** What a promise is rejected with. */
export async function failureOf(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("this should have failed");
}

/** Waits for news of another process, which nothing here can be told of. */
export async function eventually(condition, milliseconds = 3000) {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    if (await condition()) {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

/** How many calls the gateway is at work on. */
export async function callsInFlight() {
  const metrics = await (await fetch(`${gateway}/metrics`)).text();
  return Number(metrics.match(/^understudy_calls_in_flight\S* (\S+)$/m)[1]);
}
