/**
 * Decides. One state machine per call and the health that calls share; no I/O, no clock, no threads.
 *
 * <p>Everything here is told what happened and at which time, and answers what to do. Times are nanoseconds on the
 * driver's own monotonic scale ({@link System#nanoTime()} in a server, a counter in the simulator); only differences
 * between them mean anything.
 *
 * <p>Read {@link dev.understudy.engine.FallbackCall} first, then {@link dev.understudy.engine.FailureKind} and
 * {@link dev.understudy.engine.HealthRegistry}.
 */
@NullMarked
package dev.understudy.engine;

import org.jspecify.annotations.NullMarked;
