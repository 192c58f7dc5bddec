package dev.understudy.simulator.run;

import dev.understudy.engine.SharedState;
import dev.understudy.simulator.rules.Invariants;
import dev.understudy.simulator.rules.Machine;
import dev.understudy.simulator.rules.Script;
import dev.understudy.simulator.world.Arrival;
import dev.understudy.simulator.world.Arrivals;
import dev.understudy.simulator.world.EventQueue;
import java.util.Optional;
import java.util.function.IntConsumer;

/** One chain in one world, from the first call to the end of the last. The same seed gives the same run. */
public final class Simulation {
    private final Scenario scenario;
    private final ChainSettings chain;
    private final Machine.Maker maker;
    private Journal journal = Journal.NONE;
    private Optional<Script> script = Optional.empty();
    private boolean harmless;
    private IntConsumer progress = calls -> {};

    public Simulation(Scenario scenario, ChainSettings chain) {
        this(scenario, chain, Machine.Maker.PRODUCTION);
    }

    /** @param maker makes the state machine of each call */
    public Simulation(Scenario scenario, ChainSettings chain, Machine.Maker maker) {
        this.scenario = scenario;
        this.chain = chain;
        this.maker = maker;
    }

    /** Logs everything. */
    public Simulation journal(Journal to) {
        journal = to;
        return this;
    }

    /** Records all signals, so that they can be replayed. */
    public Simulation script(Script to) {
        script = Optional.of(to);
        return this;
    }

    /** Holds the rule that no call is harmed: for worlds in which no primary has a fault. */
    public Simulation harmless() {
        harmless = true;
        return this;
    }

    /** Reports the number of calls that have arrived. */
    public Simulation progress(IntConsumer to) {
        progress = to;
        return this;
    }

    /**
     * Runs to the end.
     *
     * @throws dev.understudy.simulator.rules.BrokenRule at the first step that breaks a rule
     */
    public Measures run() {
        SharedState shared = chain.budgets().fresh();
        Providers providers = new Providers(scenario);
        EventQueue queue = new EventQueue();
        Stage stage = new Stage(
                scenario,
                chain,
                maker,
                shared,
                new Invariants(shared, chain.budgets()),
                providers,
                new Oracle(chain, providers),
                new DirectCall(providers),
                queue,
                journal,
                script,
                harmless);
        Arrivals arrivals =
                scenario.traffic().arrivals(scenario.seed(), scenario.duration().toNanos());
        new Prologue(scenario, chain, maker, shared, script).play();
        Measures measured = new Measures();
        Measures ignored = new Measures();
        Recoveries recoveries = new Recoveries(chain, providers, shared, measured);
        recoveries.watch(queue);
        arriveNext(arrivals, 1, stage, recoveries, measured, ignored);
        queue.run();
        return measured;
    }

    private void arriveNext(
            Arrivals arrivals, int number, Stage stage, Recoveries recoveries, Measures measured, Measures ignored) {
        Optional<Arrival> next = arrivals.next();
        if (next.isEmpty()) {
            return;
        }
        Arrival arrival = next.get();
        stage.queue().at(arrival.at(), now -> {
            progress.accept(number);
            arriveNext(arrivals, number + 1, stage, recoveries, measured, ignored);
            new SimulatedCall(stage, number, arrival, recoveries, number <= scenario.warmUp() ? ignored : measured)
                    .begin();
        });
    }
}
