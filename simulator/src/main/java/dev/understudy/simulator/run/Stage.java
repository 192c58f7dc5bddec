package dev.understudy.simulator.run;

import dev.understudy.engine.Shared;
import dev.understudy.simulator.rules.Invariants;
import dev.understudy.simulator.rules.Machine;
import dev.understudy.simulator.rules.Script;
import dev.understudy.simulator.world.EventQueue;
import java.util.Optional;

/** What all calls of a run have in common. */
record Stage(
        Scenario scenario,
        ChainSettings chain,
        Machine.Maker maker,
        Shared shared,
        Invariants invariants,
        Providers providers,
        Oracle oracle,
        EventQueue queue,
        Journal journal,
        Optional<Script> script) {}
