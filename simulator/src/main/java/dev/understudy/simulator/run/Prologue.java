package dev.understudy.simulator.run;

import dev.understudy.engine.Plan;
import dev.understudy.engine.SharedState;
import dev.understudy.engine.Signal;
import dev.understudy.engine.Step;
import dev.understudy.simulator.rules.Machine;
import dev.understudy.simulator.rules.Script;
import dev.understudy.simulator.world.Draws;
import dev.understudy.simulator.world.ProviderProfile;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Calls from before the simulation, all of them answered, from which the engine knows how long its targets usually take. */
final class Prologue {
    private static final long PROMPT_BYTES = 2_000;

    private final Scenario scenario;
    private final ChainSettings chain;
    private final Machine.Maker maker;
    private final SharedState shared;
    private final Optional<Script> script;
    private int call;

    Prologue(Scenario scenario, ChainSettings chain, Machine.Maker maker, SharedState shared, Optional<Script> script) {
        this.scenario = scenario;
        this.chain = chain;
        this.maker = maker;
        this.shared = shared;
        this.script = script;
    }

    void play() {
        SplittableRandom random = Draws.of(scenario.seed(), "prologue");
        for (Step step : chain.plan(scenario, Caller.ordinary(true)).chain()) {
            ProviderProfile provider = scenario.providers().get(step.target().provider());
            for (int i = 0; provider != null && i < scenario.known(); i++) {
                long first = provider.firstToken().nanos(random)
                        + scenario.reasoning(step.target().name())
                                .map(reasoning -> reasoning.time().nanos(random))
                                .orElse(0L);
                answered(step, true, first);
                answered(step, false, first + 40 * provider.perToken().nanos(random));
            }
        }
    }

    private void answered(Step step, boolean streaming, long after) {
        Plan plan = chain.withoutHedging().plan(scenario, Caller.ordinary(streaming));
        Plan alone = Plan.of(List.of(step))
                .instead(plan.instead())
                .streaming(streaming)
                .commit(plan.commit())
                .recovery(plan.recovery())
                .hedging(false)
                .build();
        call--;
        script.ifPresent(to -> to.lines().add(new Script.Arrives(call, 0, alone, PROMPT_BYTES)));
        Machine machine = maker.make(alone, PROMPT_BYTES, shared, Draws.of(scenario.seed(), "engine", call), 0);
        tell(machine, new Signal.Begin(), 0);
        tell(machine, new Signal.Connected(1), 0);
        // Signs of life keep a stream from its silent cap.
        tell(machine, new Signal.Alive(1, Signal.Sign.BYTES), 0);
        tell(machine, new Signal.Progress(1, 1, true), after);
        tell(machine, new Signal.Completed(1), after);
    }

    private void tell(Machine machine, Signal signal, long at) {
        script.ifPresent(to -> to.lines().add(new Script.Told(call, at, signal)));
        machine.on(signal, at);
    }
}
