package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The rules that the engine keeps, each by a call that would break it. */
class EngineRulesTest {

    @Nested
    @DisplayName("1. One deadline per call")
    class Deadline {
        @Test
        void endsASilentCall() {
            CallScript call = CallScript.chain("a/m").deadline(5_000);
            call.begin();
            call.connected(1);
            assertThat(call.untilDue()).containsExactly("cancel 1", "give up 504 deadline");
            assertThat(call.now()).isEqualTo(5_000);
        }

        @Test
        void anAnswerThatComesAfterItIsLate() {
            CallScript call = CallScript.chain("a/m").deadline(5_000);
            call.begin();
            assertThat(call.at(5_000).completed(1)).containsExactly("cancel 1", "give up 504 deadline");
        }

        @Test
        void doesNotEndAStreamThatFlows() {
            CallScript call = CallScript.chain("a/m", "b/m").streaming().deadline(5_000);
            call.begin();
            call.connected(1);
            call.at(100).progress(1);
            for (int at = 200; at < 5_000; at += 100) {
                call.at(at).progress(1);
            }
            assertThat(call.at(5_000).due()).isEmpty();
            assertThat(call.at(9_000).completed(1)).containsExactly("deliver 1");
        }

        @Test
        void theCallersOwnPatienceEndsACallInWhichNothingHappens() {
            CallScript call =
                    CallScript.chain("a/m", "b/m").streaming().hedging().patience(2_000);
            call.begin();
            call.connected(1);
            assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
            assertThat(call.now()).isEqualTo(1_000);
            call.connected(2);
            assertThat(call.untilDue()).containsExactly("cancel 1", "cancel 2", "give up 504 deadline");
            assertThat(call.now()).isEqualTo(2_000);
        }

        @Test
        void theCallersOwnPatienceDoesNotEndAStreamThatFlows() {
            CallScript call = CallScript.chain("a/m").streaming().patience(2_000);
            call.begin();
            call.connected(1);
            call.at(1_000).progress(1);
            assertThat(call.at(2_500).due()).isEmpty();
            assertThat(call.at(3_000).progress(1)).isEmpty();
            assertThat(call.at(4_000).completed(1)).containsExactly("deliver 1");
        }

        @Test
        void noWaitIsBegunThatWouldOutlastIt() {
            CallScript call = CallScript.chain("a/m").deadline(1_000);
            call.begin();
            assertThat(call.at(10).failed(1, FailureKind.RATE_LIMITED, 990))
                    .containsExactly("give up 429 rate_limited after 990");
        }

        @Test
        void aSilentTargetIsHedgedAfterHalfOfIt() {
            CallScript call = CallScript.chain("a/m", "b/m", "c/m").hedging().deadline(8_000);
            call.begin();
            call.connected(1);
            assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
            assertThat(call.now()).isEqualTo(4_000);
            call.connected(2);
            assertThat(call.untilDue()).containsExactly("cancel 1", "cancel 2", "give up 504 deadline");
            assertThat(call.now()).isEqualTo(8_000);
        }
    }

    @Nested
    @DisplayName("Explicit limits")
    class Limits {
        @Test
        void connect() {
            CallScript call = CallScript.chain("a/m", "b/m").streaming().with(CallScript.limits(Timeouts::cancelling));
            call.begin();
            assertThat(call.untilDue()).containsExactly("cancel 1", "start 2 b/m");
            assertThat(call.now()).isEqualTo(3_000);
            assertThat(call.trail()).startsWith("a/m timeout_connect");
        }

        @Test
        void firstTokenOfAStream() {
            CallScript call = CallScript.chain("a/m", "b/m").streaming().with(CallScript.limits(Timeouts::cancelling));
            call.begin();
            call.connected(1);
            call.at(3_000).due();
            assertThat(call.untilDue()).containsExactly("cancel 1", "start 2 b/m");
            assertThat(call.now()).isEqualTo(10_000);
            assertThat(call.trail()).startsWith("a/m timeout_first_token");
        }

