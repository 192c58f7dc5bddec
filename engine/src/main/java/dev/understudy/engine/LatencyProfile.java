package dev.understudy.engine;

import java.util.OptionalLong;

/**
 * How long each target usually takes to its first content (streams) or to its whole answer (else), by the size of the
 * prompt. Learned from all calls; it gets durations and reads no clock.
 *
 * <p>Of an attempt that was cancelled or ran out of time only a lower bound is known. It is taken as a sample all the
 * same: leaving the slow ones out would teach that there are none, and the limit drawn from it would creep down.
 *
 * <p>Safe for use by many threads.
 */
public final class LatencyProfile {
    /** Callers may name models freely; beyond this number the least recently used ones are forgotten. */
    private static final int MOST = 10_000;

    /** Fewer samples say nothing about the median. */
    private static final int ENOUGH_FOR_THE_MEDIAN = 5;

    private final BoundedCache<Key, DecayingHistogram> histograms = new BoundedCache<>(MOST);

    /** Of prompts of 2⁶³ bytes. */
    private static final int LARGEST_CLASS = 27;

    private record Key(Target target, Workload workload, int sizeClass) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key that
                    && sizeClass == that.sizeClass
                    && workload.streaming == that.workload.streaming
                    && workload.reasons == that.workload.reasons
                    && target.equals(that.target);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * target.hashCode() + sizeClass)
                    + (workload.streaming ? 1 : 0)
                    + (workload.reasons ? 2 : 0);
        }
    }

    /**
     * What kind of call it is: reasoning takes its time, and an answer that is not streamed all of it.
     */
    record Workload(boolean streaming, boolean reasons) {}

    /**
     * The time that all but one in twenty of the answers need.
     *
     * @param promptBytes the size of the prompt as it was sent
     * @return nanoseconds; empty until enough is known
     */
    OptionalLong p95(Target target, Workload workload, long promptBytes) {
        return histograms
                .get(new Key(target, workload, sizeClass(promptBytes)))
                .map(known -> known.quantile(0.95))
                .orElse(OptionalLong.empty());
    }

    /** The time that half of the answers need, in nanoseconds; empty until a handful are known. */
    OptionalLong median(Target target, Workload workload, long promptBytes) {
        return histograms
                .get(new Key(target, workload, sizeClass(promptBytes)))
                .filter(known -> known.total() >= ENOUGH_FOR_THE_MEDIAN)
                .map(known -> OptionalLong.of(known.roughQuantile(0.5)))
                .orElse(OptionalLong.empty());
    }

    /** The median of the last few times, in nanoseconds; empty until there are some. It follows a change after a few answers. */
    OptionalLong recent(Target target, Workload workload, long promptBytes) {
        return histograms
                .get(new Key(target, workload, sizeClass(promptBytes)))
                .map(DecayingHistogram::recentMedian)
                .orElse(OptionalLong.empty());
    }

    /** What is known of a target over prompts of all sizes, however little; for people, who see how much it is. */
    public UsualTime usual(Target target, boolean streaming) {
        DecayingHistogram all = new DecayingHistogram();
        for (boolean reasons : new boolean[] {false, true}) {
            for (int sizeClass = 0; sizeClass <= LARGEST_CLASS; sizeClass++) {
                histograms
                        .get(new Key(target, new Workload(streaming, reasons), sizeClass))
                        .ifPresent(all::add);
            }
        }
        return new UsualTime(all.roughQuantile(0.5), all.roughQuantile(0.95), all.total());
    }

    /** Learns nothing of calls with a caller's own key: their times say nothing about the operator's account. */
    void learn(Target target, Workload workload, long promptBytes, long nanos) {
        if (!target.callersKey()) {
            histograms
                    .computeIfAbsent(
                            new Key(target, workload, sizeClass(promptBytes)), absent -> new DecayingHistogram())
                    .add(nanos);
        }
    }

    /** Prompts that differ by less than a factor of four take about as long to read. */
    private static int sizeClass(long bytes) {
        return (64 - Long.numberOfLeadingZeros(Math.max(1, bytes >> 10))) / 2;
    }
}
