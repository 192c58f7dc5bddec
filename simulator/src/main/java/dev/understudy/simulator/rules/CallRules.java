package dev.understudy.simulator.rules;

import static dev.understudy.simulator.rules.BrokenRule.unless;

import dev.understudy.engine.Command;
import dev.understudy.engine.Disposition;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Manner;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.Signal;
import dev.understudy.engine.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The rules of one call. Told of every signal before the engine is, and of every command that it answers with. */
public final class CallRules {
    /** A long answer comes in some hundred pieces. */
    private static final int MOST_SIGNALS = 20_000;

    private final Invariants invariants;
    private final Plan plan;
    private final Deadline deadline;
    private final TargetRules targets;
    private final CallerText text = new CallerText();
    private final List<Started> attempts = new ArrayList<>(2);
    private final TreeSet<Integer> live = new TreeSet<>();
    private int committed;
    private int signals;
    private boolean over;

    /** An attempt as the rules know it. */
    record Started(Step step, Manner manner, long at) {}

    CallRules(Invariants invariants, Plan plan, long now) {
        this.invariants = invariants;
        this.plan = plan;
        this.deadline = new Deadline(plan, now);
        this.targets = new TargetRules(invariants, plan);
    }

    /** Whether the signal is about something that was started. */
    public boolean knows(Signal signal) {
        int attempt = Attempts.of(signal);
        return attempt <= attempts.size();
    }

    /** How much of an answer the caller has. */
    public long delivered() {
        return text.delivered();
    }

    /** A signal is about to be given. */
    public void before(Signal signal, long now) {
        targets.look(signal, now);
    }

    /** A signal was given, and this is the answer. */
    public void after(Signal signal, List<Command> commands, long now) {
        unless(++signals < MOST_SIGNALS, 1, "the call does not come to an end");
        if (over) {
            unless(commands.isEmpty(), 2, "something follows the terminal command");
            return;
        }
        boolean inTime = deadline.isAhead(now);
        if (inTime) {
            note(signal, now);
        }
        boolean decided = false;
        for (Command command : commands) {
            unless(!over, 2, "something follows the terminal command");
            check(command, signal, decided, inTime, now);
            decided |= command instanceof Command.Commit || command instanceof Command.Continue;
        }
        targets.unharmed(signal, attempts, deadline, inTime, now);
        if (signal instanceof Signal.CallerLeft) {
            unless(over, 4, "a caller left and the call goes on");
        }
        unless(over || deadline.isAhead(now), 1, "the deadline has passed and the call goes on");
        unless(over || deadline.isKept(), 1, "no alarm is set for the deadline");
        if (signal instanceof Signal.Begin && inTime) {
            unless(!over, 8, "the call ends before anybody was asked");
            unless(
                    !attempts.isEmpty() || deadline.wakesBefore(),
                    8,
                    "nobody is asked and nobody's recovery is waited for");
        }
    }

    private void note(Signal signal, long now) {
        switch (signal) {
            case Signal.Progress(int attempt, long characters, boolean continuable) -> {
                if (live.contains(attempt)) {
                    text.progress(attempt, characters);
                }
            }
            case Signal.Finishing(int attempt) -> text.whole(attempt);
            case Signal.Completed(int attempt) -> text.whole(attempt);
            case Signal.Failed(int attempt, Failure failure) -> {
                if (live.remove(attempt)) {
                    if (failure.answerAtHand()) {
                        text.whole(attempt);
                    }
                    targets.failed(attempts.get(attempt - 1), failure, now);
                }
            }
            default -> {}
        }
    }

    private void check(Command command, Signal cause, boolean decided, boolean inTime, long now) {
        switch (command) {
            case Command.Start(int attempt, Step step, Manner manner) ->
                started(attempt, step, manner, cause, inTime, now);
            case Command.Cancel(int attempt) -> {
                unless(live.remove(attempt), 4, "attempt " + attempt + " is cancelled and does not run");
                if (cause instanceof Signal.Due && inTime && !decided) {
                    targets.late(attempts.get(attempt - 1));
                }
            }
            case Command.Commit(int attempt) -> {
                unless(inTime, 1, "something is committed past the deadline");
                unless(plan.streaming(), 3, "an answer is committed that is not streamed");
                unless(committed == 0, 3, "two attempts are committed");
                committed = attempt;
                text.commit(attempt);
                deadline.committed();
                targets.committed();
            }
            case Command.Continue(int attempt) -> {
                unless(inTime, 1, "something goes on past the deadline");
                unless(committed != 0, 3, "something goes on that never began");
                unless(!live.contains(committed), 3, "another attempt goes on with a stream that still runs");
                unless(attempts.get(attempt - 1).manner().isRecovery(), 3, "an unmarked attempt goes on with a stream");
                committed = attempt;
                text.goOn(attempt, attempts.get(attempt - 1).manner());
                targets.committed();
            }
            case Command.Preview preview -> {}
            case Command.WakeAt(long at) -> deadline.alarm(at);
            case Command.Terminal terminal -> ended(terminal, inTime, now);
        }
    }

    private void started(int attempt, Step step, Manner manner, Signal cause, boolean inTime, long now) {
        unless(inTime, 1, "something starts past the deadline");
        unless(attempt == attempts.size() + 1, 9, "attempts are not numbered one by one");
        boolean afterCommit = committed != 0;
        unless(manner.isRecovery() == afterCommit, 3, manner.wireName() + " is no manner for this time");
        unless(!afterCommit || plan.recovery() != Recovery.TERMINATE, 3, "a stream goes on that was to end");
        unless(plan.hedging() || manner != Manner.OVERLAPPING, 7, "nobody asked for an overlap");
        unless(
                live.size() <= (manner == Manner.OVERLAPPING ? 1 : 0),
                7,
                "too many attempts are in flight: " + live + " and " + attempt);
        boolean promised = cause instanceof Signal.Due && live.isEmpty() && attempts.isEmpty();
        targets.started(step, promised, attempts, now);
        if (manner == Manner.OVERLAPPING) {
            invariants.overlapped();
        }
        live.add(attempt);
        attempts.add(new Started(step, manner, now));
        text.started(attempt, manner);
    }

    private void ended(Command.Terminal terminal, boolean inTime, long now) {
        over = true;
        switch (terminal) {
            case Command.Deliver(int attempt) -> {
                unless(inTime, 1, "something is delivered past the deadline");
                unless(committed == 0 || committed == attempt, 3, "what was not committed is delivered");
                unless(text.isWhole(attempt), 3, "what has no end is delivered as a whole answer");
                live.remove(attempt);
                Started winner = attempts.get(attempt - 1);
                invariants.succeeded(winner.step().target(), winner.at());
                unless(live.isEmpty(), 4, "losers still run: " + live);
            }
            case Command.GiveUp(var verdict) -> {
                unless(live.isEmpty(), 4, "the call gives up and something still runs: " + live);
                unless(
                        verdict.status() >= 400 && verdict.status() < 600 && verdict.status() != 401,
                        6,
                        "status " + verdict.status() + " is none for a caller");
                if (inTime && committed == 0) {
                    targets.givenUp(attempts, now);
                }
            }
            case Command.Abandon() -> unless(live.isEmpty(), 4, "the caller left and something still runs: " + live);
        }
    }

    /** Whether a kind of failure leaves nobody to be asked. */
    static boolean isLastWord(FailureKind kind, Plan plan) {
        Disposition.Next next = kind.disposition().next();
        return (next == Disposition.Next.NEVER || next == Disposition.Next.OPT_IN)
                && plan.instead().getOrDefault(kind, List.of()).isEmpty();
    }
}