        @Test
        void idleBetweenPiecesOfContent() {
            CallScript call = CallScript.chain("a/m", "b/m").streaming().with(CallScript.limits(Timeouts::cancelling));
            call.begin();
            call.connected(1);
            assertThat(call.at(9_000).progress(1)).containsExactly("commit 1");
            call.at(10_000).due();
            assertThat(call.untilDue()).containsExactly("cancel 1", "give up 504 timeout_idle");
            assertThat(call.now()).isEqualTo(19_000);
        }

        @Test
        void idleDoesNotRunWhileTheCallerIsSlow() {
            CallScript call = CallScript.chain("a/m").streaming().with(CallScript.limits(Timeouts::cancelling));
            call.begin();
            call.connected(1);
            call.at(100).progress(1);
            call.at(200).paused(1);
            assertThat(call.at(30_000).due()).isEmpty();
            call.at(30_000).resumed(1);
            assertThat(call.at(39_999).due()).isEmpty();
            assertThat(call.at(40_000).due()).containsExactly("cancel 1", "give up 504 timeout_idle");
        }

        @Test
        void anAnswerThatIsNotStreamedMayTakeLongerThanAFirstToken() {
            CallScript call = CallScript.chain("a/m", "b/m");
            call.begin();
            call.connected(1);
            assertThat(call.at(20_000).due()).isEmpty();
            assertThat(call.completed(1)).containsExactly("deliver 1");
        }

        @Test
        void aFallbackMayHaveALimitOfItsOwn() {
            CallScript call = CallScript.chain("a/m", "b/m")
                    .with(CallScript.limits(limits -> limits.withTotal(Duration.ofSeconds(2))));
            call.begin();
            call.connected(1);
            assertThat(call.untilDue()).containsExactly("cancel 1", "start 2 b/m");
            assertThat(call.now()).isEqualTo(2_000);
        }

        @Test
        void theTailOfAFinishedStreamIsNotWaitedForLong() {
            CallScript call = CallScript.chain("a/m").streaming();
            call.begin();
            call.connected(1);
            call.at(100).progress(1);
            assertThat(call.at(200).finishing(1)).isEmpty();
            assertThat(call.at(5_199).due()).isEmpty();
            assertThat(call.at(5_200).due()).containsExactly("cancel 1", "deliver 1");
            assertThat(call.trail()).isEqualTo("a/m ok");
        }
    }

    @Nested
    @DisplayName("2. Exactly one terminal event per call")
    class OneTerminal {
        @Test
        void nothingFollowsADelivery() {
            CallScript call = CallScript.chain("a/m", "b/m");
            call.begin();
            assertThat(call.completed(1)).containsExactly("deliver 1");
            assertThat(call.completed(1)).isEmpty();
            assertThat(call.failed(1, FailureKind.CONNECTION)).isEmpty();
            assertThat(call.callerLeft()).isEmpty();
            assertThat(call.at(99_999).due()).isEmpty();
        }

        @Test
        void lateNewsOfACancelledAttemptIsIgnored() {
            CallScript call = CallScript.chain("a/m", "b/m").streaming();
            call.begin();
            call.untilDue();
            assertThat(call.completed(1)).isEmpty();
            assertThat(call.failed(1, FailureKind.BAD_REQUEST)).isEmpty();
            assertThat(call.progress(2)).containsExactly("commit 2");
            assertThat(call.completed(2)).containsExactly("deliver 2");
        }
    }

    @Nested
    @DisplayName("3. No bytes of two attempts are mixed")
    class NoMixing {
        @Test
        void afterTheCommitNoOtherTargetIsTried() {
            CallScript call = CallScript.chain("a/m", "b/m").streaming();
            call.begin();
            call.connected(1);
            assertThat(call.at(100).progress(1)).containsExactly("commit 1");
            assertThat(call.at(200).failed(1, FailureKind.TRUNCATED)).containsExactly("give up 502 truncated");
        }

