package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A second target is started beside the first one, which is later than usual. */
class HedgingTest {

    private static CallScript late() {
        CallScript call = CallScript.chain("a/m", "b/m", "c/m")
                .streaming()
                .hedging()
                .with(CallScript.limits(limits -> limits.withTotal(Duration.ofSeconds(30))))
                .knowing("a/m", 3_000);
        assertThat(call.begin()).containsExactly("start 1 a/m");
        call.connected(1);
        assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
        assertThat(call.now()).isBetween(3_000, 3_300);
        return call;
    }

    @Test
    void theFirstToCommitWinsAndTheOtherIsCancelled() {
        CallScript call = late();
        assertThat(call.at(3_500).progress(2)).containsExactly("commit 2", "cancel 1");
        assertThat(call.completed(2)).containsExactly("deliver 2");
        assertThat(call.trail()).isEqualTo("a/m cancelled, b/m ok");
    }

    @Test
    void theLateOneMayStillWin() {
        CallScript call = late();
        assertThat(call.at(3_500).progress(1)).containsExactly("commit 1", "cancel 2");
    }

    /** To lose a race is no failure: in a chain of two there would be no other target to continue the winner's stream. */
    @Test
    void aLoserMayContinueTheStreamOfTheWinner() {
        CallScript call = CallScript.chain("a/m", "b/m")
                .streaming()
                .recovering(Recovery.CONTINUE)
                .hedging()
                .knowing("a/m", 3_000);
        call.begin();
        call.connected(1);
        assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
        assertThat(call.at(3_500).progress(1)).containsExactly("commit 1", "cancel 2");
        assertThat(call.at(4_000).failed(1, FailureKind.TRUNCATED)).containsExactly("start 3 b/m continuation");
    }

    @Test
    void aLoserMayContinueBesideAWinnerThatStalls() {
        CallScript call = CallScript.chain("a/m", "b/m")
                .streaming()
                .recovering(Recovery.CONTINUE)
                .hedging()
                .knowing("a/m", 3_000);
        call.begin();
        call.connected(1);
        assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
        assertThat(call.at(3_500).progress(1)).containsExactly("commit 1", "cancel 2");
        assertThat(call.untilDue()).containsExactly("start 3 b/m continuation");
        assertThat(call.now()).isEqualTo(13_500);
    }

    @Test
    void theRemainingAttemptContinuesAlone() {
        CallScript call = late();
        assertThat(call.at(3_400).failed(1, FailureKind.SERVER_ERROR)).isEmpty();
        assertThat(call.at(3_500).progress(2)).containsExactly("commit 2");
    }

    @Test
    void aHedgeThatFailedIsReplacedAtOnceBesideTheLateOne() {
        CallScript call = late();
        assertThat(call.at(3_400).failed(2, FailureKind.OVERLOADED)).containsExactly("start 3 c/m hedge");
        assertThat(call.at(3_450).failed(1, FailureKind.OVERLOADED)).isEmpty();
        assertThat(call.at(3_500).progress(3)).containsExactly("commit 3");
    }

    @Test
    void aFaultOfTheCallerIsNotSentToOthersThoughTheOtherMayAnswer() {
        CallScript call = late();
        assertThat(call.at(3_400).failed(1, FailureKind.CONTENT_POLICY)).isEmpty();
        assertThat(call.at(3_450).failed(2, FailureKind.SERVER_ERROR)).containsExactly("give up 503 server_error");
    }

    @Test
    void aFaultOfTheCallerIsNotSentToAThirdThoughTheSecondIsLateToo() {
        CallScript call = CallScript.chain("a/m", "b/m", "c/m")
                .streaming()
                .hedging()
                .with(CallScript.limits(limits -> limits.withTotal(Duration.ofSeconds(30))))
                .knowing("a/m", 1_000)
                .knowing("b/m", 1_000);
        for (int savings = 0; savings < 20; savings++) {
            call.then("a/m", "b/m").hedging().begin();
        }
        assertThat(call.begin()).containsExactly("start 1 a/m");
        call.connected(1);
        assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
        call.connected(2);
        assertThat(call.at(call.now() + 100).failed(1, FailureKind.CONTENT_POLICY))
                .isEmpty();
        assertThat(call.at(call.now() + 2_000).due()).isEmpty();
        assertThat(call.completed(2)).containsExactly("commit 2", "deliver 2");
    }

