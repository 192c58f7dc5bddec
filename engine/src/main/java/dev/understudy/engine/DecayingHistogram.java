package dev.understudy.engine;

import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Counts durations in buckets whose bounds grow by an eighth of an octave (nine percent), and forgets old ones by halves. The last
 * few are kept as they came, because a median of many follows a change only after as many again.
 *
 * <p>A quantile with an error of nine percent is all that a soft limit needs. Unlike a t-digest or an HdrHistogram this
 * takes a fixed 0.7 KB, no dependency, and adapts: a provider that became slower yesterday is known as slow after a
 * few hundred calls.
 */
final class DecayingHistogram {
    private static final int STEPS_PER_OCTAVE = 8;
    /** From 1 ms to a little more than an hour. */
    private static final int BUCKETS = 22 * STEPS_PER_OCTAVE;

    private static final long SHORTEST = 1_000_000;
    /** Fewer say nothing about one in twenty. */
    private static final int ENOUGH = 40;

    private static final int HALVED_AT = 1_000;

    /** Odd, so that the median is one of them: a change is followed after four durations, and a single outlier never. */
    private static final int LATEST = 7;

    private static final int FEWEST_LATEST = 3;

    private final int[] counts = new int[BUCKETS];
    private int total;
    private final long[] latest = new long[LATEST];
    private int added;

    synchronized void add(long nanos) {
        latest[added % LATEST] = nanos;
        added = added + 1 < 2 * LATEST ? added + 1 : LATEST;
        counts[bucketOf(nanos)]++;
        if (++total >= HALVED_AT) {
            halve();
        }
    }

    private void halve() {
        total = 0;
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] /= 2;
            total += counts[i];
        }
    }

    /** Adds all that another one knows. */
    void add(DecayingHistogram other) {
        int[] theirs = other.snapshot();
        synchronized (this) {
            for (int i = 0; i < BUCKETS; i++) {
                counts[i] += theirs[i];
                total += theirs[i];
            }
        }
    }

    private synchronized int[] snapshot() {
        return counts.clone();
    }

    /** The median of the last few durations, in nanoseconds; empty if there are too few. */
    synchronized OptionalLong recentMedian() {
        int known = Math.min(added, LATEST);
        if (known < FEWEST_LATEST) {
            return OptionalLong.empty();
        }
        long[] sorted = Arrays.copyOf(latest, known);
        Arrays.sort(sorted);
        return OptionalLong.of(sorted[known / 2]);
    }

    /** How many durations are remembered. */
    synchronized int total() {
        return total;
    }

    /** The upper bound of the bucket in which the quantile lies, in nanoseconds; empty if too little is known. */
    synchronized OptionalLong quantile(double share) {
        return total < ENOUGH ? OptionalLong.empty() : OptionalLong.of(roughQuantile(share));
    }

    /** The same from however little is known; 0 from nothing. */
    synchronized long roughQuantile(double share) {
        if (total == 0) {
            return 0;
        }
        long rank = (long) Math.ceil(share * total);
        long seen = 0;
        int bucket = 0;
        while (bucket < BUCKETS - 1 && (seen += counts[bucket]) < rank) {
            bucket++;
        }
        return upperBound(bucket);
    }

    private static int bucketOf(long nanos) {
        if (nanos <= SHORTEST) {
            return 0;
        }
        double octaves = Math.log((double) nanos / SHORTEST) / Math.log(2);
        return Math.min(BUCKETS - 1, (int) Math.ceil(octaves * STEPS_PER_OCTAVE));
    }

    private static long upperBound(int bucket) {
        return (long) (SHORTEST * Math.pow(2, (double) bucket / STEPS_PER_OCTAVE));
    }
}
