package dev.understudy.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.store.CallRecord;
import dev.understudy.store.CallRecord.Ending;
import dev.understudy.store.CallRecord.Step;
import dev.understudy.store.CallRecord.Step.State;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What happened in a call, as one sentence. */
class CallSentenceTest {
    private static String sentence(Ending ending, int status, long millis, Step... trail) {
        return CallSentence.of(new CallRecord(
                "call-1",
                Instant.EPOCH,
                "",
                "m",
                "",
                true,
                ending,
                status,
                "",
                millis * 1000,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                List.of(trail)));
    }

    private static Step step(
            String target, int attempt, State state, String outcome, String kind, long start, long millis, int status) {
        return new Step(
                target,
                attempt,
                state,
                outcome,
                "",
                kind,
                "",
                start * 1000,
                millis * 1000,
                status == 0 ? OptionalInt.empty() : OptionalInt.of(status),
                "");
    }

    private static Step skip(String target, String reason) {
        return new Step(target, 0, State.SKIPPED, "passed_over", reason, "", "", 0, 0, OptionalInt.empty(), "");
    }

    @Test
    void answeredByTheFirstTarget() {
        assertThat(sentence(Ending.ANSWERED, 200, 812, step("one/a", 1, State.ANSWERED, "ok", "primary", 0, 812, 0)))
                .isEqualTo("one/a answered after 812 ms.");
    }

    @Test
    void rescuedByAFallback() {
        assertThat(sentence(
                        Ending.ANSWERED,
                        200,
                        1_520,
                        skip("zero/z", "cooling"),
                        step("one/a", 1, State.FAILED, "server_error", "primary", 0, 120, 503),
                        step("two/b", 2, State.ANSWERED, "ok", "fallback", 120, 1_400, 0)))
                .isEqualTo("zero/z was skipped (cooling); one/a failed (server error, status 503) after 120 ms;"
                        + " two/b answered after 1.5 s.");
    }

    @Test
    void answeredByARetry() {
        assertThat(sentence(
                        Ending.ANSWERED,
                        200,
                        700,
                        step("one/a", 1, State.FAILED, "rate_limited", "primary", 0, 20, 429),
                        step("one/a", 2, State.ANSWERED, "ok", "retry", 220, 480, 0)))
                .isEqualTo(
                        "one/a failed (rate limited, status 429) after 20 ms; one/a answered when it was tried again,"
                                + " after 700 ms.");
    }

    @Test
    void answeredByAHedge() {
        assertThat(sentence(
                        Ending.ANSWERED,
                        200,
                        11_000,
                        step("one/a", 1, State.CANCELLED, "cancelled", "primary", 0, 11_000, 0),
                        step("two/b", 2, State.ANSWERED, "ok", "hedge", 10_000, 1_000, 0)))
                .isEqualTo("one/a was late and was cancelled after 11.0 s; two/b, started beside it after 10.0 s,"
                        + " answered first, after 11.0 s.");
    }

    @Test
    void cutInTheStreamAndContinued() {
        assertThat(sentence(
                        Ending.ANSWERED,
                        200,
                        4_000,
                        step("one/a", 1, State.FAILED, "truncated", "primary", 0, 2_100, 0),
                        step("two/b", 2, State.ANSWERED, "ok", "continuation", 2_100, 1_900, 0)))
                .isEqualTo(
                        "one/a failed (truncated) after 2.1 s; two/b continued the answer and completed it after 4.0 s.");
    }

    @Test
    void failedWithEveryTarget() {
        assertThat(sentence(
                        Ending.FAILED,
                        503,
                        90,
                        step("one/a", 1, State.FAILED, "server_error", "primary", 0, 40, 500),
                        step("two/b", 2, State.FAILED, "connection", "fallback", 40, 50, 0)))
                .isEqualTo("one/a failed (server error, status 500) after 40 ms; two/b failed (connection) after 50 ms;"
                        + " no target was left, and the caller received the error 503 after 90 ms.");
    }

    @Test
    void brokenOffAndCallerLeft() {
        assertThat(sentence(
                        Ending.BROKEN_OFF, 200, 900, step("one/a", 1, State.FAILED, "truncated", "primary", 0, 900, 0)))
                .isEqualTo(
                        "one/a failed (truncated) after 900 ms; no target could complete the stream, which ended with an"
                                + " error after 900 ms.");
        assertThat(sentence(
                        Ending.CALLER_LEFT,
                        0,
                        2_100,
                        step("one/a", 1, State.CANCELLED, "cancelled", "primary", 0, 2_100, 0)))
                .isEqualTo("one/a was cancelled after 2.1 s; the caller disconnected after 2.1 s.");
    }

    @Test
    void longTrailIsShortened() {
        Step[] steps = new Step[40];
        Arrays.fill(steps, step("one/a", 1, State.FAILED, "connection", "fallback", 0, 1, 0));

        assertThat(sentence(Ending.FAILED, 503, 90, steps))
                .contains("32 further steps followed")
                .hasSizeLessThan(600);
    }
}
