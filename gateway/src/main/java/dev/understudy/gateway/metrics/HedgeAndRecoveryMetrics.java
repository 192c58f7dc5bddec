package dev.understudy.gateway.metrics;

import dev.understudy.calls.record.FinishedCall;
import dev.understudy.calls.record.FinishedCall.Ending;
import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.TrailEntry;
import dev.understudy.engine.TrailEntry.State;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/**
 * Counts hedges and mid-stream recoveries: attempts that are made although another attempt delivered content, or still may.
 * Each counter is registered at the start, so that its first event shows as an increase.
 */
final class HedgeAndRecoveryMetrics {
    private final Recoveries continued;
    private final Recoveries restarted;
    private final Counter wonByFirst;
    private final Counter wonBySecond;
    private final Counter wonByNone;

    private record Recoveries(Counter answered, Counter failed) {}

    HedgeAndRecoveryMetrics(MeterRegistry registry) {
        this.continued = recoveries(registry, "continue");
        this.restarted = recoveries(registry, "restart");
        this.wonByFirst = hedges(registry, "first");
        this.wonBySecond = hedges(registry, "second");
        this.wonByNone = hedges(registry, "none");
    }

    void count(FinishedCall.Outcome outcome) {
        List<TrailEntry> trail = outcome.trail();
        // Nearly all calls have one attempt.
        if (trail.size() < 2) {
            return;
        }
        for (TrailEntry entry : trail) {
            if (entry.isAttempt() && entry.attemptKind() == AttemptKind.HEDGE) {
                winner(entry, trail).increment();
            }
        }
        trail.stream()
                .filter(entry -> entry.isAttempt() && entry.attemptKind().isRecovery())
                .findFirst()
                .ifPresent(first ->
                        count(first.attemptKind() == AttemptKind.RESTART ? restarted : continued, outcome.ending()));
    }

    /** One per call with a recovery. How the call of a caller that disconnected would have ended is not known. */
    private static void count(Recoveries recoveries, Ending ending) {
        switch (ending) {
            case ANSWERED -> recoveries.answered().increment();
            case FAILED, BROKEN_OFF -> recoveries.failed().increment();
            case CALLER_LEFT -> {}
        }
    }

    /** Which attempt's answer was delivered: the hedge's, or that of an attempt that began before it. */
    private Counter winner(TrailEntry second, List<TrailEntry> trail) {
        if (second.state() == State.ANSWERED) {
            return wonBySecond;
        }
        boolean first =
                trail.stream().anyMatch(entry -> entry.state() == State.ANSWERED && entry.attempt() < second.attempt());
        return first ? wonByFirst : wonByNone;
    }

    private static Recoveries recoveries(MeterRegistry registry, String how) {
        return new Recoveries(recoveries(registry, how, "answered"), recoveries(registry, how, "failed"));
    }

    private static Counter recoveries(MeterRegistry registry, String how, String outcome) {
        return Counter.builder("understudy.recoveries")
                .description(
                        "mid-stream recoveries: streams that broke after their first content, by how the call ended")
                .tag("how", how)
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Counter hedges(MeterRegistry registry, String winner) {
        return Counter.builder("understudy.overlaps")
                .description("hedges (second attempts beside a late first one), by which answer was delivered")
                .tag("winner", winner)
                .register(registry);
    }
}