    @Test
    void threeAreNeverInFlightButTheThirdTakesTheFirstFreePlace() {
        CallScript call = CallScript.chain("a/m", "b/m", "c/m")
                .streaming()
                .hedging()
                .with(CallScript.limits(limits -> limits.withTotal(Duration.ofSeconds(30))))
                .knowing("a/m", 3_000)
                .knowing("b/m", 3_000);
        for (int earlier = 0; earlier < 30; earlier++) {
            call.begin();
            call.callerLeft();
        }
        call.begin();
        call.connected(1);
        assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
        call.connected(2);
        assertThat(call.at(6_500).due()).isEmpty();
        assertThat(call.at(6_600).failed(1, FailureKind.SERVER_ERROR)).containsExactly("start 3 c/m hedge");
    }

    @Test
    void aQuickTargetIsGivenTwoSecondsAllTheSame() {
        CallScript call = CallScript.chain("a/m", "b/m").streaming().hedging().knowing("a/m", 100);
        call.begin();
        call.connected(1);
        assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
        assertThat(call.now()).isEqualTo(2_000);
    }

    @Test
    void theFixedMarkHoldsUntilEnoughIsKnown() {
        CallScript call = CallScript.chain("a/m", "b/m").streaming().hedging();
        call.begin();
        call.connected(1);
        assertThat(call.at(3_000).due()).isEmpty();
        assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
        assertThat(call.now()).isEqualTo(10_000);
    }

    @Test
    void nothingOverlapsWhereTheCallerDoesNotWantIt() {
        CallScript call = CallScript.chain("a/m", "b/m").streaming().knowing("a/m", 3_000);
        call.begin();
        call.connected(1);
        assertThat(call.untilDue()).containsExactly("cancel 1", "start 2 b/m");
        assertThat(call.now()).isEqualTo(30_000);
    }

    @Test
    void theBudgetKeepsAStormAway() {
        HedgingBudget budget = HedgingBudget.ofDefaults();
        while (budget.take()) {
            // What is saved at the start is used up.
        }
        int hedges = 0;
        for (int i = 0; i < 200; i++) {
            budget.called();
            hedges += budget.take() ? 1 : 0;
        }
        assertThat(hedges).isBetween(19, 21);
    }

    @Test
    void theBudgetIsFullAtTheStart() {
        HedgingBudget budget = HedgingBudget.ofDefaults();
        int hedges = 0;
        while (budget.take()) {
            hedges++;
        }
        assertThat(hedges).isEqualTo(50);
        assertThat(new HedgingBudget(0).take()).isFalse();
    }

    @Test
    void whatIsSavedInAQuietTimeIsNotAHoard() {
        HedgingBudget budget = HedgingBudget.ofDefaults();
        for (int i = 0; i < 100_000; i++) {
            budget.called();
        }
        int overlaps = 0;
        while (budget.take()) {
            overlaps++;
        }
        assertThat(overlaps).isEqualTo(50);
    }

    @Test
    void withoutBudgetALateTargetIsLeftAloneUntilItIsHung() {
        CallScript call = CallScript.chain("a/m", "b/m")
                .streaming()
                .hedging()
                .knowing("a/m", 3_000)
                .withoutHedgingBudget();
        call.begin();
        call.connected(1);
        assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
        assertThat(call.now()).isEqualTo(30_000);
        assertThat(call.at(31_000).progress(1)).containsExactly("commit 1", "cancel 2");
    }

    @Test
    void answersThatAreNotStreamedOverlapByTheirWholeTime() {
        CallScript call = CallScript.chain("a/m", "b/m").hedging().knowing("a/m", 3_000);
        call.begin();
        call.connected(1);
        assertThat(call.untilDue()).containsExactly("start 2 b/m hedge");
        call.at(3_500).progress(2);
        assertThat(call.at(3_600).completed(1)).containsExactly("cancel 2", "deliver 1");
    }
}
