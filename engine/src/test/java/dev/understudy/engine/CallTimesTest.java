package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The deadline, the cap, the caller's patience and explicit limits: what each ends, and what it does not. */
class CallTimesTest {

    private static CallScript running(CallScript call) {
        call.begin();
        call.connected(1);
        return call;
    }

    @Nested
    @DisplayName("The deadline")
    class Deadline {
        @Test
        void byDefaultEndsNoAttempt() {
            CallScript call = running(CallScript.chain("a/m", "b/m"));
            assertThat(call.at(45_000).due()).isEmpty();
            assertThat(call.at(400_000).completed(1)).containsExactly("deliver 1");
        }

        @Test
        void byDefaultKeepsAttemptsFromStarting() {
            CallScript call = running(CallScript.chain("a/m", "b/m"));
            assertThat(call.at(45_000).failed(1, FailureKind.TRUNCATED)).containsExactly("give up 502 truncated");

            CallScript before = running(CallScript.chain("a/m", "b/m"));
            assertThat(before.at(44_999).failed(1, FailureKind.TRUNCATED)).containsExactly("start 2 b/m");
        }

        @Test
        void ofCallsThatReasonIsThreeMinutes() {
            CallScript call = running(CallScript.chain("a/m", "b/m").with(Step::reasoning));
            assertThat(call.at(179_999).failed(1, FailureKind.TRUNCATED)).containsExactly("start 2 b/m");
        }

        @Test
        void thatIsSetEndsWhatHasBroughtNothing() {
            CallScript call = running(CallScript.chain("a/m", "b/m").deadline(45_000));
            call.at(1_000).alive(1);
            assertThat(call.at(45_000).due()).containsExactly("cancel 1", "give up 504 deadline");
        }

        @Test
        void thatIsSetEndsReasoningToo() {
            CallScript call = running(CallScript.chain("a/m").streaming().deadline(45_000));
            assertThat(call.at(1_000).reasons(1)).containsExactly("preview 1");
            assertThat(call.at(45_000).due()).containsExactly("cancel 1", "give up 504 deadline");
        }

        @Test
        void thatIsSetDoesNotEndAnAnswerThatHasBegunToCome() {
            CallScript call = running(CallScript.chain("a/m").deadline(45_000));
            call.at(44_000).progress(1);
            assertThat(call.at(45_000).due()).isEmpty();
            assertThat(call.at(60_000).completed(1)).containsExactly("deliver 1");
        }

        @Test
        void thatIsSetEndsTheHedgeAndLeavesWhatIsHeldBack() {
            CallScript call = running(CallScript.chain("a/m", "b/m")
                    .streaming()
                    .hedging()
                    .committingWhenComplete()
                    .deadline(45_000));
            call.at(5_000).progress(1);
            assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
            assertThat(call.at(45_000).due()).containsExactly("cancel 2");
            assertThat(call.at(50_000).completed(1)).containsExactly("commit 1", "deliver 1");
        }

        @Test
        void byDefaultMovesAlongWithAStreamThatIsRead() {
            CallScript call = running(CallScript.chain("a/m", "b/m").streaming().recovering(Recovery.CONTINUE));
            for (int at = 1_000; at <= 100_000; at += 1_000) {
                call.at(at).progress(1);
            }
            assertThat(call.at(101_000).failed(1, FailureKind.TRUNCATED)).containsExactly("start 2 b/m continuation");
        }

        @Test
        void thatIsSetDoesNotMove() {
            CallScript call = running(CallScript.chain("a/m", "b/m")
                    .streaming()
                    .recovering(Recovery.CONTINUE)
                    .deadline(45_000));
            for (int at = 1_000; at <= 100_000; at += 1_000) {
                call.at(at).progress(1);
            }
            assertThat(call.at(101_000).failed(1, FailureKind.TRUNCATED)).containsExactly("give up 502 truncated");
        }

        @Test
        void isKeptByAnAlarmThatRingsLate() {
            CallScript call = CallScript.chain("a/m").with(CallScript.persistent());
            call.begin();
            call.at(44_000).failed(1, FailureKind.RATE_LIMITED, 900);
            assertThat(call.at(45_001).due()).containsExactly("give up 429 rate_limited");
            assertThat(call.attempts()).isEqualTo(1);
        }
    }

    @Nested
    @DisplayName("The cap")
    class Cap {
        @Test
        void isTenMinutes() {
            CallScript call = running(CallScript.chain("a/m"));
            call.at(1_000).alive(1);
            assertThat(call.untilDue()).containsExactly("cancel 1", "give up 504 deadline");
            assertThat(call.now()).isEqualTo(600_000);
        }

