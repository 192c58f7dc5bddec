package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Open circuits change the order of a chain and do not empty it; trials, and retries while no other target is left. */
class LastResortsTest {

    /** Opens a target's circuit for about so long. */
    private static void cools(CallScript any, String target, int millis) {
        Duration time = Duration.ofMillis(millis);
        CallScript call =
                any.then(target).with(CallScript.retries(0, Duration.ZERO)).with(CallScript.cooldown(1, time, time));
        call.begin();
        call.failed(1, FailureKind.SERVER_ERROR);
    }

    private static void asksToBeLeftAlone(CallScript any, String target, int millis) {
        CallScript call = any.then(target).with(CallScript.retries(0, Duration.ZERO));
        call.begin();
        call.failed(1, FailureKind.RATE_LIMITED, millis);
    }

    private static CallScript once(CallScript any, String... targets) {
        return any.then(targets).with(CallScript.retries(0, Duration.ZERO));
    }

    @Nested
    @DisplayName("Last resorts")
    class Resorts {
        private final CallScript any = CallScript.chain("x/m");

        @Test
        void areTriedEachOnceTheSoonestFirst() {
            cools(any, "a/m", 60_000);
            cools(any, "b/m", 20_000);
            cools(any, "c/m", 40_000);
            CallScript call = once(any, "a/m", "b/m", "c/m", "d/m");
            assertThat(call.begin()).containsExactly("start 1 d/m");
            assertThat(call.failed(1, FailureKind.SERVER_ERROR)).containsExactly("start 2 b/m");
            assertThat(call.failed(2, FailureKind.SERVER_ERROR)).containsExactly("start 3 c/m");
            assertThat(call.failed(3, FailureKind.SERVER_ERROR)).containsExactly("start 4 a/m");
            assertThat(call.failed(4, FailureKind.SERVER_ERROR)).containsExactly("give up 503 server_error");
        }

        @Test
        void areTriedInAChainOfWhichAllAreCooling() {
            cools(any, "a/m", 20_000);
            cools(any, "b/m", 40_000);
            CallScript call = once(any, "a/m", "b/m");
            assertThat(call.begin()).containsExactly("start 1 a/m");
            assertThat(call.failed(1, FailureKind.SERVER_ERROR)).containsExactly("start 2 b/m");
            assertThat(call.completed(2)).containsExactly("deliver 2");
        }

        @Test
        void arePreferredWhereTheyHaveRecoveredMeanwhile() {
            cools(any, "a/m", 60_000);
            cools(any, "b/m", 5_000);
            CallScript call = once(any, "a/m", "b/m", "c/m");
            call.begin();
            assertThat(call.at(6_000).failed(1, FailureKind.SERVER_ERROR)).containsExactly("start 2 b/m");
        }

        @Test
        void thatSentARetryAfterAreSkippedIfAnotherWasTried() {
            asksToBeLeftAlone(any, "a/m", 30_000);
            CallScript call = once(any, "a/m", "b/m");
            assertThat(call.begin()).containsExactly("start 1 b/m");
            assertThat(call.failed(1, FailureKind.SERVER_ERROR)).containsExactly("give up 503 server_error");
        }

        @Test
        void thatSentARetryAfterAreTriedIfNoOtherWas() {
            asksToBeLeftAlone(any, "a/m", 30_000);
            CallScript call = once(any, "a/m");
            assertThat(call.begin()).containsExactly("start 1 a/m");
        }

        @Test
        void thatSentAShortRetryAfterAreAwaitedIfNoOtherWasTried() {
            asksToBeLeftAlone(any, "a/m", 2_000);
            CallScript call = once(any, "a/m");
            assertThat(call.begin()).isEmpty();
            assertThat(call.untilDue()).containsExactly("start 1 a/m");
            assertThat(call.now()).isEqualTo(2_000);
        }

        @Test
        void areNotKeysThatAreCertainlyUnusable() {
            for (String model : new String[] {"a/one", "a/two"}) {
                CallScript refused = once(any, model);
                refused.begin();
                refused.failed(1, FailureKind.AUTH);
            }
            CallScript call = once(any, "a/m", "b/m");
            call.begin();
            assertThat(call.failed(1, FailureKind.SERVER_ERROR)).containsExactly("give up 503 server_error");
        }

        @Test
        void areKeysThatOneModelWasRefusedWith() {
            CallScript refused = once(any, "a/one");
            refused.begin();
            refused.failed(1, CallScript.failure(FailureKind.AUTH, -1).concerning(Concern.CREDENTIAL));
            CallScript call = once(any, "a/m", "b/m");
            assertThat(call.begin()).containsExactly("start 1 b/m");
            assertThat(call.failed(1, FailureKind.SERVER_ERROR)).containsExactly("start 2 a/m");
        }

