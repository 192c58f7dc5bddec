package dev.understudy.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The last attempts at one target.
 *
 * <p>Every attempt of every call is written down here when it ends, on whichever event loop that is, so writing takes two
 * atomic instructions, no lock and no memory. For that an attempt is one {@code long}: the milliseconds from the ring's
 * epoch to its end, its duration in milliseconds, and a number for what came of it, never 0, so that 0 is an empty place.
 * The time wraps around after two years, and is therefore read as a distance from now. A reader may miss an attempt that
 * is being written down at the same moment, but never sees half of one.
 */
final class AttemptRing {
    static final int LENGTH = 20;

    private static final int OUTCOME_BITS = 6;
    /** Seventy minutes; what took longer is said to have taken so long. */
    private static final int DURATION_BITS = 22;

    private static final int TIME_SHIFT = OUTCOME_BITS + DURATION_BITS;
    private static final long LONGEST = (1L << DURATION_BITS) - 1;
    private static final int ANSWERED = 1;
    private static final FailureKind[] KINDS = FailureKind.values();

    private final long epoch;
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicLongArray places = new AtomicLongArray(LENGTH);

    /** @param epoch any time near those of its attempts */
    AttemptRing(long epoch) {
        this.epoch = epoch;
    }

    void answered(long startedAt, long now) {
        add(ANSWERED, startedAt, now);
    }

    @SuppressWarnings("EnumOrdinal") // Nothing that is written here outlives the process.
    void failed(FailureKind kind, long startedAt, long now) {
        add(ANSWERED + 1 + kind.ordinal(), startedAt, now);
    }

    private void add(int outcome, long startedAt, long now) {
        long ended = millis(now - epoch);
        long duration = Math.clamp(millis(now - startedAt), 0, LONGEST);
        int place = Math.floorMod(written.getAndIncrement(), LENGTH);
        places.set(place, (ended << TIME_SHIFT) | (duration << OUTCOME_BITS) | outcome);
    }

    /** The attempts that are remembered, the latest first. */
    List<PastAttempt> attempts(long now) {
        int next = written.get();
        List<PastAttempt> attempts = new ArrayList<>(LENGTH);
        for (int back = 1; back <= LENGTH; back++) {
            long packed = places.get(Math.floorMod(next - back, LENGTH));
            if (packed != 0) {
                attempts.add(unpacked(packed, now));
            }
        }
        // What is written while this is read stands in another's place.
        attempts.sort(Comparator.comparingLong(attempt -> now - attempt.endedAt()));
        return attempts;
    }

    private PastAttempt unpacked(long packed, long now) {
        int outcome = (int) (packed & ((1 << OUTCOME_BITS) - 1));
        Optional<FailureKind> failure =
                outcome == ANSWERED ? Optional.empty() : Optional.of(KINDS[outcome - ANSWERED - 1]);
        long duration = TimeUnit.MILLISECONDS.toNanos((packed >>> OUTCOME_BITS) & LONGEST);
        return new PastAttempt(failure, now - TimeUnit.MILLISECONDS.toNanos(age(packed, now)), duration);
    }

    /** In milliseconds; a little below 0 for what another event loop wrote down just now. */
    private long age(long packed, long now) {
        long distance = millis(now - epoch) - (packed >>> TIME_SHIFT);
        return (distance << TIME_SHIFT) >> TIME_SHIFT;
    }

    private static long millis(long nanos) {
        return Math.floorDiv(nanos, 1_000_000L);
    }
}
