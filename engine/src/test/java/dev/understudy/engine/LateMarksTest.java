package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Lateness starts a hedge and ends nothing. */
class LateMarksTest {

    private static CallScript stream(String... targets) {
        return CallScript.chain(targets).streaming().hedging();
    }

    /** A stream whose request has been sent. */
    private static CallScript silent(String... targets) {
        CallScript call = stream(targets);
        call.begin();
        call.connected(1);
        return call;
    }

    private static CallScript reasoning(String... targets) {
        CallScript call = stream(targets).with(Step::reasoning);
        call.begin();
        call.connected(1);
        return call;
    }

    private static void isHedgedAt(int millis, CallScript call) {
        assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
        assertThat(call.now()).isEqualTo(millis);
    }

    @Nested
    @DisplayName("The mark of each stage")
    class Stages {
        @Test
        void noConnection() {
            CallScript call = stream("a/m", "b/m");
            call.begin();
            isHedgedAt(3_000, call);
        }

        @Test
        void noFirstToken() {
            isHedgedAt(10_000, silent("a/m", "b/m"));
        }

        @Test
        void noFirstTokenOfAModelThatReasons() {
            isHedgedAt(60_000, reasoning("a/m", "b/m"));
        }

        @Test
        void noAnswerThatIsNotStreamed() {
            CallScript call = CallScript.chain("a/m", "b/m").hedging();
            call.begin();
            call.connected(1);
            isHedgedAt(20_000, call);
        }

        @Test
        void noAnswerThatIsNotStreamedOfAModelThatReasons() {
            CallScript call = CallScript.chain("a/m", "b/m").hedging().with(Step::reasoning);
            call.begin();
            call.connected(1);
            isHedgedAt(60_000, call);
        }

        @Test
        void noEndOfAnAnswerThatIsNotStreamed() {
            CallScript call = CallScript.chain("a/m", "b/m").hedging();
            call.begin();
            call.connected(1);
            call.at(18_000).progress(1);
            isHedgedAt(28_000, call);
        }

        @Test
        void noFurtherContentOfAStreamThatIsHeldBack() {
            CallScript call = stream("a/m", "b/m").committingWhenComplete();
            call.begin();
            call.connected(1);
            call.at(5_000).progress(1);
            isHedgedAt(15_000, call);
        }

        @Test
        void noFurtherContentOfAStreamThatIsRead() {
            CallScript call = stream("a/m", "b/m").recovering(Recovery.CONTINUE);
            call.begin();
            call.connected(1);
            call.at(5_000).progress(1);
            assertThat(call.untilDue()).containsExactly("start 2 b/m continuation");
            assertThat(call.now()).isEqualTo(15_000);
        }

        @Test
        void theTargetsOwnTimeGoesBeforeTheFixedMark() {
            CallScript call = stream("a/m", "b/m").knowing("a/m", 25_000);
            call.begin();
            call.connected(1);
            assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
            assertThat(call.now()).isBetween(25_000, 27_300);
        }

        @Test
        void backPressureDoesNotMakeAnAttemptLate() {
            CallScript call = stream("a/m", "b/m");
            call.begin();
            call.paused(1);
            assertThat(call.at(30_000).due()).isEmpty();
            call.resumed(1);
            call.connected(1);
            isHedgedAt(40_000, call);
        }

        @Test
        void aTargetSlowerThanTheDefaultDeadlineIsHedgedAllTheSame() {
            CallScript call = CallScript.chain("a/m", "b/m").hedging().knowing("a/m", 60_000);
            call.begin();
            call.connected(1);
            assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
            assertThat(call.now()).isBetween(60_000, 65_500);
        }
    }

    @Nested
    @DisplayName("Two in flight")
    class Races {
        @Test
        void theHedgeWins() {
            CallScript call = silent("a/m", "b/m");
            call.untilDue();
            assertThat(call.at(12_000).progress(2)).containsExactly("commit 2", "cancel 1");
        }