        @Test
        void aStreamThatIsCommittedWhenCompleteIsStartedOverUnseen() {
            CallScript call = CallScript.chain("a/m", "b/m").streaming().committingWhenComplete();
            call.begin();
            call.connected(1);
            assertThat(call.at(100).progress(1)).isEmpty();
            assertThat(call.at(3_200).failed(1, FailureKind.TRUNCATED)).containsExactly("start 2 b/m");
            call.progress(2);
            assertThat(call.finishing(2)).containsExactly("commit 2");
            assertThat(call.completed(2)).containsExactly("deliver 2");
        }

        @Test
        void anAnswerThatIsNotStreamedIsStartedOverUnseen() {
            CallScript call = CallScript.chain("a/m", "b/m");
            call.begin();
            call.connected(1);
            assertThat(call.at(100).progress(1)).isEmpty();
            assertThat(call.at(3_200).failed(1, FailureKind.TRUNCATED)).containsExactly("start 2 b/m");
        }
    }

    @Test
    @DisplayName("4. A caller who leaves ends every attempt, at any point")
    void callerLeaves() {
        CallScript waiting = CallScript.chain("a/m").with(CallScript.retries(1, Duration.ZERO));
        waiting.begin();
        waiting.failed(1, FailureKind.RATE_LIMITED, 1_000);
        assertThat(waiting.callerLeft()).containsExactly("abandon");

        CallScript flowing = CallScript.chain("a/m").streaming();
        flowing.begin();
        flowing.connected(1);
        flowing.progress(1);
        assertThat(flowing.callerLeft()).containsExactly("cancel 1", "abandon");
        assertThat(flowing.trail()).isEqualTo("a/m cancelled");
    }

    @Test
    @DisplayName("5. A caller's own short timeout does not bench a target that others share")
    void callersTimeout() {
        CallScript hasty = CallScript.chain("a/m", "b/m")
                .with(CallScript.cooldown(1, Duration.ofSeconds(60), Duration.ofSeconds(60)))
                .with(CallScript.limits(limits -> limits.withTotal(Duration.ofMillis(200))));
        hasty.begin();
        hasty.connected(1);
        assertThat(hasty.untilDue()).containsExactly("cancel 1", "start 2 b/m");
        assertThat(hasty.availability("a/m").isReady()).isTrue();

        CallScript usual = CallScript.chain("a/m", "b/m")
                .streaming()
                .with(CallScript.limits(Timeouts::cancelling))
                .with(CallScript.cooldown(1, Duration.ofSeconds(60), Duration.ofSeconds(60)));
        usual.begin();
        usual.connected(1);
        usual.at(10_000).due();
        assertThat(usual.availability("a/m").isReady()).isFalse();
    }

    @Nested
    @DisplayName("6 and 7. Retries: never in vain, never a storm")
    class Retries {
        @Test
        void backOffExponentiallyWithFullJitterWhereTheyAreConfigured() {
            CallScript call = CallScript.chain("a/m").with(CallScript.retries(4, Duration.ofMillis(250)));
            call.begin();
            int bound = 250;
            for (int attempt = 1; attempt <= 4; attempt++) {
                int failedAt = call.now();
                assertThat(call.failed(attempt, FailureKind.SERVER_ERROR)).isEmpty();
                assertThat(call.wakesAt()).isBetween(failedAt, failedAt + bound);
                assertThat(call.untilDueAndOneMore()).containsExactly("start " + (attempt + 1) + " a/m");
                bound *= 2;
            }
            assertThat(call.failed(5, FailureKind.SERVER_ERROR)).containsExactly("give up 503 server_error");
        }

        @Test
        void stopWhenTheProvidersBudgetIsSpent() {
            CallScript call = CallScript.chain("a/m", "b/m").with(CallScript.neverCooling());
            int retried = 0;
            for (int i = 0; i < 200; i++) {
                call.begin();
                if (call.failed(1, FailureKind.SERVER_ERROR).equals(List.of("start 2 a/m"))) {
                    retried++;
                    call.failed(2, FailureKind.SERVER_ERROR);
                    call.completed(3);
                } else {
                    call.completed(2);
                }
            }
            assertThat(retried).isBetween(20, 30);
        }

