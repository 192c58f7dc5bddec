package dev.understudy.simulator.world;

import java.util.Optional;

/** When calls come, and how large they are: one after the other, never back in time. */
@FunctionalInterface
public interface Arrivals {
    /** The next call; empty if no more come. */
    Optional<Arrival> next();
}
