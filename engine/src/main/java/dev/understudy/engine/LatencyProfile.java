package dev.understudy.engine;

import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long each target usually takes to its first content (streams) or to its whole answer (else), by the size of the
 * prompt. Learned from all calls; told the time that passed, not the clock.
 *
 * <p>Of an attempt that was cancelled or ran out of time only a lower bound is known. It is taken as a sample all the
 * same: leaving the slow ones out would teach that there are none, and the limit drawn from it would creep down.
 *
 * <p>Safe for use by many threads.
 */
public final class LatencyProfile {
    /** Callers may name models freely; what is beyond this is not learned. */
    private static final int MOST = 10_000;

    private final ConcurrentHashMap<Key, DecayingHistogram> histograms = new ConcurrentHashMap<>();

    /** Of prompts of 2⁶³ bytes. */
    private static final int LARGEST_CLASS = 27;

    private record Key(Target target, boolean streaming, int sizeClass) {}

    /**
     * The time that all but one in twenty of the answers need.
     *
     * @param promptBytes the size of the prompt as it was sent
     * @return nanoseconds; empty until enough is known
     */
    public OptionalLong p95(Target target, boolean streaming, long promptBytes) {
        DecayingHistogram known = histograms.get(new Key(target, streaming, sizeClass(promptBytes)));
        return known == null ? OptionalLong.empty() : known.quantile(0.95);
    }

    /** What is known of a target over prompts of all sizes, however little; for people, who see how much it is. */
    public UsualTime usual(Target target, boolean streaming) {
        DecayingHistogram all = new DecayingHistogram();
        for (int sizeClass = 0; sizeClass <= LARGEST_CLASS; sizeClass++) {
            DecayingHistogram known = histograms.get(new Key(target, streaming, sizeClass));
            if (known != null) {
                all.add(known);
            }
        }
        return new UsualTime(all.roughQuantile(0.5), all.roughQuantile(0.95), all.total());
    }

    void learn(Target target, boolean streaming, long promptBytes, long nanos) {
        Key key = new Key(target, streaming, sizeClass(promptBytes));
        DecayingHistogram known = histograms.get(key);
        if (known == null && histograms.size() < MOST) {
            known = histograms.computeIfAbsent(key, absent -> new DecayingHistogram());
        }
        if (known != null) {
            known.add(nanos);
        }
    }

    /** Prompts that differ by less than a factor of four take about as long to read. */
    private static int sizeClass(long bytes) {
        return (64 - Long.numberOfLeadingZeros(Math.max(1, bytes >> 10))) / 2;
    }
}
