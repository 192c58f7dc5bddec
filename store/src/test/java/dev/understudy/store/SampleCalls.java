package dev.understudy.store;

import dev.understudy.store.CallRecord.Ending;
import dev.understudy.store.CallRecord.Step;
import dev.understudy.store.CallRecord.Step.State;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Calls for tests. */
final class SampleCalls {
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00.250Z");
    static final String PRIMARY = "openai/gpt-5.1";
    static final String FALLBACK = "anthropic/claude-sonnet-4-5";

    private SampleCalls() {}

    /** Answered by its first attempt. */
    static CallRecord answered(String id) {
        return answered(id, NOON, "ann", "assistant", PRIMARY);
    }

    static CallRecord answered(String id, Instant at, String caller, String model, String target) {
        return new CallRecord(
                id,
                at,
                caller,
                model,
                "",
                false,
                Ending.ANSWERED,
                200,
                target,
                812_000,
                OptionalLong.empty(),
                OptionalLong.of(100),
                OptionalLong.of(20),
                OptionalLong.of(3_000_000),
                OptionalLong.empty(),
                List.of(new Step(
                        target, 1, State.ANSWERED, "ok", "", "primary", "", 150, 811_000, OptionalInt.of(200), "")));
    }

    /** Answered by a fallback, after the primary failed and another target was skipped. */
    static CallRecord rescued(String id, long addedMicros) {
        return rescued(id, NOON, addedMicros);
    }

    static CallRecord rescued(String id, Instant at, long addedMicros) {
        return new CallRecord(
                id,
                at,
                "bob",
                "assistant",
                "litellm",
                true,
                Ending.ANSWERED,
                200,
                FALLBACK,
                1_900_000,
                OptionalLong.of(950_000),
                OptionalLong.of(100),
                OptionalLong.of(30),
                OptionalLong.empty(),
                OptionalLong.of(addedMicros),
                List.of(
                        new Step(
                                PRIMARY,
                                1,
                                State.FAILED,
                                "overloaded",
                                "",
                                "primary",
                                "",
                                150,
                                812_000,
                                OptionalInt.of(503),
                                "the server is \"busy\": 100%_full \\ retry\n→ later",
                                "monday"),
                        new Step(
                                "gemini/flash",
                                0,
                                State.SKIPPED,
                                "passed_over",
                                "cooling",
                                "fallback",
                                "",
                                812_200,
                                0,
                                OptionalInt.empty(),
                                ""),
                        new Step(
                                FALLBACK,
                                2,
                                State.ANSWERED,
                                "ok",
                                "",
                                "fallback",
                                "",
                                addedMicros,
                                1_000_000,
                                OptionalInt.of(200),
                                "")));
    }

    /** Every target failed. */
    static CallRecord failed(String id) {
        return failed(id, NOON, "", "other");
    }

    static CallRecord failed(String id, Instant at, String caller, String model) {
        return new CallRecord(
                id,
                at,
                caller,
                model,
                "",
                false,
                Ending.FAILED,
                502,
                "",
                400_000,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                List.of(new Step(
                        PRIMARY,
                        1,
                        State.FAILED,
                        "connection_refused",
                        "",
                        "primary",
                        "",
                        10,
                        399_000,
                        OptionalInt.empty(),
                        "connection refused")));
    }
}
