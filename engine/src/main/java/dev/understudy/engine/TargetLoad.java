package dev.understudy.engine;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all calls together know of how busy targets are: the attempts that are in flight at each, and in groups that choose
 * members in turn, how many calls there were.
 *
 * <p>Of a caller's own key nothing is counted: its limits are not those of the operator's account. Safe for use by many threads.
 */
public final class TargetLoad {
    /** Callers may name models freely; beyond this number the least recently used ones are forgotten. */
    private static final int MOST = 10_000;

    private final BoundedCache<Target, AtomicInteger> inFlight = new BoundedCache<>(MOST);
    private final BoundedCache<String, AtomicInteger> turns = new BoundedCache<>(MOST);

    /** The attempts that are in flight at a target. */
    int inFlight(Target target) {
        return inFlight.get(target).map(AtomicInteger::get).orElse(0);
    }

    void began(Target target) {
        if (!target.callersKey()) {
            inFlight.computeIfAbsent(target, absent -> new AtomicInteger()).incrementAndGet();
        }
    }

    /** An attempt that was counted has ended. */
    void ended(Target target) {
        if (!target.callersKey()) {
            // A target that was forgotten meanwhile begins with none.
            inFlight.get(target).ifPresent(count -> count.updateAndGet(attempts -> Math.max(0, attempts - 1)));
        }
    }

    /** The number of this call among those of a group, from 0; begins again after 2³¹ calls. */
    int turn(String group) {
        return turns.computeIfAbsent(group, absent -> new AtomicInteger()).getAndIncrement() & Integer.MAX_VALUE;
    }
}
