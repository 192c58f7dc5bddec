package dev.understudy.simulator.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Command;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Signal;
import dev.understudy.engine.Step;
import dev.understudy.simulator.run.RuleSearch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An engine that breaks a rule is found out: one for each rule. */
class BrokenEnginesTest {
    private static final int SEEDS = 400;
    private static final int LONGEST_SCRIPT = 40;

    static Stream<Arguments> engines() {
        return Stream.of(
                engine(
                        1,
                        "it takes a second more than it has",
                        planning(plan -> new Plan(
                                plan.chain(),
                                plan.instead(),
                                plan.deadline().plusSeconds(1),
                                plan.patience(),
                                plan.streaming(),
                                plan.commit(),
                                plan.recovery(),
                                plan.overlap()))),
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
                engine(
                        5,
                        "it takes a bad request for an error of the server",
                        hearing((machine, signal, now) ->
                                machine.on(as(signal, FailureKind.BAD_REQUEST, FailureKind.SERVER_ERROR), now))),
                engine(
                        6,
                        "it asks again where nobody should",
                        hearing((machine, signal, now) ->
                                machine.on(as(signal, FailureKind.OVERLOADED, FailureKind.SERVER_ERROR), now))),
                engine(
                        7,
                        "it overlaps though nobody wants it",
                        planning(plan -> new Plan(
                                plan.chain(),
                                plan.instead(),
                                plan.deadline(),
                                plan.patience(),
                                plan.streaming(),
                                plan.commit(),
                                plan.recovery(),
                                true))),
                engine(
                        8,
                        "it knows only the first of the chain",
                        planning(plan -> new Plan(
                                plan.chain().subList(0, 1),
                                plan.instead(),
                                plan.deadline(),
                                plan.patience(),
                                plan.streaming(),
                                plan.commit(),
                                plan.recovery(),
                                plan.overlap()))),
                engine(
                        9,
                        "it gives a target other limits than planned",
                        saying(commands -> commands.stream()
                                .map(command -> command instanceof Command.Start start && start.attempt() > 1
                                        ? new Command.Start(start.attempt(), changed(start.step()), start.manner())
                                        : command)
                                .toList())),
                engine(10, "it throws dice of its own", dice()));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("engines")
    void isFoundOutWithAShortScript(int rule, String what, Machine.Maker maker) {
        Optional<RuleSearch.Found> found = LongStream.rangeClosed(1, SEEDS)
                .mapToObj(seed -> new RuleSearch(maker).search(seed))
                .flatMap(Optional::stream)
                .filter(each -> each.broken().startsWith("rule " + rule + ":"))
                .findFirst();
        assertThat(found).as(what).isPresent();
        assertThat(found.get().text()).contains("seed ").contains("arrives");
        // A script against dice cannot be shortened: it breaks another rule of chance each time. Overlaps need a
        // prologue.
        if (rule != 10 && rule != 7) {
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

    private static Machine.Maker dice() {
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

    private static Step changed(Step step) {
        return new Step(
                step.id() + 1,
                step.target(),
                step.timeouts(),
                step.usual(),
                step.retry(),
                step.cooldown(),
                step.contextWindow());
    }
}
