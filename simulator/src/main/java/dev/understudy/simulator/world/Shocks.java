package dev.understudy.simulator.world;

import java.time.Duration;

/**
 * Outages that several providers have together: a cloud region, a network, a certificate.
 *
 * @param meanGap between two of them; zero for none
 * @param length in nanoseconds
 * @param reach the share of the providers that each of them takes down
 */
public record Shocks(Duration meanGap, Lognormal length, double reach) {
    /** None. */
    public static final Shocks NONE = new Shocks(Duration.ZERO, new Lognormal(1, 0), 0);
}
