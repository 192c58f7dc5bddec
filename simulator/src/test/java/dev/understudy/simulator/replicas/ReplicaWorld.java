package dev.understudy.simulator.replicas;

import dev.understudy.engine.CircuitNews;
import dev.understudy.engine.Command;
import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.HealthExchange;
import dev.understudy.engine.HedgingBudget;
import dev.understudy.engine.Plan;
import dev.understudy.engine.RetryBudget;
import dev.understudy.engine.SharedState;
import dev.understudy.engine.Signal;
import dev.understudy.engine.Step;
import dev.understudy.engine.Target;
import dev.understudy.simulator.rules.Machine;
import dev.understudy.simulator.world.Draws;
import dev.understudy.simulator.world.EventQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Many gateways in front of one provider that is down for a while, in virtual time and with the production engine. Each has its own
 * knowledge; where they share, news takes some milliseconds to the others. The same seed gives the same figures.
 */
final class ReplicaWorld {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long BEFORE = 60 * SECOND;
    private static final long AFTER = 60 * SECOND;
    /** As in the gateway. */
    private static final long CIRCUITS_EVERY = 100 * MILLI;

    private static final long BUDGETS_EVERY = 250 * MILLI;
    /** From one replica through Valkey to another. */
    private static final long TRAVEL = 3 * MILLI;

    private static final Target PRIMARY = Target.of("first", "model");
    private static final Target FALLBACK = Target.of("second", "model");

    /** How the provider is down. */
    enum Fault {
        /** It returns an error after 50 ms. */
        ERRORS,
        /** It accepts the request and never answers. */
        SILENCE
    }

    /**
     * What is simulated.
     *
     * @param replicas how many gateways
     * @param callsPerSecond of all together
     * @param seconds how long the outage takes
     * @param blind how many replicas the outage concerns: all of them, or those that have lost their way to the provider
     * @param sharing whether they tell one another
     */
    record Settings(
            int replicas, double callsPerSecond, int seconds, Fault fault, int blind, boolean sharing, long seed) {}

    /**
     * What came of it.
     *
     * @param perSecond attempts that reached the dead provider, second by second of the outage
     * @param unanswered calls
     * @param needless calls that another target answered although their replica could have reached the provider
     * @param slow calls that took longer than ten seconds
     * @param back seconds from the end of the outage until the last call that another target answered
     * @param messages that replicas published
     */
    record Figures(int calls, int[] perSecond, int unanswered, int needless, int slow, double back, int messages) {
        int inFirstSecond() {
            return perSecond[0];
        }

        /** The mean of all seconds but the first ten. */
        double later() {
            double sum = 0;
            for (int i = 10; i < perSecond.length; i++) {
                sum += perSecond[i];
            }
            return sum / (perSecond.length - 10);
        }

        int all() {
            int sum = 0;
            for (int each : perSecond) {
                sum += each;
            }
            return sum;
        }
    }

    private final Settings settings;
    private final EventQueue queue = new EventQueue();
    private final List<Replica> replicas = new ArrayList<>();
    private final RandomGenerator random;
    private final long ends;
    private final int[] perSecond;
    private int calls;
    private int unanswered;
    private int needless;
    private int slow;
    private long lastElsewhere;
    private int messages;

    private final class Replica {
        final int number;
        final SharedState shared = SharedState.ofDefaults();
        final HealthExchange exchange;

        Replica(int number) {
            this.number = number;
            this.exchange = new HealthExchange(shared.health(), 7919L * number);
        }

        boolean isBlind() {
            return number < settings.blind();
        }

        void share() {
            queue.at(random.nextLong(CIRCUITS_EVERY), this::tellCircuits);
            queue.at(random.nextLong(BUDGETS_EVERY), this::tellBudgets);
        }

        private void tellCircuits(long now) {
            List<CircuitNews> news = exchange.news(now);
            if (!news.isEmpty()) {
                toOthers(now, (other, at) -> news.forEach(each -> other.exchange.apply(each, at)));
            }
            again(now, CIRCUITS_EVERY, this::tellCircuits);
        }

        private void tellBudgets(long now) {
            List<RetryBudget.Use> retries = shared.retries().use();
            HedgingBudget.Use hedges = shared.hedges().use();
            if (!retries.isEmpty() || hedges.calls() + hedges.hedges() > 0) {
                toOthers(now, (other, at) -> {
                    retries.forEach(other.shared.retries()::usedElsewhere);
                    other.shared.hedges().usedElsewhere(hedges);
                });
            }
            again(now, BUDGETS_EVERY, this::tellBudgets);
        }

