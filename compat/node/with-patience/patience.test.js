// A call that its provider answers slowly has the same outcome through the gateway, and nobody else is asked needlessly.
//
// Nothing is configured about time for these models; the clients retry nothing. All worlds are played at the same time, so
// that the suite takes as long as its longest world.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { ask } from "./callers.js";
import { ALONE, BACKED, DIRECT, modelOf, QUICK, SILENT, WORLDS } from "./worlds.js";

const TARGET = /"((?:[^"\\]|\\.)*)";outcome=/g;
/** How much later than directly an answer may come; a busy machine is no finding. */
const MARGIN = 5000;

const nameOf = (world) => `${world.vendor}-${world.name}`;
const targetsOf = (trail) => [...trail.matchAll(TARGET)].map(([, target]) => target);

const answers = new Map();

/** What came of a world on a route; each is played once. */
function answerOf(world, route) {
  const key = modelOf(world, route) + world.vendor;
  if (!answers.has(key)) {
    answers.set(key, ask(world, route));
  }
  return answers.get(key);
}

describe("slow and well", { concurrency: true }, () => {
  before(async () => {
    for (const quick of QUICK) {
      // The first calls of a process take longer than others.
      await ask(quick, DIRECT);
      await ask(quick, ALONE);
    }
  });

  for (const world of WORLDS) {
    test(`${nameOf(world)}: direct`, async () => {
      assert.deepEqual((await answerOf(world, DIRECT)).outcome, world.directly ?? world.expected);
    });

    for (const route of world.showsLife ? [ALONE, BACKED] : [ALONE]) {
      test(`${nameOf(world)}: through the gateway, ${route}`, async () => {
        const answer = await answerOf(world, route);

        assert.deepEqual(answer.outcome, world.expected);
        assert.deepEqual(answer.asked, [world.name]);
        assert.equal(answer.headers.get("understudy-attempts"), "1");
        assert.deepEqual(targetsOf(answer.headers.get("understudy-trail")), [modelOf(world, ALONE)]);
        if (answer.lastTrail) {
          // The head of the stream went ahead of its answer.
          assert.deepEqual(targetsOf(answer.lastTrail), [modelOf(world, ALONE)]);
        }
        const { milliseconds } = await answerOf(world, DIRECT);
        assert.ok(answer.milliseconds < milliseconds + MARGIN, `it took ${answer.milliseconds} ms`);
      });
    }
  }
});

for (const world of SILENT) {
  const how = world.whole ? "whole" : "streamed";
  test(`a client with little patience has an answer before it gives up: ${nameOf(world)}, ${how}`, async () => {
    const answer = await ask(world, BACKED);

    assert.deepEqual(answer.outcome, world.expected);
    assert.deepEqual(answer.asked, ["silent", "quick"]);
    assert.ok(answer.milliseconds < world.timeout, `it took ${answer.milliseconds} ms`);
  });
}
