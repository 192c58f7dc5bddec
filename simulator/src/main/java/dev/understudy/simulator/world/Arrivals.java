package dev.understudy.simulator.world;

import java.util.Optional;

/** The times and sizes of calls, in the order of time. */
@FunctionalInterface
public interface Arrivals {
    /** The next call; empty if there are no more. */
    Optional<Arrival> next();
}