        @Test
        void theLateOneWins() {
            CallScript call = silent("a/m", "b/m");
            call.untilDue();
            assertThat(call.at(12_000).progress(1)).containsExactly("commit 1", "cancel 2");
        }

        @Test
        void signsOfLifeWinNoRace() {
            CallScript call = silent("a/m", "b/m");
            call.untilDue();
            assertThat(call.at(11_000).alive(1)).isEmpty();
            assertThat(call.at(11_100).reasons(2)).isEmpty();
            assertThat(call.at(11_200).callsATool(1)).isEmpty();
            assertThat(call.at(12_000).progress(2)).containsExactly("commit 2", "cancel 1");
        }

        @Test
        void aFallbackThatIsDownCostsTheLateOneNothing() {
            CallScript call = silent("a/m", "b/m");
            call.untilDue();
            assertThat(call.at(10_050).failed(2, FailureKind.CONNECTION))
                    .as("it is tried once more, beside the late one")
                    .containsExactly("start 3 b/m hedge");
            assertThat(call.at(10_100).failed(3, FailureKind.CONNECTION)).isEmpty();
            assertThat(call.at(70_000).due()).isEmpty();
            assertThat(call.at(70_500).progress(1)).containsExactly("commit 1");
            assertThat(call.at(80_000).completed(1)).containsExactly("deliver 1");
        }

        /** Being slower is no failure: what lost the race is there when the winner stalls. */
        @Test
        void theLoserIsTriedAgainWhenTheWinnerStalls() {
            CallScript call = stream("a/m", "b/m").recovering(Recovery.CONTINUE);
            call.begin();
            call.connected(1);
            call.untilDue();
            assertThat(call.at(11_000).progress(2)).containsExactly("commit 2", "cancel 1");
            assertThat(call.untilDue()).containsExactly("start 3 a/m continuation");
            assertThat(call.now()).isEqualTo(21_000);
            assertThat(call.at(22_000).progress(3)).containsExactly("continue 3", "cancel 2");
        }

        @Test
        void whereAllAreSlowTheFirstContentWinsHoweverLate() {
            CallScript call = silent("a/m", "b/m");
            call.untilDue();
            call.connected(2);
            call.alive(1);
            call.alive(2);
            assertThat(call.at(20_000).due()).isEmpty();
            assertThat(call.at(44_999).due()).isEmpty();
            assertThat(call.at(100_000).progress(1)).containsExactly("commit 1", "cancel 2");
        }

        @Test
        void theOnlyTargetIsWaitedForUntilTheCap() {
            CallScript call = CallScript.chain("a/m").hedging();
            call.begin();
            call.connected(1);
            assertThat(call.at(599_999).due()).isEmpty();
            assertThat(call.completed(1)).containsExactly("deliver 1");
        }

        @Test
        void afterTheCapItIsNot() {
            CallScript call = CallScript.chain("a/m").hedging();
            call.begin();
            call.connected(1);
            assertThat(call.untilDue()).containsExactly("cancel 1", "give up 504 deadline");
            assertThat(call.now()).isEqualTo(600_000);
        }
    }

    @Nested
    @DisplayName("Signs of life")
    class SignsOfLife {
        @Test
        void responseHeadersAloneGrantAFifthMore() {
            CallScript call = silent("a/m", "b/m");
            call.at(300).alive(1);
            isHedgedAt(12_000, call);
        }

        @Test
        void aHeartbeatEveryTenSecondsArrivesInTime() {
            CallScript call = silent("a/m", "b/m");
            for (int at = 300; at <= 60_300; at += 10_000) {
                assertThat(call.at(at).alive(1)).isEmpty();
                assertThat(call.due()).isEmpty();
            }
            assertThat(call.progress(1)).containsExactly("commit 1");
        }

