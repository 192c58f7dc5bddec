package dev.understudy.gateway.metrics;

import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.TrailEntry;
import dev.understudy.engine.TrailEntry.State;
import dev.understudy.gateway.call.FinishedCall;
import dev.understudy.gateway.call.FinishedCall.Ending;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/**
 * Counts what became of the attempts that are made although another one brought content, or still may: recoveries of
 * broken streams, and overlaps. Each counter is there from the start, so that its first event is seen as a rise.
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
        this.wonByFirst = overlaps(registry, "first");
        this.wonBySecond = overlaps(registry, "second");
        this.wonByNone = overlaps(registry, "none");
    }

    void count(FinishedCall call) {
        List<TrailEntry> trail = call.trail();
        // Nearly all calls are one attempt long.
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
                        count(first.attemptKind() == AttemptKind.RESTART ? restarted : continued, call.ending()));
    }

    /** One for each call whose stream was gone on with. Of a caller who left nobody knows how it would have ended. */
    private static void count(Recoveries recoveries, Ending ending) {
        switch (ending) {
            case ANSWERED -> recoveries.answered().increment();
            case FAILED, BROKEN_OFF -> recoveries.failed().increment();
            case CALLER_LEFT -> {}
        }
    }

    /** Whose answer was complete in the end: that of the second, or of one that was at work before it. */
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
                        "streams that broke after their first content and were gone on with, by how the call ended")
                .tag("how", how)
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Counter overlaps(MeterRegistry registry, String winner) {
        return Counter.builder("understudy.overlaps")
                .description("second attempts beside a late first one, by whose answer was delivered")
                .tag("winner", winner)
                .register(registry);
    }
}
