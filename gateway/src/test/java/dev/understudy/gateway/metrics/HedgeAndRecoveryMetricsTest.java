package dev.understudy.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.record.FinishedCall;
import dev.understudy.calls.record.FinishedCall.Ending;
import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.TrailEntry;
import dev.understudy.engine.TrailEntry.State;
import dev.understudy.protocol.answer.AnswerReport;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.options.FallbackOptions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which counter each trail raises, and that it raises no other. */
class HedgeAndRecoveryMetricsTest {
    private static final int FIRST = 1;
    private static final int SECOND = 2;
    private static final int THIRD = 3;

    private final CallMetrics metrics = new CallMetrics(Set.of(), Set.of());

    @Test
    void allCountersAreThereBeforeAnythingHappens() {
        assertThat(samples())
                .containsExactlyInAnyOrder(
                        "understudy_overlaps_total{winner=\"first\"} 0.0",
                        "understudy_overlaps_total{winner=\"second\"} 0.0",
                        "understudy_overlaps_total{winner=\"none\"} 0.0",
                        "understudy_recoveries_total{how=\"continue\",outcome=\"answered\"} 0.0",
                        "understudy_recoveries_total{how=\"continue\",outcome=\"failed\"} 0.0",
                        "understudy_recoveries_total{how=\"restart\",outcome=\"answered\"} 0.0",
                        "understudy_recoveries_total{how=\"restart\",outcome=\"failed\"} 0.0");
    }

    @Test
    void callsThatFailOverUnseenAreNeither() {
        count(Ending.ANSWERED, entry(FIRST, AttemptKind.PRIMARY, State.ANSWERED));
        count(
                Ending.ANSWERED,
                entry(FIRST, AttemptKind.PRIMARY, State.FAILED),
                entry(SECOND, AttemptKind.PRIMARY, State.ANSWERED));
        count(Ending.BROKEN_OFF, entry(FIRST, AttemptKind.PRIMARY, State.FAILED));
        assertThat(raised()).isEmpty();
    }

    @Test
    void recoveredCallCountsOnceWithSeveralContinuations() {
        count(
                Ending.ANSWERED,
                entry(FIRST, AttemptKind.PRIMARY, State.FAILED),
                entry(SECOND, AttemptKind.CONTINUATION, State.FAILED),
                entry(THIRD, AttemptKind.CONTINUATION, State.ANSWERED));
        assertThat(raised()).containsExactly("understudy_recoveries_total{how=\"continue\",outcome=\"answered\"} 1.0");
    }

    @Test
    void recoveryThatNoTargetCompletesHasFailed() {
        count(
                Ending.BROKEN_OFF,
                entry(FIRST, AttemptKind.PRIMARY, State.FAILED),
                entry(SECOND, AttemptKind.RESTART, State.FAILED));
        assertThat(raised()).containsExactly("understudy_recoveries_total{how=\"restart\",outcome=\"failed\"} 1.0");
    }

    @Test
    void recoveryOfACallerWhoLeftIsNotJudged() {
        count(
                Ending.CALLER_LEFT,
                entry(FIRST, AttemptKind.PRIMARY, State.FAILED),
                entry(SECOND, AttemptKind.CONTINUATION, State.CANCELLED));
        assertThat(raised()).isEmpty();
    }

    @Test
    void overlapIsWonByWhoseAnswerWasDelivered() {
        count(
                Ending.ANSWERED,
                entry(FIRST, AttemptKind.PRIMARY, State.CANCELLED),
                entry(SECOND, AttemptKind.HEDGE, State.ANSWERED));
        assertThat(raised()).containsExactly("understudy_overlaps_total{winner=\"second\"} 1.0");
        count(
                Ending.ANSWERED,
                entry(FIRST, AttemptKind.PRIMARY, State.ANSWERED),
                entry(SECOND, AttemptKind.HEDGE, State.CANCELLED));
        assertThat(raised())
                .contains("understudy_overlaps_total{winner=\"first\"} 1.0")
                .hasSize(2);
    }

    @Test
    void hedgesWithoutAWinnerAreCountedApart() {
        count(
                Ending.ANSWERED,
                entry(FIRST, AttemptKind.PRIMARY, State.FAILED),
                entry(SECOND, AttemptKind.HEDGE, State.FAILED),
                entry(THIRD, AttemptKind.PRIMARY, State.ANSWERED));
        count(
                Ending.CALLER_LEFT,
                entry(FIRST, AttemptKind.PRIMARY, State.CANCELLED),
                entry(SECOND, AttemptKind.HEDGE, State.CANCELLED));
        assertThat(raised()).containsExactly("understudy_overlaps_total{winner=\"none\"} 2.0");
    }

    @Test
    void overlapWhoseWinnerBreaksIsARecoveryToo() {
        count(
                Ending.ANSWERED,
                entry(FIRST, AttemptKind.PRIMARY, State.CANCELLED),
                entry(SECOND, AttemptKind.HEDGE, State.FAILED),
                entry(THIRD, AttemptKind.CONTINUATION, State.ANSWERED));
        assertThat(raised())
                .containsExactlyInAnyOrder(
                        "understudy_overlaps_total{winner=\"none\"} 1.0",
                        "understudy_recoveries_total{how=\"continue\",outcome=\"answered\"} 1.0");
    }

    private void count(Ending ending, TrailEntry... trail) {
        metrics.count(new FinishedCall(
                new FinishedCall.Request("call-1", "", "m", "", true, FallbackOptions.NONE.logging(), Optional.empty()),
                new FinishedCall.Outcome(ending, 200, "", List.of(trail), Optional.empty()),
                new FinishedCall.Measurements(
                        1, OptionalLong.empty(), Usage.NONE, AnswerReport.NONE, Optional.empty())));
    }

    private static TrailEntry entry(int attempt, AttemptKind attemptKind, State state) {
        Optional<Failure> failure =
                state == State.FAILED ? Optional.of(Failure.of(FailureKind.TRUNCATED, "cut")) : Optional.empty();
        return new TrailEntry("one/" + attempt, attempt, attemptKind, state, failure, "", 1);
    }

    private List<String> raised() {
        return samples().stream().filter(sample -> !sample.endsWith(" 0.0")).toList();
    }

    private List<String> samples() {
        return metrics.scrape()
                .lines()
                .filter(line -> line.startsWith("understudy_recoveries_total{")
                        || line.startsWith("understudy_overlaps_total{"))
                .toList();
    }
}
