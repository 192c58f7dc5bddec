package dev.understudy.engine;

import java.util.List;
import java.util.Optional;

/**
 * How a target is, for people to read.
 *
 * @param outage what keeps it out, or did until just now; empty if nothing does
 * @param successRate the share of successes on which breakers trip, from 0 to 1: smoothed, each attempt weighs a
 *     twentieth; that of its credential, itself or its provider, whichever is lowest; 1 while nothing failed
 * @param recent its last attempts, the latest first, at most twenty
 */
public record HealthReport(Optional<OpenCircuit> outage, double successRate, List<PastAttempt> recent) {
    public HealthReport {
        recent = List.copyOf(recent);
    }

    /** What {@link HealthRegistry#availability} says of it. */
    public Availability.State state() {
        return outage.map(OpenCircuit::state).orElse(Availability.State.READY);
    }
}
