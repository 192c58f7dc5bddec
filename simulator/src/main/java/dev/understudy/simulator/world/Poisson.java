package dev.understudy.simulator.world;

import java.util.Optional;
import java.util.SplittableRandom;

/** Independent calls: the time from one to the next is exponential. */
public final class Poisson implements Arrivals {
    private final SplittableRandom random;
    private final double meanGap;
    private final Sizes sizes;
    private final long end;
    private double at;

    /**
     * @param perSecond how many come on average
     * @param end none comes after it
     */
    public Poisson(long seed, double perSecond, Sizes sizes, long end) {
        this.random = Draws.of(seed, "arrivals");
        this.meanGap = 1e9 / perSecond;
        this.sizes = sizes;
        this.end = end;
    }

    @Override
    public Optional<Arrival> next() {
        at += meanGap * random.nextExponential();
        return at < end ? Optional.of(sizes.arrival((long) at, random)) : Optional.empty();
    }
}
