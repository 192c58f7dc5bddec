package dev.understudy.engine;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What came of the last attempts at each target; of those that were asked last, if there are very many. */
final class RecentAttempts {
    /** Callers may name models freely, and people read this. */
    static final int MOST = 500;

    private final ConcurrentHashMap<Target, AttemptRing> rings = new ConcurrentHashMap<>();

    void answered(Target target, long startedAt, long now) {
        ring(target, now).answered(startedAt, now);
    }

    void failed(Target target, FailureKind kind, long startedAt, long now) {
        ring(target, now).failed(kind, startedAt, now);
    }

    /** The latest first. */
    List<PastAttempt> of(Target target, long now) {
        AttemptRing ring = rings.get(target);
        return ring == null ? List.of() : ring.attempts(now);
    }

    Set<Target> targets() {
        return Set.copyOf(rings.keySet());
    }

    private AttemptRing ring(Target target, long now) {
        AttemptRing known = rings.get(target);
        return known == null ? newRing(target, now) : known;
    }

    /** One at a time: who makes room must not do so for somebody who is just coming in. */
    private synchronized AttemptRing newRing(Target target, long now) {
        if (rings.size() >= MOST && !rings.containsKey(target)) {
            forgetTheQuietest(now);
        }
        return rings.computeIfAbsent(target, absent -> new AttemptRing(now));
    }

    private void forgetTheQuietest(long now) {
        rings.entrySet().stream()
                .max(Comparator.comparingLong(entry -> entry.getValue().quietFor(now)))
                .ifPresent(quietest -> rings.remove(quietest.getKey()));
    }
}
