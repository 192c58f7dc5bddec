/**
 * Proves: the engine as it is in production, in virtual time, under weather that a seed decides.
 *
 * <p>Read {@link dev.understudy.simulator.run.Simulation} first, then {@link dev.understudy.simulator.run.SimulatedCall},
 * which drives the engine, and {@link dev.understudy.simulator.rules.CallRules}, which hold what it says against its rules.
 */
@NullMarked
package dev.understudy.simulator;

import org.jspecify.annotations.NullMarked;
