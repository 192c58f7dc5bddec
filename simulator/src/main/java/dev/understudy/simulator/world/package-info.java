/**
 * The environment of the engine in a simulation: virtual time, providers with their weather, and callers. Times are
 * nanoseconds from the start of the simulation. Everything random is drawn from a seed and from the name of what is drawn,
 * so that chains that are compared run in the same world.
 */
@NullMarked
package dev.understudy.simulator.world;

import org.jspecify.annotations.NullMarked;