        @Test
        void areNotMadeOnATargetWhoseCircuitHasJustOpened() {
            CallScript call = CallScript.chain("a/m", "b/m")
                    .with(CallScript.cooldown(1, Duration.ofSeconds(5), Duration.ofSeconds(60)));
            call.begin();
            assertThat(call.at(10).failed(1, FailureKind.SERVER_ERROR)).containsExactly("start 2 b/m");
        }
    }

    @Nested
    @DisplayName("8. Cooldowns last across calls, and no target is locked out")
    class Cooldowns {
        @Test
        void theNextCallSkipsTheTarget() {
            CallScript first = CallScript.chain("a/m", "b/m");
            first.begin();
            first.at(10).failed(1, FailureKind.UNKNOWN_MODEL);
            first.completed(2);

            CallScript second = first.then("a/m", "b/m");
            assertThat(second.begin()).containsExactly("start 1 b/m");
            assertThat(second.trail()).isEqualTo("a/m passed_over cooling, b/m answering");
        }

        @Test
        void oneProbeAtATimeAndThenTheTargetIsBack() {
            CallScript first = CallScript.chain("a/m", "b/m");
            first.begin();
            first.at(10).failed(1, FailureKind.UNKNOWN_MODEL);
            first.completed(2);

            CallScript probe = first.then("a/m", "b/m").at(5_010);
            assertThat(probe.begin()).containsExactly("start 1 a/m");
            CallScript meanwhile = first.then("a/m", "b/m").at(5_020);
            assertThat(meanwhile.begin()).containsExactly("start 1 b/m");
            assertThat(meanwhile.trail()).startsWith("a/m passed_over on_trial");
            probe.at(5_030).completed(1);
            assertThat(first.then("a/m", "b/m").at(5_040).begin()).containsExactly("start 1 a/m");
        }

        @Test
        void aProbeThatFailsDoublesTheCooldown() {
            CallScript call = CallScript.chain("a/m", "b/m");
            call.begin();
            call.failed(1, FailureKind.UNKNOWN_MODEL);
            call.completed(2);
            CallScript probe = call.then("a/m", "b/m").at(5_000);
            probe.begin();
            probe.failed(1, FailureKind.UNKNOWN_MODEL);
            assertThat(probe.at(5_000 + 7_999).availability("a/m").isReady()).isFalse();
            assertThat(probe.at(5_000 + 10_000).availability("a/m").isReady()).isTrue();
        }

        @Test
        void aProbeWhoseCallerLeavesIsGivenBack() {
            CallScript first = CallScript.chain("a/m", "b/m");
            first.begin();
            first.failed(1, FailureKind.UNKNOWN_MODEL);
            first.completed(2);
            CallScript probe = first.then("a/m", "b/m").at(5_000);
            probe.begin();
            probe.at(5_010).callerLeft();
            assertThat(first.then("a/m", "b/m").at(5_020).begin()).containsExactly("start 1 a/m");
        }

        @Test
        void theClassicAnyErrorOneMinutePolicyCanBeConfigured() {
            CallScript first = CallScript.chain("a/m", "b/m")
                    .with(CallScript.cooldown(1, Duration.ofSeconds(60), Duration.ofSeconds(60)));
            first.begin();
            first.failed(1, FailureKind.SERVER_ERROR);
            assertThat(first.at(59_999).availability("a/m").isReady()).isFalse();
            assertThat(first.at(60_000).availability("a/m").isReady()).isTrue();
        }

        @Test
        void aHundredCallsThatFailTogetherCountAsOneTrip() {
            CallScript first = CallScript.chain("a/m");
            List<CallScript> calls = java.util.stream.IntStream.range(0, 100)
                    .mapToObj(i -> first.then("a/m"))
                    .toList();
            calls.forEach(CallScript::begin);
            calls.forEach(call -> call.at(100).failed(1, FailureKind.UNKNOWN_MODEL));
            assertThat(first.at(5_100).availability("a/m").isReady()).isTrue();
        }

