package dev.understudy.simulator.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Availability;
import dev.understudy.engine.Command;
import dev.understudy.engine.Concern;
import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.Disposition;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.HedgingBudget;
import dev.understudy.engine.Plan;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.SharedState;
import dev.understudy.engine.Signal;
import dev.understudy.engine.Step;
import dev.understudy.engine.Target;
import dev.understudy.engine.Timeouts;
import dev.understudy.simulator.run.RuleSearch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An engine that breaks a rule is found out: for each rule one or several. */
class BrokenEnginesTest {
    private static final int SEEDS = 400;
    private static final int NO_HARM = 11;
    private static final int LONGEST_SCRIPT = 40;

    static Stream<Arguments> engines() {
        return Stream.of(
                engine(
                        1,
                        "it takes a second more than it has",
                        planning(plan -> plan.toBuilder()
                                .deadline(plan.deadline().map(deadline -> deadline.plusSeconds(1)))
                                .build())),
                engine(
                        1,
                        "it starts attempts ten minutes long",
                        planning(plan -> plan.toBuilder()
                                .deadline(plan.deadline().or(() -> Optional.of(Duration.ofMinutes(10))))
                                .build())),
                engine(
                        1,
                        "it waits longer than its caller",
                        planning(plan ->
                                plan.toBuilder().patience(Optional.empty()).build())),
                engine(
                        1,
                        "it ends answers that flow at the deadline",
                        beforeEach((call, signal, now) ->
                                call.isPastDeadline(now) ? call.cancelled(call.withContent()) : List.of())),
                engine(
                        2,
                        "it ends every call twice",
                        saying(commands -> commands.stream()
                                .flatMap(command -> command instanceof Command.Terminal
                                        ? Stream.of(command, command)
                                        : Stream.of(command))
                                .toList())),
                engine(
                        3,
                        "it calls what was cut off whole",
                        hearing((machine, signal, now) -> machine.on(
                                isFailure(signal, FailureKind.TRUNCATED) ? completed(signal) : signal, now))),
                engine(
                        4,
                        "it lets losers run",
                        saying(commands -> commands.stream()
                                .filter(command -> !(command instanceof Command.Cancel))
                                .toList())),
                engine(4, "it takes late marks for limits", stepping(BrokenEnginesTest::cancelling)),
                engine(
                        4,
                        "it takes the default deadline for one that was set",
                        planning(plan -> plan.toBuilder()
                                .deadline(plan.deadline().or(() -> Optional.of(Duration.ofSeconds(45))))
                                .build())),
                engine(
                        5,
                        "it takes a bad request for an error of the server",
                        hearing((machine, signal, now) ->
                                machine.on(as(signal, FailureKind.BAD_REQUEST, FailureKind.SERVER_ERROR), now))),
                engine(
                        5,
                        "it takes what concerns one request for what concerns the target",
                        hearing((machine, signal, now) -> machine.on(concerningTheTarget(signal), now))),
                engine(5, "it takes each call for another caller's", eachCallAnotherCaller()),
                engine(5, "it takes a caller's key for its own", stepping(BrokenEnginesTest::withOwnKey)),
                engine(
                        5,
                        "it takes a caller's tiny limit for its own",
                        stepping(BrokenEnginesTest::withTinyUsualTimes)),
                engine(
                        6,
                        "it tries again where it should not",
                        hearing((machine, signal, now) ->
                                machine.on(as(signal, FailureKind.AUTH, FailureKind.SERVER_ERROR), now))),
                engine(
                        7,
                        "it hedges although hedging is off",
                        planning(plan -> plan.toBuilder().hedging(true).build())),
                engine(7, "it hedges whatever the budget", BrokenEnginesTest::withoutBudget),
                engine(7, "it lets failures that do not pass spend the retry budget", spendingRetries()),
                engine(
                        8,
                        "it knows only the first of the chain",
                        planning(plan -> planOf(plan, plan.chain().subList(0, 1)))),
                engine(8, "it tries what cools in the order of the chain reversed", reversedWhereAllCool()),
                engine(
                        9,
                        "it gives a target other limits than planned",
                        saying(commands -> commands.stream()
                                .map(command -> command instanceof Command.Start start && start.attempt() > 1
                                        ? new Command.Start(start.attempt(), changed(start.step()), start.attemptKind())
                                        : command)
                                .toList())),
                engine(10, "it draws random numbers of its own", ownRandomNumbers()),
                engine(
                        11,
                        "it ignores signs of life",
                        hearing((machine, signal, now) ->
                                signal instanceof Signal.Alive ? List.of() : machine.on(signal, now))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("engines")
    void isFoundOutWithAShortScript(int rule, String what, Machine.Maker maker) {
        Optional<RuleSearch.Found> found = LongStream.rangeClosed(1, SEEDS)
                .mapToObj(seed -> rule == NO_HARM
                        ? new RuleSearch(maker).searchHarmless(seed)
                        : new RuleSearch(maker).searchRough(seed))
                .flatMap(Optional::stream)
                .filter(each -> each.broken().startsWith("rule " + rule + ":"))
                .findFirst();
        assertThat(found).as(what).isPresent();
        assertThat(found.get().text()).contains("seed ").contains("arrives");
        // A script against random numbers cannot be shortened: it breaks another rule each time. Hedges need a
        // prologue, budgets many calls, and what harm is only the world knows.
        if (rule < 7 || rule == 8 || rule == 9) {
            assertThat(found.get().script()).hasSizeLessThanOrEqualTo(LONGEST_SCRIPT);
        }
    }

    private static Arguments engine(int rule, String what, Machine.Maker maker) {
        return Arguments.of(rule, what, maker);
    }

    private interface Ear {
        List<Command> on(Machine machine, Signal signal, long now);
    }

    private static Machine.Maker hearing(Ear ear) {
        return (plan, bytes, shared, random, now) -> {
            Machine engine = Machine.Maker.PRODUCTION.make(plan, bytes, shared, random, now);
            return (signal, at) -> ear.on(engine, signal, at);
        };
    }

    private static Machine.Maker saying(UnaryOperator<List<Command>> mouth) {
        return hearing((engine, signal, now) -> mouth.apply(engine.on(signal, now)));
    }

    private static Machine.Maker planning(UnaryOperator<Plan> change) {
        return (plan, bytes, shared, random, now) ->
                Machine.Maker.PRODUCTION.make(change.apply(plan), bytes, shared, random, now);
    }

    /** Plans other steps than it is given, and says the ones that it was given. */
    private static Machine.Maker stepping(UnaryOperator<Step> change) {
        return (plan, bytes, shared, random, now) -> {
            Map<Integer, Step> given = new HashMap<>();
            plan.chain().forEach(step -> given.put(step.id(), step));
            plan.instead().values().forEach(steps -> steps.forEach(step -> given.put(step.id(), step)));
            Plan changed = planOf(plan, plan.chain().stream().map(change).toList());
            Machine engine = Machine.Maker.PRODUCTION.make(changed, bytes, shared, random, now);
            return (signal, at) -> engine.on(signal, at).stream()
                    .map(command -> command instanceof Command.Start start
                            ? new Command.Start(
                                    start.attempt(),
                                    given.getOrDefault(start.step().id(), start.step()),
                                    start.attemptKind())
                            : command)
                    .toList();
        };
    }

    private static Plan planOf(Plan plan, List<Step> chain) {
        return Plan.of(chain)
                .instead(plan.instead())
                .deadline(plan.deadline())
                .patience(plan.patience())
                .streaming(plan.streaming())
                .commit(plan.commit())
                .recovery(plan.recovery())
                .hedging(plan.hedging())
                .fallbackOn(plan.fallbackOn())
                .caller(plan.caller())
                .build();
    }

    private static Step with(Step step, Target target, Timeouts timeouts, Timeouts usual) {
        return step.toBuilder().target(target).timeouts(timeouts).usual(usual).build();
    }

    private static Step cancelling(Step step) {
        return with(step, step.target(), step.timeouts().cancelling(), step.usual());
    }

    private static Step withOwnKey(Step step) {
        Target target = step.target();
        return with(step, Target.of(target.provider(), target.model()), step.timeouts(), step.usual());
    }

    private static Step withTinyUsualTimes(Step step) {
        boolean isTiny = step.timeouts()
                .total()
                .filter(total -> total.compareTo(Duration.ofMillis(200)) < 0)
                .isPresent();
        Duration none = Duration.ofNanos(1);
        Timeouts tiny = new Timeouts(none, none, none, none, none, Optional.empty(), false);
        return isTiny ? with(step, step.target(), step.timeouts(), tiny) : step;
    }

    private static Machine.Maker eachCallAnotherCaller() {
        AtomicInteger calls = new AtomicInteger();
        return planning(plan ->
                plan.toBuilder().caller("caller " + calls.incrementAndGet()).build());
    }

    private static Machine withoutBudget(Plan plan, long bytes, SharedState shared, RandomGenerator random, long now) {
        SharedState rich = new SharedState(shared.health(), shared.retries(), shared.latency(), new HedgingBudget(1));
        return Machine.Maker.PRODUCTION.make(plan, bytes, rich, random, now);
    }

    /** For each failure that is not transient, sixty transient ones are signalled to calls that were never made. */
    private static Machine.Maker spendingRetries() {
        return (plan, bytes, shared, random, now) -> {
            Machine engine = Machine.Maker.PRODUCTION.make(plan, bytes, shared, random, now);
            Map<Integer, Step> started = new HashMap<>();
            return (signal, at) -> {
                if (signal instanceof Signal.Failed failed && !failed.failure().isTransient()) {
                    for (int i = 0; i < 60; i++) {
                        fail(started.getOrDefault(failed.attempt(), plan.chain().getFirst()), shared, random, at);
                    }
                }
                List<Command> commands = engine.on(signal, at);
                for (Command command : commands) {
                    if (command instanceof Command.Start start) {
                        started.put(start.attempt(), start.step());
                    }
                }
                return commands;
            };
        };
    }

    private static void fail(Step step, SharedState shared, RandomGenerator random, long now) {
        Duration moment = Duration.ofSeconds(1);
        Step patient = step.toBuilder()
                .id(0)
                .retry(new RetryPolicy(0, Duration.ZERO, moment, Duration.ZERO))
                .cooldown(new CooldownPolicy(1_000_000_000, 0, moment, moment, moment))
                .reasons(false)
                .build();
        Machine engine = Machine.Maker.PRODUCTION.make(Plan.of(List.of(patient)).build(), 0, shared, random, now);
        engine.on(new Signal.Begin(), now);
        engine.on(new Signal.Failed(1, Failure.of(FailureKind.SERVER_ERROR, "of no call")), now);
    }

    /** Where all targets cool it tries the last of the chain first. */
    private static Machine.Maker reversedWhereAllCool() {
        return (plan, bytes, shared, random, now) -> {
            boolean allCool = plan.chain().stream()
                    .allMatch(step ->
                            shared.health().availability(step.target(), now).state() == Availability.State.COOLING);
            List<Step> latest = plan.chain().stream()
                    .sorted(Comparator.comparingLong((Step step) -> shared.health()
                                    .availability(step.target(), now)
                                    .until())
                            .reversed())
                    .toList();
            Machine engine = Machine.Maker.PRODUCTION.make(
                    allCool ? planOf(plan, latest.subList(0, 1)) : plan, bytes, shared, random, now);
            return engine;
        };
    }

    /** What a broken engine knows of its call. */
    private static final class Known {
        private final Plan plan;
        private final long arrived;
        private final Set<Integer> live = new TreeSet<>();
        private final Set<Integer> flowing = new TreeSet<>();

        Known(Plan plan, long arrived) {
            this.plan = plan;
            this.arrived = arrived;
        }

        boolean isPastDeadline(long now) {
            return plan.deadline()
                    .filter(deadline -> now - arrived >= deadline.toNanos())
                    .isPresent();
        }

        Set<Integer> withContent() {
            Set<Integer> some = new TreeSet<>(live);
            some.retainAll(flowing);
            return some;
        }

        List<Command> cancelled(Set<Integer> some) {
            live.removeAll(some);
            return some.stream().<Command>map(Command.Cancel::new).toList();
        }

        void note(Signal signal) {
            if (signal instanceof Signal.Progress progress) {
                flowing.add(progress.attempt());
            }
        }

        void note(Command command) {
            switch (command) {
                case Command.Start start -> live.add(start.attempt());
                case Command.Cancel cancel -> live.remove(cancel.attempt());
                default -> {}
            }
        }
    }

    private interface Meddling {
        List<Command> commands(Known call, Signal signal, long now);
    }

    private static Machine.Maker beforeEach(Meddling meddling) {
        return (plan, bytes, shared, random, now) -> {
            Machine engine = Machine.Maker.PRODUCTION.make(plan, bytes, shared, random, now);
            Known call = new Known(plan, now);
            return (signal, at) -> {
                List<Command> commands = new ArrayList<>(meddling.commands(call, signal, at));
                call.note(signal);
                for (Command command : engine.on(signal, at)) {
                    call.note(command);
                    commands.add(command);
                }
                return commands;
            };
        };
    }

    private static Machine.Maker ownRandomNumbers() {
        Random luck = new Random(7);
        return (plan, bytes, shared, random, now) -> {
            Machine engine = Machine.Maker.PRODUCTION.make(plan, bytes, shared, random, now);
            return (signal, at) -> {
                List<Command> commands = new ArrayList<>(engine.on(signal, at));
                commands.replaceAll(command -> command instanceof Command.WakeAt(long when)
                        ? new Command.WakeAt(when - luck.nextInt(1_000))
                        : command);
                return commands;
            };
        };
    }

    private static boolean isFailure(Signal signal, FailureKind kind) {
        return signal instanceof Signal.Failed failed && failed.failure().kind() == kind;
    }

    private static Signal completed(Signal signal) {
        return new Signal.Completed(((Signal.Failed) signal).attempt());
    }

    private static Signal as(Signal signal, FailureKind from, FailureKind to) {
        return isFailure(signal, from)
                ? new Signal.Failed(((Signal.Failed) signal).attempt(), Failure.of(to, "in disguise"))
                : signal;
    }

    private static Signal concerningTheTarget(Signal signal) {
        boolean isRequest = signal instanceof Signal.Failed failed
                && failed.failure().concern() == Concern.REQUEST
                && failed.failure().kind().disposition().effect() == Disposition.Effect.COUNTS;
        return isRequest
                ? new Signal.Failed(
                        ((Signal.Failed) signal).attempt(),
                        ((Signal.Failed) signal).failure().concerning(Concern.TARGET))
                : signal;
    }

    private static Step changed(Step step) {
        return step.toBuilder().id(step.id() + 1).build();
    }
}
