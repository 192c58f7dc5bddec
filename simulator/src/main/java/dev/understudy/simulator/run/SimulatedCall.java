package dev.understudy.simulator.run;

import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Command;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Signal;
import dev.understudy.engine.Step;
import dev.understudy.engine.Target;
import dev.understudy.simulator.rules.BrokenRule;
import dev.understudy.simulator.rules.CallRules;
import dev.understudy.simulator.rules.Machine;
import dev.understudy.simulator.rules.Script;
import dev.understudy.simulator.world.Arrival;
import dev.understudy.simulator.world.Draws;
import dev.understudy.simulator.world.SimulatedRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Drives one call: gives signals to the engine and carries out its commands. */
final class SimulatedCall {
    /** Of a prompt's bytes, one token takes about four. */
    private static final int BYTES_PER_TOKEN = 4;

    /** A stream that shows nothing at all for longer, three late marks, may be given up. */
    private static final long LONGEST_SILENCE = TimeUnit.SECONDS.toNanos(29);

    private static final int GATEWAY_TIMEOUT = 504;

    private static final int CALLS_OF_A_CONVERSATION = 10;

    /** When a stream that is held back gets its response headers: the gateway's {@code stream.keep-alive}. */
    private static final long KEEP_ALIVE = TimeUnit.SECONDS.toNanos(10);

    private final Stage stage;
    private final int number;
    private final Arrival arrival;
    private final Caller caller;
    private final Recoveries recoveries;
    private final Measures measures;
    private final Machine machine;
    private final CallRules rules;
    private final List<SimulatedAttempt> attempts = new ArrayList<>(2);
    private long timer = Long.MIN_VALUE;
    private OptionalLong firstAt = OptionalLong.empty();
    private boolean paused;
    private boolean over;
    /** The target that this call tries first, as the chain names it. */
    private final String first;
    /** What the first target alone would do. */
    private final DirectCall.Outcome direct;

    SimulatedCall(Stage stage, int number, Arrival arrival, Recoveries recoveries, Measures measures) {
        this.stage = stage;
        this.number = number;
        this.arrival = arrival;
        this.recoveries = recoveries;
        this.measures = measures;
        long seed = stage.scenario().seed();
        this.caller = Caller.of(stage.scenario().callers(), seed, number);
        long bytes = (long) arrival.promptTokens() * BYTES_PER_TOKEN;
        Plan plan = stage.chain().plan(stage.scenario(), caller).toBuilder()
                .conversation(OptionalLong.of(Draws.of(seed, "conversation", number / CALLS_OF_A_CONVERSATION)
                        .nextLong()))
                .build()
                .ordered(bytes, stage.shared(), Draws.of(seed, "order", number), arrival.at());
        this.first = stage.chain().targets().get(plan.chain().getFirst().id());
        this.direct = stage.direct().outcome(first, number, arrival.answerTokens(), caller, arrival.at());
        stage.script().ifPresent(script -> script.lines().add(new Script.Arrives(number, arrival.at(), plan, bytes)));
        this.machine = stage.maker().make(plan, bytes, stage.shared(), Draws.of(seed, "engine", number), arrival.at());
        this.rules = stage.invariants().watch(plan, arrival.at());
    }

    void begin() {
        caller.leaves()
                .ifPresent(after -> stage.queue().at(arrival.at() + after, now -> tell(new Signal.CallerLeft())));
        tell(new Signal.Begin());
        if (caller.streaming() && !over) {
            // A caller with a shorter timeout gets the headers sooner.
            long soon = caller.waits().toNanos() / 3;
            stage.queue().at(arrival.at() + Math.min(KEEP_ALIVE, soon), now -> sendHead());
        }
    }

    private void sendHead() {
        if (firstAt.isEmpty()) {
            tell(new Signal.HeadSent());
        }
    }

    boolean isOver() {
        return over;
    }

    /** Gives a signal to the engine and carries out its commands. */
    void tell(Signal signal) {
        if (over) {
            return;
        }
        long now = stage.queue().now();
        stage.script().ifPresent(script -> script.lines().add(new Script.Told(number, now, signal)));
        Set<Target> well = well(signal, now);
        rules.before(signal, now);
        List<Command> commands = machine.on(signal, now);
        stage.journal().told(number, now, signal, commands);
        rules.after(signal, commands, now);
        countOpenedCircuits(well, signal, now);
        commands.forEach(command -> carryOut(command, now));
    }

    private void carryOut(Command command, long now) {
        switch (command) {
            case Command.Start(int attempt, Step step, AttemptKind attemptKind) ->
                start(attempt, step, attemptKind, now);
            case Command.Cancel(int attempt) -> attempts.get(attempt - 1).cancel(now);
            case Command.Commit(int attempt) -> read(attempts.get(attempt - 1), now);
            case Command.Preview preview -> {}
            case Command.Continue(int attempt) -> {}
            case Command.WakeAt(long at) -> {
                timer = at;
                stage.queue().at(at, this::timerDue);
            }
            case Command.Terminal terminal -> end(terminal, now);
        }
    }

    private void timerDue(long now) {
        if (now == timer) {
            tell(new Signal.Due());
        }
    }

    private void start(int attempt, Step step, AttemptKind attemptKind, long now) {
        String target = step.target().name();
        int nth = (int) attempts.stream()
                .filter(other -> other.target().equals(step.target()))
                .count();
        int left = attemptKind == AttemptKind.CONTINUATION
                ? arrival.answerTokens() - (int) rules.delivered()
                : arrival.answerTokens();
        SimulatedRequest request = caller.request(number, target, left).following(nth, attemptKind);
        measures.attempted(arrival.promptTokens());
        SimulatedAttempt started = new SimulatedAttempt(
                this,
                stage.queue(),
                attempt,
                step.target(),
                new SignsOfLife(step.reasons(), now),
                stage.providers().of(target).fateOf(request, now),
                left);
        started.startedBeside(attempts, now);
        attempts.add(started);
        started.playNext();
    }