        @Test
        void aChainOfOneIsTriedEvenWhileItCools() {
            CallScript first = CallScript.chain("a/m");
            first.begin();
            assertThat(first.failed(1, FailureKind.UNKNOWN_MODEL))
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("give up 404");
            CallScript second = first.then("a/m").at(10);
            assertThat(second.begin()).containsExactly("start 1 a/m");
            assertThat(second.completed(1)).containsExactly("deliver 1");
            assertThat(first.then("a/m", "b/m").begin()).containsExactly("start 1 a/m");
        }

        @Test
        void ifAllAreCoolingTheSoonestIsTried() {
            CallScript first = CallScript.chain("a/m", "b/m");
            first.begin();
            first.failed(1, FailureKind.RATE_LIMITED, 60_000);
            assertThat(first.failed(2, FailureKind.RATE_LIMITED, 20_000))
                    .containsExactly("give up 429 rate_limited after 20000");
            CallScript second = first.then("a/m", "b/m").at(10);
            assertThat(second.begin()).containsExactly("start 1 b/m");
            assertThat(second.failed(1, FailureKind.RATE_LIMITED, 19_990))
                    .containsExactly("give up 429 rate_limited after 19990");
        }

        @Test
        void ashortRemainderOfAHintIsWaitedFor() {
            CallScript first = CallScript.chain("a/m");
            first.begin();
            first.failed(1, FailureKind.RATE_LIMITED, 20_000);
            CallScript second = first.then("a/m").at(18_000);
            assertThat(second.begin()).isEmpty();
            assertThat(second.untilDue()).containsExactly("start 1 a/m");
            assertThat(second.now()).isEqualTo(20_000);
        }

        @Test
        void theRetryAfterOfATargetHoldsThoughItsProviderCoolsForLonger() {
            CallScript limited = CallScript.chain("b/m")
                    .with(CallScript.cooldown(1, Duration.ofSeconds(30), Duration.ofSeconds(30)));
            limited.begin();
            CallScript refused =
                    limited.then("b/m").with(CallScript.cooldown(1, Duration.ofSeconds(30), Duration.ofSeconds(30)));
            refused.begin();
            refused.failed(1, FailureKind.TIMEOUT_CONNECT);
            limited.at(10).failed(1, FailureKind.RATE_LIMITED, 20_000);
            CallScript call = limited.then("a/m", "b/m")
                    .with(CallScript.retries(0, Duration.ZERO))
                    .at(20);
            call.begin();
            assertThat(call.failed(1, FailureKind.OVERLOADED))
                    .singleElement()
                    .asString()
                    .startsWith("give up 503 overloaded");
        }

        @Test
        void aHintBindsThoughTheTargetCoolsForLongerAnyway() {
            CallScript failing = CallScript.chain("b/m")
                    .with(CallScript.cooldown(1, Duration.ofSeconds(30), Duration.ofSeconds(30)));
            CallScript limited = failing.then("b/m");
            failing.begin();
            limited.begin();
            failing.at(10).failed(1, FailureKind.OVERLOADED);
            limited.at(10).failed(1, FailureKind.RATE_LIMITED, 20_000);
            CallScript call = failing.then("a/m", "b/m")
                    .with(CallScript.retries(0, Duration.ZERO))
                    .at(20);
            call.begin();
            assertThat(call.failed(1, FailureKind.OVERLOADED))
                    .singleElement()
                    .asString()
                    .startsWith("give up 503 overloaded");
        }

        @Test
        void aHintOutlivesTheSuccessOfARequestThatBeganBeforeIt() {
            CallScript early = CallScript.chain("a/m");
            CallScript late = early.then("a/m");
            early.begin();
            early.failed(1, FailureKind.UNKNOWN_MODEL);
            CallScript trial = early.then("a/m").at(6_000);
            trial.begin();
            late.at(6_010).begin();
            late.at(6_020).failed(1, FailureKind.RATE_LIMITED, 20_000);
            trial.at(7_000).completed(1);
            assertThat(trial.availability("a/m").isReady()).isFalse();
            assertThat(trial.at(26_100).availability("a/m").isReady()).isTrue();
        }

