package dev.understudy.gateway.simulate;

import dev.understudy.simulator.world.Climate;
import dev.understudy.simulator.world.Lognormal;
import dev.understudy.simulator.world.RateLimit;
import dev.understudy.simulator.world.Shocks;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What goes wrong in a simulated world, beside the single faults that every provider has. */
public enum SimulatedOutage {
    /** The primary's provider fails with errors, or refuses connections. */
    ERRORS,
    /** The primary's provider accepts requests and does not answer. */
    SILENCE,
    /** The primary's provider is slow, and some of its requests fail. */
    BROWN_OUT,
    /** The primary's provider takes half of the calls. */
    RATE_LIMIT,
    /** All providers have outages, some of them at the same time. */
    EVERYWHERE,
    /** No provider has an incident. */
    NONE;

    /** The name in the admin API. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The incidents of one provider: about one in a quarter of the time, each a twelfth of it long.
     *
     * @param duration of the simulated time
     */
    Climate climate(boolean isPrimarys, Duration duration) {
        double silent = switch (this) {
            case SILENCE -> 1;
            case EVERYWHERE -> 0.4;
            case ERRORS, BROWN_OUT, RATE_LIMIT, NONE -> 0;
        };
        double down = this == BROWN_OUT ? 0 : 1;
        boolean concerned = this == EVERYWHERE || (isPrimarys && this != NONE && this != RATE_LIMIT);
        return concerned
                ? new Climate(
                        duration.dividedBy(4),
                        new Lognormal((double) duration.dividedBy(12).toNanos(), 0.5),
                        down,
                        silent,
                        0.3,
                        0.05,
                        3)
                : Climate.CALM;
    }

    Shocks shocks(Duration duration) {
        return this == EVERYWHERE
                ? new Shocks(
                        duration.dividedBy(3),
                        new Lognormal((double) duration.dividedBy(24).toNanos(), 0.5),
                        0.5)
                : Shocks.NONE;
    }

    Optional<RateLimit> limit(boolean isPrimarys, double callsPerSecond) {
        return this == RATE_LIMIT && isPrimarys
                ? Optional.of(new RateLimit(callsPerSecond / 2, Math.max(1, callsPerSecond * 5), true))
                : Optional.empty();
    }
}