        @Test
        void isTwoMinutesForAStreamOfWhichNoByteCame() {
            CallScript call = running(CallScript.chain("a/m").streaming());
            assertThat(call.at(119_999).due()).isEmpty();
            assertThat(call.at(120_000).due()).containsExactly("cancel 1", "give up 504 deadline");
        }

        @Test
        void isTenMinutesForAStreamOfWhichHeadersCame() {
            CallScript call = running(CallScript.chain("a/m").streaming());
            call.at(100).alive(1);
            assertThat(call.untilDue()).containsExactly("cancel 1", "give up 504 deadline");
            assertThat(call.now()).isEqualTo(600_000);
        }

        @Test
        void isThePatienceOfTheCallerWhereThatIsShorter() {
            CallScript call = running(CallScript.chain("a/m").patience(30_000));
            call.at(29_000).progress(1);
            assertThat(call.at(30_000).due()).containsExactly("cancel 1", "give up 504 deadline");
        }

        @Test
        void andWhereItIsLonger() {
            CallScript call = running(CallScript.chain("a/m").patience(1_800_000));
            assertThat(call.at(1_799_999).due()).isEmpty();
            assertThat(call.completed(1)).containsExactly("deliver 1");
        }

        @Test
        void ofASilentStreamIsThePatienceWhereThatIsKnown() {
            CallScript call = running(CallScript.chain("a/m").streaming().patience(300_000));
            assertThat(call.at(299_999).due()).isEmpty();
            assertThat(call.at(300_000).due()).containsExactly("cancel 1", "give up 504 deadline");
        }

        @Test
        void ofASilentStreamWhoseCallerHasItsHeadersIsTwoMinutesToo() {
            CallScript call = running(CallScript.chain("a/m").streaming().patience(15_000));
            call.at(10_000).headSent();
            assertThat(call.at(119_999).due()).isEmpty();
            assertThat(call.at(120_000).due()).containsExactly("cancel 1", "give up 504 deadline");
        }

        @Test
        void andTheLongerPatienceOfSuchACaller() {
            CallScript call = running(CallScript.chain("a/m").streaming().patience(300_000));
            call.at(10_000).headSent();
            assertThat(call.at(299_999).due()).isEmpty();
            assertThat(call.at(300_000).due()).containsExactly("cancel 1", "give up 504 deadline");
        }

        @Test
        void aPatienceBelowTheMarksStartsTheHedgeAtHalfOfIt() {
            CallScript call = running(CallScript.chain("a/m", "b/m").hedging().patience(6_000));
            assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
            assertThat(call.now()).isEqualTo(3_000);
            assertThat(call.at(5_000).completed(1)).containsExactly("cancel 2", "deliver 1");
        }

        @Test
        void countsFromTheLatestContentOnceTheCallerHasItsHeaders() {
            CallScript call = running(CallScript.chain("a/m").streaming().patience(30_000));
            call.at(10_000).alive(1);
            call.headSent();
            assertThat(call.at(300_000).progress(1)).containsExactly("commit 1");
            assertThat(call.at(899_999).due()).isEmpty();
            assertThat(call.at(900_000).due()).containsExactly("cancel 1", "give up 504 deadline");
        }

        @Test
        void countsFromContentThatIsHeldBackToo() {
            CallScript call = running(CallScript.chain("a/m").streaming().committingWhenComplete());
            call.at(10_000).alive(1);
            call.headSent();
            for (int at = 20_000; at <= 900_000; at += 5_000) {
                assertThat(call.at(at).progress(1)).isEmpty();
            }
            assertThat(call.completed(1)).containsExactly("commit 1", "deliver 1");
        }

        @Test
        void isTheLongerPatienceOnceTheCallerHasItsHeaders() {
            CallScript call = running(CallScript.chain("a/m").streaming().patience(1_800_000));
            call.at(10_000).alive(1);
            call.headSent();
            assertThat(call.at(1_809_999).due()).isEmpty();
            assertThat(call.at(1_810_000).due()).containsExactly("cancel 1", "give up 504 deadline");
        }

        @Test
        void doesNotEndAStreamThatFlowsForHours() {
            CallScript call = running(CallScript.chain("a/m").streaming());
            for (int at = 1_000; at <= 7_200_000; at += 9_000) {
                call.at(at).progress(1);
            }
            assertThat(call.completed(1)).containsExactly("deliver 1");
        }
    }