        @Test
        void areNotTriedBeyondTheRetryBudgetIfSomethingElseWas() {
            cools(any, "a/m", 60_000);
            CallScript call = once(any, "a/m", "b/m").withoutRetryBudget("a/m");
            call.begin();
            assertThat(call.failed(1, FailureKind.SERVER_ERROR)).containsExactly("give up 503 server_error");
            assertThat(once(any, "a/m").begin()).containsExactly("start 1 a/m");
        }

        @Test
        void areNotTriedPastTheDeadline() {
            cools(any, "a/m", 60_000);
            CallScript call = once(any, "a/m", "b/m");
            call.begin();
            assertThat(call.at(45_000).failed(1, FailureKind.SERVER_ERROR)).containsExactly("give up 503 server_error");
        }

        @Test
        void areTriedForABrokenStreamToo() {
            cools(any, "b/m", 60_000);
            CallScript call = once(any, "a/m", "b/m").streaming().recovering(Recovery.CONTINUE);
            call.begin();
            call.progress(1);
            assertThat(call.failed(1, FailureKind.TRUNCATED)).containsExactly("start 2 b/m continuation");
        }
    }

    @Nested
    @DisplayName("Trials")
    class Trials {
        private final CallScript any = CallScript.chain("x/m").streaming();

        private CallScript trial() {
            cools(any, "a/m", 5_000);
            return any.then("a/m", "b/m").streaming().hedging().at(6_000);
        }

        @Test
        void areHedgedAtHalfOfTheMark() {
            CallScript call = trial();
            assertThat(call.begin()).containsExactly("start 1 a/m");
            call.connected(1);
            assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
            assertThat(call.now()).isEqualTo(11_000);
        }

        @Test
        void areHedgedAtTwiceTheMedianWhereAHandfulIsKnown() {
            CallScript call = trial().knowing("a/m", 1_500, 10);
            call.begin();
            call.connected(1);
            assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
            assertThat(call.now()).isBetween(9_000, 9_300);
        }

        @Test
        void areHedgedAtTheirUsualTimeWhereThatIsSooner() {
            CallScript call = trial().knowing("a/m", 1_500);
            call.begin();
            call.connected(1);
            assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
            assertThat(call.now()).isEqualTo(8_000);
        }

        @Test
        void needNoHedgingBudget() {
            CallScript call = trial().withoutHedgingBudget();
            call.begin();
            call.connected(1);
            assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
            assertThat(call.now()).isEqualTo(11_000);
        }

        @Test
        void areOverWithTheFirstContent() {
            CallScript call = trial();
            call.begin();
            call.connected(1);
            assertThat(call.availability("a/m").state()).isEqualTo(Availability.State.ON_TRIAL);
            call.at(6_500).progress(1);
            assertThat(call.availability("a/m").isReady()).isTrue();
        }

        @Test
        void ofTargetsWhoseAnswersBrokeAreNot() {
            CallScript broken = any.then("a/m")
                    .with(CallScript.retries(0, Duration.ZERO))
                    .with(CallScript.cooldown(1, Duration.ofSeconds(5), Duration.ofSeconds(5)));
            broken.begin();
            broken.failed(1, FailureKind.TRUNCATED);
            CallScript call = any.then("a/m", "b/m").streaming().at(6_000);
            call.begin();
            call.at(6_500).progress(1);
            assertThat(call.availability("a/m").state()).isEqualTo(Availability.State.ON_TRIAL);
            call.at(9_000).completed(1);
            assertThat(call.availability("a/m").isReady()).isTrue();
        }

        @Test
        void thatLoseTheRaceInTimeLeaveTheNextCallToTry() {
            CallScript call = trial();
            call.begin();
            call.connected(1);
            call.untilDue();
            call.at(11_500).progress(2);
            assertThat(any.then("a/m", "b/m").at(11_600).begin()).containsExactly("start 1 a/m");
        }
    }

    @Nested
    @DisplayName("How long a target cools")
    class Cooldowns {
        /** Calls every 100 ms; the target is down until then. @return when it answers again */
        private int answersAgain(FailureKind kind, int downUntil) {
            CallScript call = CallScript.chain("a/m", "b/m").with(CallScript.retries(0, Duration.ZERO));
            for (int at = 0; at < 200_000; at += 100) {
                boolean tried = call.at(at).begin().contains("start 1 a/m");
                if (tried && at >= downUntil) {
                    return at;
                }
                if (tried) {
                    call.failed(1, kind);
                }
                call.callerLeft();
            }
            throw new AssertionError("it never does");
        }

        @ParameterizedTest
        @EnumSource(
                value = FailureKind.class,
                names = {"SERVER_ERROR", "OVERLOADED", "CONNECTION", "MALFORMED"})
        void itIsBackWithinFifteenSecondsWhereItFailsQuickly(FailureKind kind) {
            for (int downUntil = 55_000; downUntil < 120_000; downUntil += 1_000) {
                assertThat(answersAgain(kind, downUntil) - downUntil).isLessThanOrEqualTo(15_100);
            }
        }