        @Test
        void aHeartbeatPostponesTheMark() {
            CallScript call = silent("a/m", "b/m");
            for (int at = 1_000; at <= 31_000; at += 10_000) {
                assertThat(call.at(at).alive(1)).isEmpty();
                assertThat(call.due()).isEmpty();
            }
            isHedgedAt(46_000, call);
        }

        @Test
        void aHeartbeatAloneDoesNotHoldACallForGood() {
            CallScript call = silent("a/m", "b/m");
            for (int at = 1_000; at <= 74_000; at += 1_000) {
                assertThat(call.at(at).alive(1)).isEmpty();
                assertThat(call.due()).isEmpty();
            }
            isHedgedAt(75_000, call);
        }

        @Test
        void aHeartbeatOfAModelThatReasonsMayLastLonger() {
            CallScript call = reasoning("a/m", "b/m");
            for (int at = 1_000; at <= 149_000; at += 1_000) {
                assertThat(call.at(at).alive(1)).isEmpty();
                assertThat(call.due()).isEmpty();
            }
            isHedgedAt(150_000, call);
        }

        @Test
        void attemptsMayStartLateWhereAModelWasAtWork() {
            CallScript call = silent("a/m", "b/m");
            for (int at = 1_000; at <= 74_000; at += 1_000) {
                call.at(at).alive(1);
            }
            assertThat(call.failed(1, FailureKind.SERVER_ERROR)).containsExactly("start 2 a/m");
            assertThat(call.at(179_999).failed(2, FailureKind.AUTH)).containsExactly("start 3 b/m");
        }

        @Test
        void andNotWhereItWasSilent() {
            CallScript call = silent("a/m", "b/m").withoutHedgingBudget();
            CallScript silent = call.then("a/m", "b/m").streaming();
            silent.begin();
            assertThat(silent.at(45_000).failed(1, FailureKind.SERVER_ERROR))
                    .containsExactly("give up 503 server_error");
        }

        @Test
        void eachPieceOfReasoningMovesTheMark() {
            CallScript call = silent("a/m", "b/m");
            for (int at = 5_000; at <= 205_000; at += 50_000) {
                call.at(at).reasons(1);
                assertThat(call.due()).isEmpty();
            }
            assertThat(call.at(264_999).due()).isEmpty();
            assertThat(call.at(265_000).progress(1)).contains("commit 1");
        }

        @Test
        void reasoningThatStopsIsLateAfterTheMarkOfReasoning() {
            CallScript call = silent("a/m", "b/m");
            assertThat(call.at(5_000).reasons(1)).containsExactly("preview 1");
            isHedgedAt(65_000, call);
        }

        @Test
        void eachPieceOfAToolCallMovesTheMark() {
            CallScript call = silent("a/m", "b/m");
            call.at(5_000).callsATool(1);
            call.at(60_000).callsATool(1);
            isHedgedAt(120_000, call);
        }

        @Test
        void aToolCallBehindTextHasItsTimeToo() {
            CallScript call = stream("a/m", "b/m").recovering(Recovery.CONTINUE);
            call.begin();
            call.connected(1);
            call.at(1_000).progress(1);
            call.at(5_000).callsATool(1);
            assertThat(call.at(64_999).due()).isEmpty();
            assertThat(call.at(65_000).due()).containsExactly("start 2 b/m continuation");
        }

        @Test
        void contentBehindReasoningBeginsASilenceOfTheUsualLength() {
            CallScript call = stream("a/m", "b/m").recovering(Recovery.CONTINUE);
            call.begin();
            call.connected(1);
            call.at(5_000).reasons(1);
            assertThat(call.at(30_000).progress(1)).containsExactly("commit 1");
            assertThat(call.at(39_999).due()).isEmpty();
            assertThat(call.at(40_000).due()).containsExactly("start 2 b/m continuation");
        }

