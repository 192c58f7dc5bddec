package dev.understudy.gateway.simulate;

import dev.understudy.calls.config.Defaults;
import dev.understudy.calls.plan.PlannedCall;
import dev.understudy.engine.LatencyProfile;
import dev.understudy.simulator.report.HtmlReport;
import dev.understudy.simulator.report.Results;
import dev.understudy.simulator.rules.Budgets;
import dev.understudy.simulator.run.ChainSettings;
import dev.understudy.simulator.run.Measures;
import dev.understudy.simulator.run.Providers;
import dev.understudy.simulator.run.Samples;
import dev.understudy.simulator.run.Scenario;
import dev.understudy.simulator.run.Simulation;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs simulations, one after the other, on a thread of its own with low priority. One more can wait; others are refused. A simulation
 * that takes too long is stopped.
 */
public final class Simulations {
    /** The most worlds of one simulation. */
    public static final int MOST_WORLDS = 10;

    /** The most calls in one world. */
    public static final int MOST_CALLS = 20_000;

    /** The longest simulated time. */
    public static final int MOST_HOURS = 48;

    private static final Logger LOG = LoggerFactory.getLogger(Simulations.class);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int KEPT = 5;

    private final Duration limit;
    /** Where the system honours the priority, calls come first; nothing depends on it. */
    @SuppressWarnings("ThreadPriorityCheck")
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(1),
            runnable -> Thread.ofPlatform()
                    .name("simulations")
                    .daemon()
                    .priority(Thread.MIN_PRIORITY)
                    .unstarted(runnable));

    private final Deque<Run> runs = new ArrayDeque<>();
    private long number;
    private volatile boolean closed;

    public Simulations() {
        this(LONGEST);
    }

    /** @param limit how long one may take */
    Simulations(Duration limit) {
        this.limit = limit;
        thread.allowCoreThreadTimeOut(true);
    }

    /**
     * What is simulated.
     *
     * @param worlds how many, each with a seed of its own
     * @param calls in each world
     * @param seed of the first world
     */
    public record Order(String chain, SimulatedOutage outage, int worlds, int hours, int calls, long seed) {}

    /** How a simulation stands. */
    public enum State {
        WAITING,
        RUNNING,
        DONE,
        /** It took too long, was cancelled, or the gateway is stopping. */
        STOPPED,
        /** A fault of ours; the log has it. */
        FAILED
    }

    /**
     * The results of one chain in all worlds.
     *
     * @param lost calls that the primary alone would have answered, and that got no answer
     * @param firstToken nanoseconds to the first content, of calls that were answered
     * @param first the measures of the first world, for plots over time
     */
    record Outcome(
            ChainSettings chain,
            long calls,
            long answered,
            long lost,
            long attempts,
            Samples firstToken,
            Measures first) {}

    /** A simulation, and what came of it. Methods may be called on any thread. */
    public static final class Run {
        private final String id;
        private final Order order;
        private final SimulatedChain chain;
        private volatile State state = State.WAITING;
        private final AtomicInteger done = new AtomicInteger();
        private volatile boolean cancelled;
        private volatile List<Outcome> outcomes = List.of();
        private volatile Optional<Results> results = Optional.empty();

        private Run(String id, Order order, SimulatedChain chain) {
            this.id = id;
            this.order = order;
            this.chain = chain;
        }

        public String id() {
            return id;
        }

        public Order order() {
            return order;
        }

        public State state() {
            return state;
        }

        /** From 0 to 1. */
        public double progress() {
            return state == State.DONE
                    ? 1
                    : Math.min(0.99, done.get() / (double) Math.max(1, 2 * order.worlds() * order.calls()));
        }

        /** With fallbacks, and the primary alone; empty until it is done. */
        List<Outcome> outcomes() {
            return outcomes;
        }

        /** The first world; empty until it is done. */
        Optional<Results> results() {
            return results;
        }

        /** Stops it soon. */
        public void cancel() {
            cancelled = true;
        }

        /** The page that {@code understudy simulate --html} writes, of the first world; empty until it is done. */
        public Optional<String> report() {
            return results.map(all -> {
                StringWriter page = new StringWriter();
                try {
                    HtmlReport.write(all, page);
                } catch (IOException impossible) {
                    throw new UncheckedIOException(impossible);
                }
                return page.toString();
            });
        }
    }

    /**
     * Starts a simulation, or lets it wait for the one that runs.
     *
     * @param planned a call of the chain, as calls are planned now
     * @param budgets for retries and for hedges, of the configuration
     * @param latency what this gateway has measured
     * @return empty if one runs and another waits
     */
    public synchronized Optional<Run> start(
            Order order, PlannedCall planned, Defaults.Budgets budgets, LatencyProfile latency) {
        Run run = new Run(
                "sim_" + ++number,
                order,
                SimulatedChain.of(planned, new Budgets(budgets.retries(), budgets.hedges()), latency));
        try {
            thread.execute(() -> simulate(run));
        } catch (RejectedExecutionException busy) {
            return Optional.empty();
        }
        runs.addFirst(run);
        while (runs.size() > KEPT) {
            runs.removeLast();
        }
        return Optional.of(run);
    }

    /** One of the last simulations. */
    public synchronized Optional<Run> find(String id) {
        return runs.stream().filter(run -> run.id().equals(id)).findFirst();
    }

    /** Stops all. */
    public void close() {
        closed = true;
        thread.shutdownNow();
    }

    private void simulate(Run run) {
        run.state = State.RUNNING;
        long started = System.nanoTime();
        try {
            List<Results.Run> first = new ArrayList<>();
            List<Outcome> outcomes = new ArrayList<>();
            for (ChainSettings chain : List.of(run.chain.whole(), run.chain.alone())) {
                outcomes.add(simulate(run, chain, started, first));
            }
            run.results = Optional.of(new Results(run.order().seed(), first));
            run.outcomes = List.copyOf(outcomes);
            run.state = State.DONE;
        } catch (CancellationException stopped) {
            run.state = State.STOPPED;
        } catch (RuntimeException fault) {
            run.state = State.FAILED;
            LOG.error(
                    "the simulation {} failed; please report it with its seed {}",
                    run.id(),
                    run.order().seed(),
                    fault);
        }
    }

    private Outcome simulate(Run run, ChainSettings chain, long started, List<Results.Run> first) {
        Order order = run.order();
        Duration duration = Duration.ofHours(order.hours());
        long calls = 0;
        long answered = 0;
        long lost = 0;
        double attempts = 0;
        List<Measures> all = new ArrayList<>();
        for (int world = 0; world < order.worlds(); world++) {
            Scenario scenario = run.chain.world(order.outage(), order.seed() + world, duration, order.calls());
            Measures measures = new Simulation(scenario, chain)
                    .progress(arrived -> {
                        run.done.incrementAndGet();
                        if (run.cancelled || closed || System.nanoTime() - started > limit.toNanos()) {
                            throw new CancellationException();
                        }
                    })
                    .run();
            all.add(measures);
            if (world == 0) {
                first.add(new Results.Run(
                        chain.name(), chain.targets(), scenario, measures, new Providers(scenario).weather()));
            }
            calls += measures.calls();
            answered += measures.count(Measures.Outcome.ANSWERED) + measures.count(Measures.Outcome.BLANK);
            lost += measures.lost();
            attempts += measures.attemptsPerCall() * measures.calls();
        }
        return new Outcome(
                chain,
                calls,
                answered,
                lost,
                Math.round(attempts),
                Samples.of(all.stream().map(Measures::firstToken).toList()),
                all.getFirst());
    }
}
