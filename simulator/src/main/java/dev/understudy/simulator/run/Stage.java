package dev.understudy.simulator.run;

import dev.understudy.engine.SharedState;
import dev.understudy.simulator.rules.Invariants;
import dev.understudy.simulator.rules.Machine;
import dev.understudy.simulator.rules.Script;
import dev.understudy.simulator.world.EventQueue;
import java.util.Optional;

/**
 * What all calls of a run have in common.
 *
 * @param harmless whether a call that its primary alone would answer has to be answered
 */
record Stage(
        Scenario scenario,
        ChainSettings chain,
        Machine.Maker maker,
        SharedState shared,
        Invariants invariants,
        Providers providers,
        Oracle oracle,
        DirectCall direct,
        EventQueue queue,
        Journal journal,
        Optional<Script> script,
        boolean harmless) {}
