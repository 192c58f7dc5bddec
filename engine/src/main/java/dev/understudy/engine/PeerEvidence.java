package dev.understudy.engine;

import java.util.concurrent.TimeUnit;

/**
 * What news of other replicas has taught about itself: for a while one failure opens the circuit, where the news is likely to be true
 * here too, or news is doubted, where an answer has disproved it. Belongs to one {@link CircuitBreaker}, and is guarded by its lock.
 */
final class PeerEvidence {
    /**
     * For how long the news of other replicas is doubted once it has proved false. Where it is true after all, a doubt costs one failed
     * attempt.
     */
    private static final long DOUBT = TimeUnit.MINUTES.toNanos(5);

    /** Whether one failure opens the circuit; for attempts from {@code primedAt} until {@code primedUntil}. */
    private boolean primed;

    private long primedAt;
    private long primedUntil;
    /** Whether an answer, here or elsewhere, has disproved news; until {@code doubtsUntil}. */
    private boolean doubts;

    private long doubtsUntil;

    /** One failure is enough for so many nanoseconds. */
    void prime(long now, long duration) {
        primed = true;
        primedAt = now;
        primedUntil = now + duration;
    }

    /** News has proved false. */
    void doubt(long now) {
        doubts = true;
        doubtsUntil = now + DOUBT;
    }

    boolean isDoubted(long now) {
        return doubts && now - doubtsUntil < 0;
    }

    /** Whether the failure of an attempt that began then opens the circuit. */
    boolean expectsFailure(long startedAt) {
        return primed && startedAt - primedUntil < 0;
    }

    /** An attempt that began then was answered. */
    void answered(long startedAt) {
        if (primed && startedAt - primedAt >= 0) {
            primed = false;
        }
    }

    /** The circuit has opened by a failure of this process: that counts more than what was learned from others. */
    void overruled() {
        primed = false;
        doubts = false;
    }
}