    @Nested
    @DisplayName("An explicit limit")
    class ExplicitLimits {
        @Test
        void cancelsAndTheNextIsTried() {
            CallScript call = running(CallScript.chain("a/m", "b/m")
                    .streaming()
                    .with(CallScript.limits(limits -> limits.withTotal(Duration.ofSeconds(2)))));
            call.at(100).alive(1);
            assertThat(call.untilDue()).containsExactly("cancel 1", "start 2 b/m");
            assertThat(call.now()).isEqualTo(2_000);
        }

        @Test
        void ofAStreamEndsWithItsContent() {
            CallScript call = running(CallScript.chain("a/m")
                    .streaming()
                    .with(CallScript.limits(limits -> limits.withTotal(Duration.ofSeconds(2)))));
            call.at(1_000).progress(1);
            assertThat(call.at(60_000).due()).isEmpty();
            assertThat(call.completed(1)).containsExactly("deliver 1");
        }

        @Test
        void lengthensTheDeadlineSoThatAFallbackCanFollow() {
            CallScript call = running(CallScript.chain("a/m", "b/m")
                    .with(CallScript.limits(limits -> limits.withTotal(Duration.ofMinutes(2)))));
            assertThat(call.untilDue()).containsExactly("cancel 1", "start 2 b/m");
            assertThat(call.now()).isEqualTo(120_000);
            assertThat(call.at(180_000).completed(2)).containsExactly("deliver 2");
        }

        @Test
        void thatIsConfiguredLengthensItToo() {
            CallScript call = running(CallScript.chain("a/m", "b/m")
                    .with(Step::reasoning)
                    .with(CallScript.limits(limits -> new Timeouts(
                            limits.connect(),
                            limits.firstToken(),
                            limits.idle(),
                            limits.answer(),
                            Duration.ofMinutes(4),
                            limits.total(),
                            true))));
            assertThat(call.untilDue()).containsExactly("cancel 1", "start 2 b/m");
            assertThat(call.now()).isEqualTo(240_000);
        }

        @Test
        void doesNotCountTimeThatThisSideTakes() {
            CallScript call = CallScript.chain("a/m", "b/m")
                    .with(CallScript.limits(limits -> limits.withTotal(Duration.ofSeconds(2))));
            call.begin();
            call.paused(1);
            assertThat(call.at(10_000).due()).isEmpty();
            call.resumed(1);
            call.connected(1);
            assertThat(call.at(11_999).due()).isEmpty();
            assertThat(call.at(12_000).due()).containsExactly("cancel 1", "start 2 b/m");
        }

        @Test
        void whileReasoningOrAToolCallComesIsThatOfReasoning() {
            CallScript reasoning =
                    running(CallScript.chain("a/m", "b/m").streaming().with(CallScript.limits(Timeouts::cancelling)));
            reasoning.at(9_000).reasons(1);
            assertThat(reasoning.untilDue()).containsExactly("cancel 1", "start 2 b/m");
            assertThat(reasoning.now()).isEqualTo(60_000);

            CallScript tool =
                    running(CallScript.chain("a/m", "b/m").streaming().with(CallScript.limits(Timeouts::cancelling)));
            tool.at(9_000).callsATool(1);
            assertThat(tool.untilDue()).containsExactly("cancel 1", "start 2 b/m");
            assertThat(tool.now()).isEqualTo(60_000);
        }

        @Test
        void ofUnstreamedAnswersCancelsAtTheAnswersMark() {
            CallScript call = running(CallScript.chain("a/m", "b/m").with(CallScript.limits(Timeouts::cancelling)));
            assertThat(call.untilDue()).containsExactly("cancel 1", "start 2 b/m");
            assertThat(call.now()).isEqualTo(20_000);
        }
    }

    @Nested
    @DisplayName("The tail of a finished stream")
    class Tail {
        @Test
        void isWaitedForSoThatTheUsageIsThere() {
            CallScript call = running(CallScript.chain("a/m").streaming());
            call.at(100).progress(1);
            call.at(200).finishing(1);
            assertThat(call.at(4_900).due()).isEmpty();
            assertThat(call.completed(1)).containsExactly("deliver 1");
        }

        @Test
        void isNotWaitedForLong() {
            CallScript call = running(CallScript.chain("a/m").streaming());
            call.at(100).progress(1);
            call.at(200).finishing(1);
            assertThat(call.at(5_200).due()).containsExactly("cancel 1", "deliver 1");
        }
    }
}