        @Test
        void aTargetThatRecoversDuringTheLastResortIsTriedAfterIt() {
            CallScript first = CallScript.chain("a/m", "b/m")
                    .with(CallScript.cooldown(1, Duration.ofSeconds(5), Duration.ofSeconds(5)));
            first.begin();
            first.failed(1, FailureKind.UNKNOWN_MODEL);
            first.at(10).failed(2, FailureKind.UNKNOWN_MODEL);
            CallScript call = first.then("a/m", "b/m")
                    .with(CallScript.retries(0, Duration.ZERO))
                    .at(20);
            assertThat(call.begin()).containsExactly("start 1 a/m");
            assertThat(call.at(6_000).failed(1, FailureKind.OVERLOADED)).containsExactly("start 2 b/m");
            assertThat(call.at(6_010).failed(2, FailureKind.OVERLOADED))
                    .singleElement()
                    .asString()
                    .startsWith("give up 503 overloaded");
        }

        @Test
        void aCoolingFallbackIsTriedRatherThanGivingUp() {
            CallScript first = CallScript.chain("b/m");
            first.begin();
            first.failed(1, FailureKind.UNKNOWN_MODEL);
            CallScript second = first.then("a/m", "b/m")
                    .with(CallScript.retries(0, Duration.ZERO))
                    .at(10);
            second.begin();
            second.failed(1, FailureKind.OVERLOADED);
            assertThat(second.completed(2)).containsExactly("deliver 2");
            assertThat(second.trail()).isEqualTo("a/m overloaded, b/m passed_over cooling, b/m ok");
        }
    }

    @Nested
    @DisplayName("What the caller is told when no target could answer")
    class Verdicts {
        @Test
        void theFirstErrorIsKept() {
            CallScript call = CallScript.chain("a/m", "b/m");
            call.begin();
            call.failed(1, FailureKind.OVERLOADED);
            assertThat(call.failed(2, FailureKind.AUTH))
                    .singleElement()
                    .asString()
                    .startsWith("give up 503 overloaded");
        }

        @Test
        void aFallbacksRefusalDoesNotHideWhatPasses() {
            CallScript call = CallScript.chain("a/m", "b/m");
            call.begin();
            call.failed(1, FailureKind.OVERLOADED);
            assertThat(call.failed(2, FailureKind.BAD_REQUEST)).containsExactly("give up 503 overloaded");
        }

        @Test
        void aRequestThatMustChangeIsTheCallersError() {
            CallScript call = CallScript.chain("a/m", "b/m");
            call.begin();
            call.failed(1, FailureKind.AUTH);
            assertThat(call.failed(2, FailureKind.BAD_REQUEST)).containsExactly("give up 400 bad_request");
        }

        @Test
        void refusedKeysOfTheGatewayAreNotTheCallersFault() {
            CallScript call = CallScript.chain("a/m");
            call.begin();
            assertThat(call.failed(1, FailureKind.AUTH)).containsExactly("give up 502 auth");
        }
    }

    @Test
    @DisplayName("The nearest list of fallbacks wins as a whole, and duplicates are removed in order")
    void chains() {
        assertThat(Chain.of("a", Optional.of(List.of("a", "b", "b")), Optional.of(List.of("c")), List.of("d")))
                .containsExactly("a", "b");
        assertThat(Chain.of("a", Optional.empty(), Optional.of(List.of("c", "a")), List.of("d")))
                .containsExactly("a", "c");
        assertThat(Chain.of("a", Optional.empty(), Optional.empty(), List.of("d")))
                .containsExactly("a", "d");
        assertThat(Chain.of("a", Optional.of(List.of()), Optional.of(List.of("c")), List.of("d")))
                .containsExactly("a");
    }
}