        @Test
        void anAttemptWithSignsOfLifeIsNotHung() {
            CallScript call = silent("a/m", "b/m").withoutHedgingBudget();
            call.at(9_000).alive(1);
            call.at(25_000).alive(1);
            assertThat(call.at(30_000).due()).isEmpty();
            assertThat(call.at(54_000).due()).isEmpty();
            assertThat(call.at(80_000).progress(1)).containsExactly("commit 1");
        }
    }

    @Nested
    @DisplayName("Hung: no sign of life for three late marks")
    class Hung {
        @Test
        void aHedgeBesideItCostsNoBudgetAndItIsNotCancelled() {
            CallScript call = silent("a/m", "b/m").withoutHedgingBudget();
            isHedgedAt(30_000, call);
            assertThat(call.at(31_000).progress(1)).containsExactly("commit 1", "cancel 2");
        }

        @Test
        void itMakesRoomForAThirdTarget() {
            CallScript call = silent("a/m", "b/m", "c/m");
            isHedgedAt(10_000, call);
            call.connected(2);
            assertThat(call.at(29_999).due()).isEmpty();
            assertThat(call.at(30_000).due()).containsExactly("cancel 1", "start 3 c/m hedge");
            assertThat(call.at(31_000).progress(3)).containsExactly("commit 3", "cancel 2");
        }

        @Test
        void itMakesNoRoomWhereNoTargetIsLeft() {
            CallScript call = silent("a/m", "b/m");
            isHedgedAt(10_000, call);
            call.connected(2);
            assertThat(call.at(119_999).due()).isEmpty();
            assertThat(call.progress(1)).containsExactly("commit 1", "cancel 2");
        }

        @Test
        void anotherKeyOfTheSameModelIsNoReasonToGiveItUp() {
            CallScript call = CallScript.chain("a/m", "a/m#2").streaming();
            call.begin();
            call.connected(1);
            assertThat(call.at(30_000).due()).isEmpty();
            assertThat(call.at(40_000).progress(1)).containsExactly("commit 1");
        }

        @Test
        void whereHedgesAreNotWantedItIsGivenUpForTheNext() {
            CallScript call = CallScript.chain("a/m", "b/m").streaming();
            call.begin();
            call.connected(1);
            assertThat(call.at(29_999).due()).isEmpty();
            assertThat(call.at(30_000).due()).containsExactly("cancel 1", "start 2 b/m");
        }

        @Test
        void whereHedgesAreNotWantedAnAttemptWithSignsOfLifeIsNot() {
            CallScript call = CallScript.chain("a/m", "b/m").streaming();
            call.begin();
            call.connected(1);
            call.at(20_000).alive(1);
            assertThat(call.at(30_000).due()).isEmpty();
            assertThat(call.at(44_000).due()).isEmpty();
        }

        @Test
        void whereNoOtherTargetIsToBeTriedItDoesNotHoldTheLastWordBack() {
            CallScript call = silent("a/m", "b/m");
            isHedgedAt(10_000, call);
            call.connected(2);
            assertThat(call.at(12_000).failed(2, FailureKind.CONTENT_POLICY)).isEmpty();
            assertThat(call.at(29_999).due()).isEmpty();
            assertThat(call.at(30_000).due()).containsExactly("cancel 1", "give up 504 timeout_first_token");
        }

        @Test
        void theLastWordIsForgottenOnceTheOtherOneAnswers() {
            CallScript call = stream("a/m", "b/m", "c/m").recovering(Recovery.CONTINUE);
            call.begin();
            call.connected(1);
            isHedgedAt(10_000, call);
            call.at(12_000).failed(2, FailureKind.CONTENT_POLICY);
            assertThat(call.at(13_000).progress(1)).containsExactly("commit 1");
            assertThat(call.at(22_999).due()).isEmpty();
            assertThat(call.at(23_000).due()).containsExactly("start 3 c/m continuation");
        }

