/**
 * Proves: the engine as it is in production, in virtual time, with outages that a seed decides.
 *
 * <p>Read {@link dev.understudy.simulator.run.Simulation} first, then {@link dev.understudy.simulator.run.SimulatedCall},
 * which drives the engine, and {@link dev.understudy.simulator.rules.CallRules}, which check its commands against its rules.
 */
@NullMarked
package dev.understudy.simulator;

import org.jspecify.annotations.NullMarked;
