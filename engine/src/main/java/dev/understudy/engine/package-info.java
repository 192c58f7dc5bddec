/**
 * Decides. One state machine per call and the health that calls share; no I/O, no clock, no threads.
 *
 * <p>Everything here takes what happened and its time as arguments, and returns what to do. Times are nanoseconds on the
 * driver's own monotonic scale ({@link System#nanoTime()} in a server, a counter in the simulator); only differences
 * between them mean anything.
 *
 * <p>Read {@link dev.understudy.engine.FallbackCall} first, then {@link dev.understudy.engine.FailureKind} and
 * {@link dev.understudy.engine.HealthRegistry}.
 */
@NullMarked
package dev.understudy.engine;

import org.jspecify.annotations.NullMarked;