        private void toOthers(long now, Delivery delivery) {
            messages++;
            queue.at(
                    now + TRAVEL,
                    at -> replicas.forEach(other -> {
                        if (other != this) {
                            delivery.to(other, at);
                        }
                    }));
        }

        private void again(long now, long every, EventQueue.Event event) {
            if (now < ends + AFTER) {
                queue.at(now + every, event);
            }
        }
    }

    private interface Delivery {
        void to(Replica other, long at);
    }

    /** One call: an answer that is not streamed, in about a second. */
    private final class Call {
        private final Replica replica;
        private final Machine machine;
        private final List<Target> attempts = new ArrayList<>();
        private final long arrived;
        private long timer = -1;
        private boolean over;

        Call(Replica replica, long now) {
            this.replica = replica;
            this.arrived = now;
            Plan plan = Plan.of(List.of(Step.of(0, PRIMARY), Step.of(1, FALLBACK)))
                    .caller("caller-" + calls % 50)
                    .build();
            this.machine = Machine.Maker.PRODUCTION.make(
                    plan, 1_000, replica.shared, Draws.of(settings.seed(), "engine", calls), now);
        }

        void tell(Signal signal, long now) {
            if (over) {
                return;
            }
            for (Command command : machine.on(signal, now)) {
                switch (command) {
                    case Command.Start start ->
                        start(start.attempt(), start.step().target(), now);
                    case Command.WakeAt wake -> {
                        timer = wake.at();
                        queue.at(wake.at(), at -> {
                            if (at == timer) {
                                tell(new Signal.Due(), at);
                            }
                        });
                    }
                    case Command.Deliver deliver -> {
                        over = true;
                        delivered(attempts.get(deliver.attempt() - 1), now);
                    }
                    case Command.GiveUp giveUp -> {
                        over = true;
                        unanswered++;
                    }
                    case Command.Abandon abandon -> over = true;
                    case Command.Cancel cancel -> {}
                    case Command.Commit commit -> {}
                    case Command.Preview preview -> {}
                    case Command.Continue next -> {}
                }
            }
        }

        private void start(int number, Target target, long now) {
            attempts.add(target);
            boolean down = target.equals(PRIMARY) && replica.isBlind() && now >= BEFORE && now < ends;
            if (!down) {
                long takes = 500 * MILLI + random.nextLong(SECOND);
                queue.at(now + MILLI, at -> tell(new Signal.Connected(number), at));
                queue.at(now + takes, at -> tell(new Signal.Completed(number), at));
                return;
            }
            perSecond[(int) ((now - BEFORE) / SECOND)]++;
            queue.at(now + MILLI, at -> tell(new Signal.Connected(number), at));
            if (settings.fault() == Fault.ERRORS) {
                Failure failure = new Failure(
                        FailureKind.SERVER_ERROR, 503, ErrorDetails.of("down"), OptionalLong.empty(), false);
                queue.at(now + 50 * MILLI, at -> tell(new Signal.Failed(number, failure), at));
            }
        }

        private void delivered(Target by, long now) {
            slow += now - arrived > 10 * SECOND ? 1 : 0;
            if (by.equals(FALLBACK)) {
                boolean isWell = !replica.isBlind();
                needless += isWell ? 1 : 0;
                lastElsewhere = Math.max(lastElsewhere, now);
            }
        }
    }

    private ReplicaWorld(Settings settings) {
        this.settings = settings;
        this.random = Draws.of(settings.seed(), "replicas");
        this.ends = BEFORE + settings.seconds() * SECOND;
        this.perSecond = new int[settings.seconds()];
    }

    static Figures run(Settings settings) {
        return new ReplicaWorld(settings).run();
    }

    private Figures run() {
        for (int i = 0; i < settings.replicas(); i++) {
            replicas.add(new Replica(i));
        }
        if (settings.sharing()) {
            replicas.forEach(Replica::share);
        }
        queue.at(0, this::arrive);
        queue.run();
        return new Figures(
                calls,
                perSecond,
                unanswered,
                needless,
                slow,
                Math.max(0, lastElsewhere - ends) / (double) SECOND,
                messages);
    }

    /** Calls arrive at random, each at a replica that a load balancer chooses at random. */
    private void arrive(long now) {
        calls++;
        new Call(replicas.get(random.nextInt(replicas.size())), now).tell(new Signal.Begin(), now);
        long next = now + (long) (-Math.log(1 - random.nextDouble()) * SECOND / settings.callsPerSecond());
        if (next < ends + AFTER) {
            queue.at(next, this::arrive);
        }
    }
}
