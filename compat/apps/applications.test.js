// An application does a small task with one tool call, whatever is behind the gateway, and its user notices nothing of it.
//
// The application is the one that COMPAT_APPLICATION names, unmodified. Every request is held to its vendor's rules by
// ../upstream; what the scenarios are is in ../README.md, and their chains are in ../understudy.yaml. They mostly wait, so
// some are played at the same time.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DONE } from "../upstream/agents.js";
import { APPLICATIONS } from "./applications.js";
import { play } from "./play.js";

const AT_ONCE = 3;
/** What a primary does before another vendor takes over, and whether it answers the calls that it does not break. */
const TROUBLES = {
  failing: { what: "500", answers: false },
  limited: { what: "429", answers: false },
  "cut-text": { what: "its stream breaks in the text", answers: true },
  "cut-call": { what: "its stream breaks in the tool call", answers: true, needsTools: true },
  // With late marks of 3 s: with the default of 60 s for models that reason, the scenario would take two minutes.
  stalled: { what: "headers, then silence", answers: false },
};
const COMPLAINT = /\b(error|failed|failure|retry\w*|reconnect\w*|overloaded|interrupted|unsupported)\b|strict upstream/i;

const gateway = process.env.UNDERSTUDY_URL;
const upstream = process.env.UPSTREAM_URL;
const name = process.env.COMPAT_APPLICATION;
const application = APPLICATIONS[name];
if (!gateway || !upstream || !application) {
  throw new Error("UNDERSTUDY_URL, UPSTREAM_URL or COMPAT_APPLICATION is missing; run these tests with compat/run");
}

describe(name, { concurrency: AT_ONCE }, () => {
  const direct = play(application, upstream, application.model);
  // A failure of this run is told by the tests that wait for it.
  direct.catch(() => {});

  test("direct", async () => checkOutcome(await direct));

  test("through the gateway, its own vendor behind it", async () => {
    const run = await play(application, gateway, application.model);

    checkOutcome(run);
    const directly = await direct;
    assert.deepEqual(callsOf(run), callsOf(directly));
    assert.equal(withoutCounts(run.out), withoutCounts(directly.out));
  });

  for (const vendor of application.others) {
    test(`through the gateway, ${vendor} behind it`, async () => {
      const run = await play(application, gateway, `${application.model}-${vendor}`);

      checkOutcome(run);
      assert.deepEqual(callsOf(run), callsOf(await direct).map(() => `${vendor} `));
    });
  }

  for (const [trouble, { what, answers, needsTools }] of Object.entries(TROUBLES)) {
    if (needsTools && !application.hasTools) {
      continue;
    }
    test(`another vendor takes over: ${what}`, async () => {
      const run = await play(application, gateway, `${application.model}-${trouble}`);

      checkOutcome(run);
      const calls = callsOf(await direct).length;
      const [atPrimary, elsewhere] = [true, false].map((primary) =>
        run.requests.filter((request) => (request.trouble === trouble) === primary));
      assert.ok(atPrimary.length >= 1 && atPrimary.length <= calls, `${atPrimary.length} requests at the primary`);
      assert.ok(atPrimary.every((request) => request.dialect === application.dialect));
      assert.ok(elsewhere.every((request) => request.dialect !== application.dialect));
      const [least, most] = answers ? [1, calls] : [calls, calls];
      assert.ok(elsewhere.length >= least && elsewhere.length <= most, `${elsewhere.length} requests at the fallback`);
    });
  }
});

/** That the task is done, the answer is shown once and whole, nothing else is, and every request was fit for its vendor. */
function checkOutcome(run) {
  const shown = `exit code ${run.code}\n--- stdout\n${run.out}\n--- stderr\n${run.err}`;
  assert.deepEqual(run.requests.map((request) => request.problem).filter((problem) => problem !== ""), [], shown);
  assert.equal(run.code, 0, shown);
  assert.equal(run.file, "hello\n", shown);
  assert.equal(run.out.split(DONE).length - 1, 1, shown);
  const complaints = `${run.out}\n${run.err}`.split("\n").filter((line) => COMPLAINT.test(line));
  assert.deepEqual(complaints, [], shown);
}

/** aider counts the tokens of its prompt itself, in which the mark is another each time. */
function withoutCounts(out) {
  return out.replace(/^Tokens: .*$/m, "");
}

/** Which vendor got each request, in which trouble. */
function callsOf(run) {
  return run.requests.map((request) => `${request.dialect} ${request.trouble}`);
}