        @Test
        void itMayTakeAMinuteWhereItFailsBySilence() {
            CallScript call = CallScript.chain("a/m").with(CallScript.limits(Timeouts::cancelling));
            for (int i = 0; i < 12; i++) {
                call.begin();
                call.untilDue();
                call.at(call.now() + 60_000);
            }
            call.at(call.now() - 60_000);
            assertThat(call.at(call.now() + 47_000).availability("a/m").isReady())
                    .isFalse();
            assertThat(call.at(call.now() + 13_000).availability("a/m").isReady())
                    .isTrue();
        }

        @Test
        void theCapForQuickFailuresIsASetting() {
            CooldownPolicy policy = new CooldownPolicy(
                    1,
                    0,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(15),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(30));
            assertThat(policy.quickCap()).isEqualTo(Duration.ofSeconds(20));
            CallScript call = CallScript.chain("a/m")
                    .with(CallScript.retries(0, Duration.ZERO))
                    .with(CallScript.cooldown(policy));
            call.begin();
            call.failed(1, FailureKind.RATE_LIMITED, 40_000);
            assertThat(call.at(29_999).availability("a/m").isReady()).isFalse();
            assertThat(call.at(30_000).availability("a/m").isReady()).isTrue();
        }
    }

    @Nested
    @DisplayName("With no other target left, one without capacity is retried with backoff")
    class RetriesAlone {
        private final Failure unavailable = new Failure(
                FailureKind.SERVER_ERROR, 503, ErrorDetails.of("unavailable"), java.util.OptionalLong.empty());

        private static CallScript persistent(String... targets) {
            return CallScript.chain(targets).with(CallScript.persistent()).with(CallScript.neverCooling());
        }

        private static CallScript started(CallScript call) {
            call.begin();
            return call;
        }

        /** Fails every attempt until the call gives up. */
        private static void failsForGood(CallScript call, Failure failure) {
            int before = 0;
            while (call.attempts() > before) {
                before = call.attempts();
                if (call.failed(before, failure).isEmpty()) {
                    call.untilDue();
                }
            }
        }

        @ParameterizedTest
        @EnumSource(
                value = FailureKind.class,
                names = {"OVERLOADED", "RATE_LIMITED", "NOT_READY"})
        void atASoleTarget(FailureKind kind) {
            CallScript call = started(persistent("a/m"));
            for (int attempt = 1; attempt <= 5; attempt++) {
                assertThat(call.failed(attempt, kind)).isEmpty();
                assertThat(call.wakesAt() - call.now()).isLessThanOrEqualTo(4_000);
                assertThat(call.untilDue()).containsExactly("start " + (attempt + 1) + " a/m");
            }
            assertThat(call.completed(6)).containsExactly("deliver 6");
        }

        @Test
        void afterA503() {
            CallScript call = started(persistent("a/m"));
            for (int attempt = 1; attempt <= 5; attempt++) {
                assertThat(call.failed(attempt, unavailable)).isEmpty();
                assertThat(call.untilDue()).containsExactly("start " + (attempt + 1) + " a/m");
            }
        }

        @Test
        void andNotAfterA500() {
            CallScript call = started(persistent("a/m"));
            assertThat(call.failed(1, FailureKind.SERVER_ERROR)).isEmpty();
            call.untilDue();
            assertThat(call.failed(2, FailureKind.SERVER_ERROR)).containsExactly("give up 503 server_error");
        }

        @Test
        void afterOneAtEachOfTwo() {
            CallScript call = started(persistent("a/m", "b/m"));
            assertThat(call.failed(1, FailureKind.OVERLOADED)).containsExactly("start 2 b/m");
            assertThat(call.failed(2, FailureKind.OVERLOADED)).isEmpty();
            assertThat(call.untilDue()).containsExactly("start 3 b/m");
            assertThat(call.failed(3, FailureKind.OVERLOADED)).isEmpty();
            assertThat(call.untilDue()).hasSize(1).first().asString().startsWith("start 4");
            assertThat(call.completed(4)).containsExactly("deliver 4");
        }

        @Test
        void untilTheDeadline() {
            CallScript call = started(persistent("a/m"));
            failsForGood(call, unavailable);
            assertThat(call.now()).isBetween(41_000, 45_000);
            assertThat(call.attempts()).isBetween(15, 60);
            assertThat(call.verdict().status()).isEqualTo(503);
            assertThat(call.verdict().worthRetrying()).isTrue();
        }

        @Test
        void untilTheBudgetIsSpent() {
            CallScript call = started(persistent("a/m").withoutRetryBudget("a/m"));
            assertThat(call.failed(1, unavailable)).containsExactly("give up 503 server_error");
        }

