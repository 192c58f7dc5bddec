package dev.understudy.simulator.world;

/**
 * How many requests a provider takes.
 *
 * @param perSecond what flows back into the bucket
 * @param burst what the bucket holds
 * @param hint whether a refusal carries a hint of how long to wait
 */
public record RateLimit(double perSecond, double burst, boolean hint) {
    public RateLimit {
        if (!(perSecond > 0) || !(burst >= 1)) {
            throw new IllegalArgumentException("a rate must be positive and a burst at least 1");
        }
    }
}