    /** The caller has the beginning of an answer; a slow one pauses. */
    private void read(SimulatedAttempt attempt, long now) {
        firstAt = OptionalLong.of(now);
        if (caller.pause().isPresent() && !paused) {
            paused = true;
            long until = now + caller.pause().getAsLong();
            stage.queue().at(now, then -> {
                if (attempt.pauseUntil(until)) {
                    tell(new Signal.Paused(attempt.number()));
                    stage.queue().at(until, later -> tell(new Signal.Resumed(attempt.number())));
                }
            });
        }
    }

    /** A target delivered content. */
    void alive(Target target, long now) {
        recoveries.alive(target, now);
    }

    private void end(Command.Terminal terminal, long now) {
        over = true;
        attempts.forEach(SimulatedAttempt::end);
        attempts.forEach(attempt -> measures.generated(attempt.tokens()));
        Measures.Outcome outcome = switch (terminal) {
            case Command.Deliver(int attempt) -> delivered(attempts.get(attempt - 1), now);
            case Command.GiveUp(var verdict) -> givenUp(verdict.status());
            case Command.Abandon() -> Measures.Outcome.LEFT;
        };
        if (caller.hostility().isPresent()) {
            measures.ended(outcome == Measures.Outcome.LEFT ? outcome : Measures.Outcome.REFUSED, arrival.at());
            return;
        }
        measures.ended(outcome, arrival.at());
        if (outcome != Measures.Outcome.LEFT && outcome != Measures.Outcome.REFUSED) {
            compareWithDirect(outcome, terminal);
            compareWithOracle(outcome, now);
        }
    }

    private void compareWithDirect(Measures.Outcome outcome, Command.Terminal terminal) {
        boolean answered = outcome == Measures.Outcome.ANSWERED || outcome == Measures.Outcome.BLANK;
        boolean byAnother = terminal instanceof Command.Deliver(int attempt)
                && !isFirst(attempts.get(attempt - 1).target());
        boolean despiteLife = byAnother && attempts.stream().anyMatch(SimulatedAttempt::isDespiteLife);
        measures.comparedWithDirect(direct.answers(), answered, byAnother, despiteLife);
        if (stage.harmless() && direct.answers() && direct.silence() < LONGEST_SILENCE) {
            String call = "call " + number + " ";
            BrokenRule.unless(answered, 11, call + "is not answered, and its primary alone would have answered it");
            BrokenRule.unless(
                    !byAnother || attempts.stream().noneMatch(SimulatedAttempt::isDespitePromise),
                    11,
                    call + "is answered by another model although its primary showed life");
        }
    }

    private boolean isFirst(Target target) {
        return target.name().equals(first);
    }

    private Measures.Outcome delivered(SimulatedAttempt attempt, long now) {
        boolean whole = (caller.streaming() && firstAt.isPresent())
                ? rules.delivered() == arrival.answerTokens()
                : attempt.isWhole();
        if (whole) {
            measures.answered(firstAt.orElse(now) - arrival.at(), now - arrival.at(), arrival.answerTokens());
            return Measures.Outcome.ANSWERED;
        }
        if (attempt.isBlank() && rules.delivered() == 0) {
            return Measures.Outcome.BLANK;
        }
        measures.truncationAsSuccess();
        return Measures.Outcome.BROKEN_OFF;
    }

    private Measures.Outcome givenUp(int status) {
        if (caller.fault().isPresent() || caller.hostility().isPresent()) {
            return Measures.Outcome.REFUSED;
        }
        if (status == GATEWAY_TIMEOUT) {
            measures.deadlineMissed();
        }
        return firstAt.isPresent() ? Measures.Outcome.BROKEN_OFF : Measures.Outcome.GIVEN_UP;
    }

    private void compareWithOracle(Measures.Outcome outcome, long now) {
        boolean answered = outcome == Measures.Outcome.ANSWERED || outcome == Measures.Outcome.BLANK;
        stage.oracle()
                .firstContent(number, arrival.answerTokens(), caller, arrival.at())
                .ifPresent(best -> measures.foreseen(answered, Math.max(0, firstAt.orElse(now) - arrival.at() - best)));
    }

    private Set<Target> well(Signal signal, long now) {
        Set<Target> well = new HashSet<>();
        if (signal instanceof Signal.Failed || signal instanceof Signal.Due) {
            for (SimulatedAttempt attempt : attempts) {
                if (stage.shared().health().availability(attempt.target(), now).isReady()) {
                    well.add(attempt.target());
                }
            }
        }
        return well;
    }

    private void countOpenedCircuits(Set<Target> well, Signal signal, long now) {
        boolean isLimit = signal instanceof Signal.Failed(int attempt, Failure failure)
                && (failure.kind() == FailureKind.RATE_LIMITED || failure.kind() == FailureKind.QUOTA);
        for (Target target : well) {
            // A failure of a caller's own key, or of a model that does not exist, concerns no other caller.
            boolean isShared = !target.callersKey() && stage.chain().targets().contains(target.name());
            if (isShared
                    && !isLimit
                    && !stage.shared().health().availability(target, now).isReady()
                    && stage.providers().of(target.name()).weather().isFair(now)) {
                measures.countOpenedWithoutIncident();
            }
        }
    }
}
