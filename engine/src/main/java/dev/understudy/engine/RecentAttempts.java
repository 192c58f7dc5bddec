package dev.understudy.engine;

import java.util.List;
import java.util.Set;

/** The outcomes of the last attempts at each target; if there are very many targets, of those that were tried lately. */
final class RecentAttempts {
    /** Callers may name models freely, and people read this. */
    static final int MAX_TARGETS = 500;

    private final BoundedCache<Target, AttemptRing> rings = new BoundedCache<>(MAX_TARGETS);

    void answered(Target target, long startedAt, long now) {
        ring(target, now).answered(startedAt, now);
    }

    void failed(Target target, FailureKind kind, long startedAt, long now) {
        ring(target, now).failed(kind, startedAt, now);
    }

    /** The latest first. */
    List<PastAttempt> of(Target target, long now) {
        return rings.get(target).map(ring -> ring.attempts(now)).orElse(List.of());
    }

    Set<Target> targets() {
        return rings.keys();
    }

    private AttemptRing ring(Target target, long now) {
        return rings.computeIfAbsent(target, absent -> new AttemptRing(now));
    }
}
