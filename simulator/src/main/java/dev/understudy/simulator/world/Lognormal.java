package dev.understudy.simulator.world;

import java.util.random.RandomGenerator;

/**
 * A distribution whose logarithm is normal: times and lengths that cannot be negative and have a long tail.
 *
 * @param median half of the values are smaller
 * @param spread the standard deviation of the logarithm; 0.7 puts p95 at 3.2 times the median, 0 makes it a constant
 */
public record Lognormal(double median, double spread) {
    public Lognormal {
        if (!(median > 0) || !(spread >= 0)) {
            throw new IllegalArgumentException("a median must be positive and a spread not negative");
        }
    }

    /** Draws one value. */
    public double draw(RandomGenerator random) {
        return median * Math.exp(spread * random.nextGaussian());
    }

    /** Draws one value as whole nanoseconds. */
    public long nanos(RandomGenerator random) {
        return (long) Math.min(draw(random), Long.MAX_VALUE / 4.0);
    }
}