        @Test
        void aTargetWithAKnownTimeIsNotHungBeforeThreeOfThem() {
            CallScript call = CallScript.chain("a/m", "b/m")
                    .hedging()
                    .knowing("a/m", 60_000)
                    .withoutHedgingBudget();
            call.begin();
            call.connected(1);
            assertThat(call.at(70_000).due()).isEmpty();
            assertThat(call.at(179_000).completed(1)).containsExactly("deliver 1");
        }
    }

    @Nested
    @DisplayName("The budget")
    class Budget {
        @Test
        void isFullForTheFirstCallsOfAGateway() {
            isHedgedAt(10_000, silent("a/m", "b/m"));
        }

        @Test
        void spentLeavesTheLateAttemptAlone() {
            CallScript call = silent("a/m", "b/m").withoutHedgingBudget();
            call.at(5_000).alive(1);
            assertThat(call.at(10_000).due()).isEmpty();
            assertThat(call.at(30_000).progress(1)).containsExactly("commit 1");
        }

        @Test
        void isNotNeededBesideATargetThatFailsForOthersToo() {
            CallScript call = silent("a/m", "b/m").withoutHedgingBudget();
            CallScript other =
                    call.then("a/m").with(CallScript.cooldown(1, Duration.ofSeconds(60), Duration.ofSeconds(60)));
            other.at(1_000).begin();
            other.failed(1, FailureKind.SERVER_ERROR);
            isHedgedAt(10_000, call.at(1_000));
        }

        @Test
        void isNotNeededToReplaceAHedgeThatFailed() {
            CallScript call = silent("a/m", "b/m", "c/m");
            isHedgedAt(10_000, call);
            call.withoutHedgingBudget();
            assertThat(call.at(10_500).failed(2, FailureKind.OVERLOADED)).containsExactly("start 3 c/m hedge");
        }
    }

    @Test
    void aShortPatienceBringsTheMarkForwardUntilTheCallerHasItsHeaders() {
        CallScript hasty = stream("a/m", "b/m").with(Step::reasoning).patience(60_000);
        hasty.begin();
        hasty.connected(1);
        isHedgedAt(30_000, hasty);

        CallScript kept = stream("a/m", "b/m").with(Step::reasoning).patience(60_000);
        kept.begin();
        kept.connected(1);
        kept.at(10_000).headSent();
        isHedgedAt(60_000, kept);
    }

    @Test
    void aTargetThatRecoversIsStartedBesideTheLateOne() {
        CallScript call = silent("a/m", "b/m");
        CallScript other = call.then("b/m");
        other.at(8_000).begin();
        other.failed(1, FailureKind.UNKNOWN_MODEL);
        assertThat(call.at(10_000).due()).isEmpty();
        assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
        assertThat(call.now()).isBetween(12_000, 13_000);
    }

    @Test
    void aTargetThatStillCoolsIsTheLastResortBesideAHungOne() {
        CallScript call = silent("a/m", "b/m");
        CallScript other =
                call.then("b/m").with(CallScript.cooldown(1, Duration.ofSeconds(60), Duration.ofSeconds(60)));
        other.at(1_000).begin();
        other.failed(1, FailureKind.SERVER_ERROR);
        assertThat(call.at(29_999).due()).isEmpty();
        assertThat(call.at(30_000).due()).containsExactly("start 2 b/m hedge");
        assertThat(call.trail()).isEqualTo("a/m answering, b/m passed_over cooling, b/m answering");
    }

    @Test
    void aTargetIsTriedWhenItsRetryAfterHasPassed() {
        CallScript call = silent("a/m", "b/m");
        CallScript other = call.then("b/m").with(CallScript.retries(0, Duration.ZERO));
        other.at(1_000).begin();
        other.failed(1, FailureKind.RATE_LIMITED, 35_000);
        assertThat(call.at(30_000).due()).isEmpty();
        assertThat(call.at(35_999).due()).isEmpty();
        assertThat(call.at(36_000).due()).containsExactly("start 2 b/m hedge");
    }
}
