package dev.understudy.simulator.world;

import java.util.Optional;
import java.util.SplittableRandom;

/** Bursts of calls at random times, each of a given number of calls within a given time. */
public final class Bursts implements Arrivals {
    private final SplittableRandom random;
    private final double meanGap;
    private final int size;
    private final long width;
    private final Sizes sizes;
    private final long end;
    private double burstAt;
    private int left;
    private double at;

    /**
     * @param perSecond how many calls come on average
     * @param size how many come in a burst
     * @param width nanoseconds over which a burst is spread
     * @param end none comes after it
     */
    public Bursts(long seed, double perSecond, int size, long width, Sizes sizes, long end) {
        this.random = Draws.of(seed, "arrivals");
        this.meanGap = 1e9 * size / perSecond;
        this.size = size;
        this.width = width;
        this.sizes = sizes;
        this.end = end;
    }

    @Override
    public Optional<Arrival> next() {
        if (left == 0) {
            burstAt += meanGap * random.nextExponential();
            at = Math.max(at, burstAt);
            left = size;
        } else {
            at += (double) width / size;
        }
        left--;
        return at < end ? Optional.of(sizes.arrival((long) at, random)) : Optional.empty();
    }
}