        @Test
        void asOftenAsConfigured() {
            CallScript call = started(CallScript.chain("a/m")
                    .with(CallScript.retries(2, Duration.ofMillis(250)))
                    .with(CallScript.neverCooling()));
            failsForGood(call, unavailable);
            assertThat(call.attempts()).isEqualTo(3);
        }

        @Test
        void notWithRetriesConfiguredAsZero() {
            CallScript call = started(CallScript.chain("a/m").with(CallScript.retries(0, Duration.ZERO)));
            assertThat(call.failed(1, unavailable)).containsExactly("give up 503 server_error");
        }

        @Test
        void afterAHintThoughTheBudgetIsSpent() {
            CallScript call = started(persistent("a/m").withoutRetryBudget("a/m"));
            for (int attempt = 1; attempt <= 3; attempt++) {
                int failedAt = call.now();
                assertThat(call.failed(attempt, FailureKind.RATE_LIMITED, 2_000))
                        .isEmpty();
                assertThat(call.untilDue()).containsExactly("start " + (attempt + 1) + " a/m");
                assertThat(call.now() - failedAt).isBetween(2_000, 4_001);
            }
        }

        @Test
        void notAfterAHintThatIsLongerThanThePatience() {
            CallScript call = started(persistent("a/m"));
            assertThat(call.failed(1, FailureKind.RATE_LIMITED, 20_000))
                    .containsExactly("give up 429 rate_limited after 20000");
        }

        @Test
        void afterAHintThatCountsFromWhenItWasGiven() {
            CallScript call = started(persistent("a/m", "b/m"));
            call.withoutRetryBudget("b/m");
            // Another target is there: the hint is waited for once, and then not again.
            assertThat(call.failed(1, FailureKind.RATE_LIMITED, 2_000)).isEmpty();
            call.untilDue();
            assertThat(call.failed(2, FailureKind.RATE_LIMITED, 2_000)).containsExactly("start 3 b/m");
            assertThat(call.at(3_500).failed(3, FailureKind.OVERLOADED)).isEmpty();
            assertThat(call.untilDue()).containsExactly("start 4 a/m");
            assertThat(call.now()).isEqualTo(4_000);
        }

        @Test
        void aHintOfNoLengthIsNoLeaveToHammer() {
            CallScript call = started(persistent("a/m"));
            failsForGood(call, CallScript.failure(FailureKind.RATE_LIMITED, 0));
            assertThat(call.attempts()).isLessThan(60);

            CallScript soon = started(persistent("a/m"));
            failsForGood(soon, CallScript.failure(FailureKind.RATE_LIMITED, 1));
            assertThat(soon.attempts()).isLessThan(60);
        }

        @Test
        void theCallerMayLeaveMeanwhile() {
            CallScript call = started(persistent("a/m"));
            call.failed(1, unavailable);
            assertThat(call.callerLeft()).containsExactly("abandon");
        }
    }

    @Nested
    @DisplayName("The retry budget")
    class Budget {
        private final CallScript any = CallScript.chain("a/m");

        @Test
        void ofOneTargetTakesNoRetriesFromItsProvidersOthers() {
            any.withoutRetryBudget("a/m");
            assertThat(any.mayRetry("a/m")).isFalse();
            assertThat(any.mayRetry("a/other")).isTrue();
        }

        @Test
        void ofSeveralTargetsInTroubleIsThatOfTheirProvider() {
            for (int i = 0; i < 10; i++) {
                any.withoutRetryBudget("a/" + i);
            }
            assertThat(any.mayRetry("a/other")).isFalse();
            assertThat(any.mayRetry("b/m")).isTrue();
        }

        @Test
        void isFilledAgainBySuccesses() {
            any.withoutRetryBudget("a/m");
            for (int i = 0; i < 20; i++) {
                any.begin();
                any.completed(1);
            }
            assertThat(any.mayRetry("a/m")).isTrue();
        }

        @ParameterizedTest
        @EnumSource(
                value = FailureKind.class,
                names = {
                    "QUOTA",
                    "AUTH",
                    "FORBIDDEN",
                    "UNKNOWN_MODEL",
                    "CONTEXT_LENGTH",
                    "CONTENT_POLICY",
                    "UNSUPPORTED",
                    "BAD_REQUEST",
                    "EMPTY",
                    "INVALID_OUTPUT"
                })
        void isNotSpentByWhatDoesNotPass(FailureKind kind) {
            CallScript call = CallScript.chain("a/m").with(CallScript.neverCooling());
            for (int i = 0; i < 200; i++) {
                call.begin();
                call.failed(1, kind);
            }
            assertThat(call.mayRetry("a/m")).isTrue();
        }
    }
}
