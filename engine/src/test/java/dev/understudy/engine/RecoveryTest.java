package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams that break after the caller has read of them. */
class RecoveryTest {

    private static CallScript flowing(Recovery recovery, String... targets) {
        CallScript call = CallScript.chain(targets).streaming().recovering(recovery);
        call.begin();
        call.connected(1);
        assertThat(call.at(500).progress(1)).containsExactly("commit 1");
        return call;
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"CONNECTION", "SERVER_ERROR", "OVERLOADED", "RATE_LIMITED", "BAD_REQUEST", "MALFORMED", "TRUNCATED"
            })
    void theNextTargetContinuesAStreamThatBroke(FailureKind kind) {
        CallScript call = flowing(Recovery.CONTINUE, "a/m", "b/m");
        assertThat(call.at(900).failed(1, kind)).containsExactly("start 2 b/m continuation");
        assertThat(call.at(1_000).progress(2)).containsExactly("continue 2");
        assertThat(call.at(1_100).completed(2)).containsExactly("deliver 2");
        assertThat(call.trail()).isEqualTo("a/m " + kind.wireName() + ", b/m ok");
    }

    @Test
    void aStreamThatStallsIsCancelledAndContinuedWhereALimitIsSet() {
        CallScript call = CallScript.chain("a/m", "b/m")
                .streaming()
                .with(CallScript.limits(Timeouts::cancelling))
                .recovering(Recovery.CONTINUE);
        call.begin();
        call.connected(1);
        call.at(500).progress(1);
        assertThat(call.untilDue()).containsExactly("cancel 1", "start 2 b/m continuation");
        assertThat(call.now()).isEqualTo(10_500);
    }

    @Test
    void whatOtherTargetsMayNotAnswerIsNotContinued() {
        CallScript call = flowing(Recovery.CONTINUE, "a/m", "b/m");
        assertThat(call.failed(1, FailureKind.CONTENT_POLICY)).containsExactly("give up 400 content_policy");
    }

    @Test
    void contentThatCannotBeContinuedEndsWithTheError() {
        CallScript call = flowing(Recovery.CONTINUE, "a/m", "b/m").withContentThatCannotBeContinued();
        call.at(600).progress(1);
        assertThat(call.failed(1, FailureKind.TRUNCATED)).containsExactly("give up 502 truncated");
    }

    @Test
    void terminateTriesNoOtherTarget() {
        CallScript call = flowing(Recovery.TERMINATE, "a/m", "b/m");
        assertThat(call.failed(1, FailureKind.TRUNCATED)).containsExactly("give up 502 truncated");
    }

    @Test
    void aRestartNeedsNoContentThatCanBeContinued() {
        CallScript call = flowing(Recovery.RESTART, "a/m", "b/m").withContentThatCannotBeContinued();
        call.at(600).progress(1);
        assertThat(call.failed(1, FailureKind.TRUNCATED)).containsExactly("start 2 b/m restart");
        assertThat(call.progress(2)).containsExactly("continue 2");
    }

    @Test
    void aContinuationThatFailsBeforeItBeganMovesOn() {
        CallScript call = flowing(Recovery.CONTINUE, "a/m", "b/m", "c/m");
        call.failed(1, FailureKind.TRUNCATED);
        assertThat(call.failed(2, FailureKind.AUTH)).containsExactly("start 3 c/m continuation");
        assertThat(call.completed(3)).containsExactly("continue 3", "deliver 3");
    }

    @Test
    void aContinuationThatBreaksMovesOnToo() {
        CallScript call = flowing(Recovery.CONTINUE, "a/m", "b/m", "c/m");
        call.failed(1, FailureKind.TRUNCATED);
        call.progress(2);
        assertThat(call.failed(2, FailureKind.CONNECTION)).containsExactly("start 3 c/m continuation");
        assertThat(call.progress(3)).containsExactly("continue 3");
    }

    @Test
    void theFirstBreakIsReportedIfNoTargetIsLeft() {
        CallScript call = flowing(Recovery.CONTINUE, "a/m", "b/m");
        call.failed(1, FailureKind.TRUNCATED);
        assertThat(call.failed(2, FailureKind.OVERLOADED)).containsExactly("start 3 b/m continuation");
        assertThat(call.failed(3, FailureKind.OVERLOADED)).containsExactly("give up 502 truncated");
    }

    @Test
    void aRefusedFormIsRewrittenOnce() {
        CallScript call = flowing(Recovery.CONTINUE, "a/m", "b/m", "c/m");
        call.failed(1, FailureKind.TRUNCATED);
        assertThat(call.failed(2, FailureKind.CONTINUATION_REFUSED)).containsExactly("start 3 b/m continuation");
        assertThat(call.failed(3, FailureKind.CONTINUATION_REFUSED)).containsExactly("start 4 c/m continuation");
    }

    @Test
    void aRefusedContinuationIsNoFaultOfTheCaller() {
        CallScript call = flowing(Recovery.CONTINUE, "a/m", "b/m", "c/m");
        call.failed(1, FailureKind.TRUNCATED);
        assertThat(call.failed(2, FailureKind.BAD_REQUEST)).containsExactly("start 3 c/m continuation");
    }

    @Test
    void withoutAnotherTargetTheSameOneContinues() {
        CallScript call = flowing(Recovery.CONTINUE, "a/m");
        assertThat(call.at(20_000).failed(1, FailureKind.TRUNCATED)).containsExactly("start 2 a/m continuation");
        call.progress(2);
        assertThat(call.failed(2, FailureKind.TRUNCATED)).containsExactly("give up 502 truncated");
    }

    @Test
    void aStalledTargetDoesNotContinueItself() {
        CallScript call = CallScript.chain("a/m")
                .streaming()
                .with(CallScript.limits(Timeouts::cancelling))
                .recovering(Recovery.CONTINUE);
        call.begin();
        call.connected(1);
        call.at(500).progress(1);
        assertThat(call.untilDue()).containsExactly("cancel 1", "give up 504 timeout_idle");
    }

    @Test
    void aContinuationKeepsADeadlineThatWasSet() {
        CallScript set = CallScript.chain("a/m", "b/m", "c/m")
                .streaming()
                .recovering(Recovery.CONTINUE)
                .deadline(45_000);
        set.begin();
        set.connected(1);
        set.at(500).progress(1);
        set.failed(1, FailureKind.TRUNCATED);
        set.connected(2);
        for (int at = 1_000; at < 45_000; at += 1_000) {
            set.at(at).progress(2);
        }
        assertThat(set.at(45_000).due()).isEmpty();
        assertThat(set.progress(2)).isEmpty();
        assertThat(set.failed(2, FailureKind.TRUNCATED)).containsExactly("give up 502 truncated");
    }

    @Test
    void aCallerWhoLeavesEndsTheContinuationToo() {
        CallScript call = flowing(Recovery.CONTINUE, "a/m", "b/m");
        call.failed(1, FailureKind.TRUNCATED);
        assertThat(call.callerLeft()).containsExactly("cancel 2", "abandon");
    }

    @Test
    void aBlankContinuationMakesNoAnswerWhole() {
        CallScript call = flowing(Recovery.CONTINUE, "a/m", "b/m", "c/m");
        call.failed(1, FailureKind.TRUNCATED);
        Failure blank = new Failure(FailureKind.EMPTY, 0, ErrorDetails.of("blank"), OptionalLong.empty(), true);
        assertThat(call.failed(2, blank)).containsExactly("start 3 c/m continuation");
        assertThat(call.failed(3, blank)).containsExactly("give up 502 truncated");
    }

    /** A stream that the caller reads, and that has stalled long enough for another one to be started beside it. */
    private static CallScript stalled(Recovery recovery, String... targets) {
        CallScript call = CallScript.chain(targets).streaming().hedging().recovering(recovery);
        call.begin();
        call.connected(1);
        call.at(500).progress(1);
        assertThat(call.untilDue())
                .containsExactly("start 2 b/m " + recovery.attemptKind().wireName());
        assertThat(call.now()).isEqualTo(10_500);
        return call;
    }

    @Nested
    @DisplayName("A stream that stalls is continued beside, and not instead")
    class Stalled {
        @Test
        void itResumesFirst() {
            CallScript call = stalled(Recovery.CONTINUE, "a/m", "b/m");
            assertThat(call.at(12_000).progress(1)).containsExactly("cancel 2");
            assertThat(call.at(13_000).completed(1)).containsExactly("deliver 1");
            assertThat(call.trail()).isEqualTo("a/m ok, b/m cancelled");
        }

        @Test
        void itIsCompleteFirst() {
            CallScript call = stalled(Recovery.CONTINUE, "a/m", "b/m");
            assertThat(call.at(12_000).completed(1)).containsExactly("cancel 2", "deliver 1");
        }

        @Test
        void itIsFinishedFirst() {
            CallScript call = stalled(Recovery.CONTINUE, "a/m", "b/m");
            assertThat(call.at(12_000).finishing(1)).containsExactly("cancel 2");
            assertThat(call.at(12_100).completed(1)).containsExactly("deliver 1");
        }

        @Test
        void theContinuationIsFirst() {
            CallScript call = stalled(Recovery.CONTINUE, "a/m", "b/m");
            assertThat(call.at(11_000).alive(2)).isEmpty();
            assertThat(call.at(12_000).progress(2)).containsExactly("continue 2", "cancel 1");
            assertThat(call.at(12_500).progress(1)).isEmpty();
            assertThat(call.at(13_000).completed(2)).containsExactly("deliver 2");
        }

        @Test
        void theContinuationFailsAndTheNextOneIsTriedAtOnce() {
            CallScript call = stalled(Recovery.CONTINUE, "a/m", "b/m", "c/m");
            assertThat(call.at(11_000).failed(2, FailureKind.OVERLOADED)).containsExactly("start 3 c/m continuation");
            assertThat(call.at(12_000).progress(3)).containsExactly("continue 3", "cancel 1");
        }

        @Test
        void theContinuationFailsAndItIsWaitedFor() {
            CallScript call = stalled(Recovery.CONTINUE, "a/m", "b/m");
            assertThat(call.at(11_000).failed(2, FailureKind.OVERLOADED))
                    .as("no other target is left: it is tried once more")
                    .containsExactly("start 3 b/m continuation");
            assertThat(call.at(11_500).failed(3, FailureKind.OVERLOADED)).isEmpty();
            assertThat(call.at(100_000).due()).isEmpty();
            assertThat(call.at(100_001).progress(1)).isEmpty();
            assertThat(call.at(100_002).completed(1)).containsExactly("deliver 1");
        }

        @Test
        void theContinuationsRefusalIsNoFaultOfTheCaller() {
            CallScript call = stalled(Recovery.CONTINUE, "a/m", "b/m", "c/m");
            assertThat(call.at(11_000).failed(2, FailureKind.CONTENT_POLICY))
                    .containsExactly("start 3 c/m continuation");
        }

        @Test
        void itBreaksMeanwhile() {
            CallScript call = stalled(Recovery.CONTINUE, "a/m", "b/m");
            assertThat(call.at(11_000).failed(1, FailureKind.CONNECTION)).isEmpty();
            assertThat(call.at(12_000).progress(2)).containsExactly("continue 2");
            assertThat(call.at(13_000).completed(2)).containsExactly("deliver 2");
        }

        @Test
        void itBreaksAndThenTheContinuationFails() {
            CallScript call = stalled(Recovery.CONTINUE, "a/m", "b/m", "c/m");
            call.at(11_000).failed(1, FailureKind.CONNECTION);
            assertThat(call.at(12_000).failed(2, FailureKind.AUTH)).containsExactly("start 3 c/m continuation");
            assertThat(call.at(12_100).failed(3, FailureKind.AUTH)).containsExactly("give up 503 connection");
        }

        @Test
        void theContinuationStallsTooAndAThirdFollows() {
            CallScript call = stalled(Recovery.CONTINUE, "a/m", "b/m", "c/m");
            assertThat(call.at(12_000).progress(2)).containsExactly("continue 2", "cancel 1");
            assertThat(call.at(22_000).due()).containsExactly("start 3 c/m continuation");
            assertThat(call.at(23_000).progress(2)).containsExactly("cancel 3");
        }

        @Test
        void aRestartIsStartedBesideItToo() {
            CallScript call = stalled(Recovery.RESTART, "a/m", "b/m");
            assertThat(call.at(12_000).progress(2)).containsExactly("continue 2", "cancel 1");

            CallScript resumed = stalled(Recovery.RESTART, "a/m", "b/m");
            assertThat(resumed.at(12_000).progress(1)).containsExactly("cancel 2");
        }

        @Test
        void whatCannotBeContinuedIsWaitedFor() {
            CallScript call = CallScript.chain("a/m", "b/m")
                    .streaming()
                    .hedging()
                    .recovering(Recovery.CONTINUE)
                    .withContentThatCannotBeContinued();
            call.begin();
            call.connected(1);
            call.at(500).progress(1);
            assertThat(call.at(100_000).due()).isEmpty();
            assertThat(call.at(100_001).completed(1)).containsExactly("deliver 1");
        }

        @Test
        void whereAnErrorIsWantedItIsWaitedForUntilTheCap() {
            CallScript call =
                    CallScript.chain("a/m", "b/m").streaming().hedging().recovering(Recovery.TERMINATE);
            call.begin();
            call.connected(1);
            call.at(500).progress(1);
            assertThat(call.untilDue()).containsExactly("cancel 1", "give up 504 deadline");
            assertThat(call.now()).isEqualTo(600_500);
        }
    }

    @Nested
    @DisplayName("Reasoning is forwarded, and commits only itself")
    class Previews {
        private CallScript previewed(String... targets) {
            CallScript call = CallScript.chain(targets).streaming().hedging().recovering(Recovery.CONTINUE);
            call.begin();
            call.connected(1);
            assertThat(call.at(500).reasons(1)).containsExactly("preview 1");
            assertThat(call.at(600).reasons(1)).isEmpty();
            return call;
        }

        @Test
        void theAnswerFollows() {
            CallScript call = previewed("a/m", "b/m");
            assertThat(call.at(5_000).progress(1)).containsExactly("commit 1");
        }

        @Test
        void itBreaksAndTheNextReasonsAndAnswersInTheSameStream() {
            CallScript call = previewed("a/m", "b/m");
            assertThat(call.at(5_000).failed(1, FailureKind.TRUNCATED)).containsExactly("start 2 b/m");
            assertThat(call.at(6_000).reasons(2)).containsExactly("preview 2");
            assertThat(call.at(7_000).progress(2)).containsExactly("commit 2");
        }

        @Test
        void itBreaksSoonAndIsTriedAgain() {
            CallScript call = previewed("a/m", "b/m");
            assertThat(call.at(900).failed(1, FailureKind.TRUNCATED)).containsExactly("start 2 a/m");
            assertThat(call.at(1_000).reasons(2)).containsExactly("preview 2");
        }

        @Test
        void itIsLateAndAHedgeAnswersFirst() {
            CallScript call = previewed("a/m", "b/m");
            assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
            assertThat(call.now()).isEqualTo(60_600);
            assertThat(call.at(61_000).reasons(2)).isEmpty();
            assertThat(call.at(62_000).progress(2)).containsExactly("commit 2", "cancel 1");
        }

        @Test
        void whereBothReasonTheOneThatIsLeftIsShown() {
            CallScript call = previewed("a/m", "b/m");
            call.untilDue();
            call.at(61_000).reasons(2);
            assertThat(call.at(62_000).failed(1, FailureKind.CONNECTION)).containsExactly("preview 2");
        }

        @Test
        void theLateOneIsShownWhenItsHedgeHasFailed() {
            CallScript call = CallScript.chain("a/m", "b/m").streaming().hedging();
            call.begin();
            call.connected(1);
            call.untilDue();
            assertThat(call.at(11_000).reasons(1)).isEmpty();
            assertThat(call.at(12_000).failed(2, FailureKind.OVERLOADED)).containsExactly("preview 1");
        }

        @Test
        void reasoningOfAStreamThatIsHeldBackIsNotShown() {
            CallScript call = CallScript.chain("a/m").streaming().committingWhenComplete();
            call.begin();
            call.connected(1);
            assertThat(call.at(500).reasons(1)).isEmpty();
        }

        @Test
        void reasoningBehindTextIsNoPreview() {
            CallScript call = CallScript.chain("a/m").streaming();
            call.begin();
            call.connected(1);
            call.at(500).progress(1);
            assertThat(call.at(600).reasons(1)).isEmpty();
        }
    }
}
