package dev.understudy.simulator.world;

import java.time.Duration;

/**
 * How often a provider has an incident, and for how long.
 *
 * <p>The defaults come from the public incident histories of LLM services (Delft, ICPE 2025): a median of two days between
 * the starts of two incidents, lengths with quartiles of 0.55, 1.25 and 3 hours, and a weighted uptime of 99.8%, from
 * which follows that one hour in twenty of an incident is a real outage and the rest a brown-out.
 *
 * @param meanGap from the end of one incident to the start of the next; zero for a provider without incidents
 * @param length of an incident, in nanoseconds
 * @param down the share of incidents that are outages
 * @param silent the share of outages that show as silence rather than as errors
 * @param errors the share of requests that fail in a brown-out
 * @param hangs the share of requests that get nothing in a brown-out
 * @param slower the factor by which answers take longer in a brown-out
 */
public record Climate(
        Duration meanGap, Lognormal length, double down, double silent, double errors, double hangs, double slower) {
    private static final double HOUR = 3.6e12;

    /** No incidents. */
    public static final Climate CALM = new Climate(Duration.ZERO, new Lognormal(HOUR, 0), 0, 0, 0, 0, 1);

    /** As public LLM services are. */
    public static Climate ofDefaults() {
        return new Climate(Duration.ofHours(69), new Lognormal(1.25 * HOUR, 1.26), 0.05, 0.4, 0.15, 0.05, 2.5);
    }
}
