package dev.understudy.simulator.rules;

import static dev.understudy.simulator.rules.BrokenRule.unless;

import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Availability;
import dev.understudy.engine.Command;
import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.Failure;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.Signal;
import dev.understudy.engine.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** The rules of one call. Sees every signal before the engine does, and every command that the engine returns. */
public final class CallRules {
    /** A long answer comes in some hundred pieces. */
    private static final int MOST_SIGNALS = 20_000;

    private static final int MOST_IN_FLIGHT = 2;
    private static final long AFTER_A_LATE_MARK = TimeUnit.SECONDS.toNanos(15);

    /** By how much calls of one kind may be slower at a target than all of its calls. */
    private static final int SLOW = 3;

    private final Invariants invariants;
    private final Plan plan;
    private final CallTime time;
    private final TargetRules targets;
    private final CallerText text = new CallerText();
    private final List<WatchedAttempt> attempts = new ArrayList<>(2);
    private final TreeSet<Integer> live = new TreeSet<>();
    private int committed;
    private int signals;
    private boolean over;

    CallRules(Invariants invariants, Plan plan, long now) {
        this.invariants = invariants;
        this.plan = plan;
        this.time = new CallTime(plan, now);
        this.targets = new TargetRules(invariants, plan);
    }

    /** Whether the signal is about an attempt that was started. */
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
        targets.look(signal, live.size(), now);
    }

    /** A signal was given, and these are the commands that the engine returned. */
    public void after(Signal signal, List<Command> commands, long now) {
        unless(++signals < MOST_SIGNALS, 1, "the call does not come to an end");
        if (over) {
            unless(commands.isEmpty(), 2, "a command follows the terminal command");
            return;
        }
        Moment moment = new Moment(signal, commands, time.isBeforeCap(now), now);
        if (moment.inTime) {
            note(moment);
        }
        for (Command command : commands) {
            unless(!over, 2, "a command follows the terminal command");
            check(command, moment);
        }
        targets.unharmed(signal, moment.cancelled, now);
        if (signal instanceof Signal.CallerLeft) {
            unless(over, 4, "the caller disconnected and the call continues");
        }
        if (!over) {
            checkRunning(moment);
        }
    }

    private void checkRunning(Moment moment) {
        unless(time.isBeforeCap(moment.now), 1, "the cap has passed and the call continues");
        boolean anyWithoutContent =
                live.stream().anyMatch(attempt -> !attempts.get(attempt - 1).hasContent());
        unless(
                !time.isPastSetDeadline(moment.now) || !anyWithoutContent,
                1,
                "an attempt without content continues past a deadline that was set");
        unless(
                !time.isPastSetDeadline(moment.now) || !live.isEmpty(),
                1,
                "the deadline has passed and the call continues without an attempt");
        time.checkTimer(anyWithoutContent, moment.now);
        unless(
                !attempts.isEmpty() || time.wakesBefore(),
                8,
                "no target is tried, and the call does not wait for one to recover");
    }

    /** One signal and the commands that follow from it. */
    private final class Moment {
        private final Signal signal;
        private final boolean inTime;
        private final long now;
        /** Whether one of the commands hands the caller's stream, or the answer, to an attempt. */
        private final TreeSet<Integer> winners = new TreeSet<>();

        private final List<WatchedAttempt> cancelled = new ArrayList<>(1);

        Moment(Signal signal, List<Command> commands, boolean inTime, long now) {
            this.signal = signal;
            this.inTime = inTime;
            this.now = now;
            for (Command command : commands) {
                switch (command) {
                    case Command.Commit(int attempt) -> winners.add(attempt);
                    case Command.Continue(int attempt) -> winners.add(attempt);
                    case Command.Deliver(int attempt) -> winners.add(attempt);
                    default -> {}
                }
            }
            // A stalled stream resumes.
            boolean flows = signal instanceof Signal.Progress || signal instanceof Signal.Finishing;
            if (flows && committed != 0 && Attempts.of(signal) == committed) {
                winners.add(committed);
            }
        }
    }

    private void note(Moment moment) {
        Signal signal = moment.signal;
        int number = Attempts.of(signal);
        if (signal instanceof Signal.HeadSent) {
            time.headSent(moment.now);
        }
        if (!live.contains(number) || isDoomed(number, moment.now)) {
            return;
        }
        WatchedAttempt attempt = attempts.get(number - 1);
        boolean wasPaused = attempt.isPaused();
        attempt.observe(signal, moment.now);
        switch (signal) {
            case Signal.Alive alive -> {
                time.observeSignOfLife();
                time.modelIsAtWork();
            }
            case Signal.Progress(int same, long characters, boolean continuable) -> {
                time.contentCame(moment.now);
                invariants.contentDelivered(attempt.step.target(), attempt.at);
                text.progress(number, characters);
                // A stream that is held back until it is complete reaches the caller with its end.
                if (number == committed && !(plan.commit() instanceof CommitPoint.Complete)) {
                    time.flows(moment.now);
                }
            }
            case Signal.Finishing finishing -> {
                text.whole(number);
                if (plan.streaming() && number == committed) {
                    time.flows(moment.now);
                }
            }
            case Signal.Completed completed -> text.whole(number);
            case Signal.Resumed resumed -> {
                if (wasPaused) {
                    time.flows(moment.now);
                }
            }
            case Signal.Failed(int same, Failure failure) -> {
                live.remove(number);
                attempt.ended(moment.now);
                if (failure.hasDeliverableAnswer()) {
                    text.whole(number);
                }
                targets.failed(attempt, failure, moment.now);
            }
            default -> {}
        }
    }

    /** A deadline that was set ends an attempt without content, whatever it would have delivered now. */
    private boolean isDoomed(int number, long now) {
        return time.isPastSetDeadline(now) && !attempts.get(number - 1).hasContent();
    }

    private void check(Command command, Moment moment) {
        switch (command) {
            case Command.Start(int attempt, Step to, AttemptKind attemptKind) ->
                started(attempt, to, attemptKind, moment);
            case Command.Cancel(int attempt) -> cancelled(attempt, moment);
            case Command.Commit(int attempt) -> {
                unless(moment.inTime, 1, "an attempt is committed past the cap");
                unless(plan.streaming(), 3, "an answer is committed that is not streamed");
                unless(committed == 0, 3, "two attempts are committed");
                committed = attempt;
                text.commit(attempt);
                time.flows(moment.now);
                time.headSent(moment.now);
                targets.committed();
            }
            case Command.Continue(int attempt) -> {
                unless(moment.inTime, 1, "a stream is continued past the cap");
                unless(committed != 0, 3, "a stream is continued that never began");
                unless(attempts.get(attempt - 1).kind.isRecovery(), 3, "an unmarked attempt continues a stream");
                committed = attempt;
                text.continueWith(attempt, attempts.get(attempt - 1).kind);
                time.flows(moment.now);
                targets.committed();
            }
            case Command.Preview(int attempt) -> {
                unless(plan.streaming() && committed == 0, 3, "reasoning is forwarded after the commit");
                unless(
                        live.size() == 1 && live.contains(attempt),
                        3,
                        "reasoning of one attempt of several is forwarded");
            }
            case Command.WakeAt(long at) -> time.timer(at);
            case Command.Terminal terminal -> ended(terminal, moment);
        }
    }

    private void cancelled(int number, Moment moment) {
        unless(live.remove(number), 4, "attempt " + number + " is cancelled and does not run");
        WatchedAttempt attempt = attempts.get(number - 1);
        long now = moment.now;
        attempt.ended(now);
        moment.cancelled.add(attempt);
        boolean lost = moment.winners.stream().anyMatch(winner -> winner != number);
        boolean isTail = attempt.isFinishing() && moment.winners.contains(number);
        boolean isLimit = attempt.isPastExplicitLimit(now)
                || (time.isPastSetDeadline(now) && !attempt.hasContent())
                || !moment.inTime;
        boolean makesRoom = attempt.mayBeGivenUp(now) && targets.wasAnyTargetLeft(attempts);
        boolean allowed = moment.signal instanceof Signal.CallerLeft || lost || isTail || isLimit || makesRoom;
        if (time.isPastSetDeadline(now)) {
            unless(allowed, 1, "the deadline ends attempt " + number + ", which has delivered content");
        }
        unless(allowed, 4, "attempt " + number + " is cancelled for being late");
        if (lost) {
            targets.lostTheRace(attempt);
        } else if (!isTail) {
            targets.late(attempt);
        }
    }

    private void started(int attempt, Step to, AttemptKind attemptKind, Moment moment) {
        long now = moment.now;
        unless(time.mayStart(now) || followsSlowTarget(now), 1, "an attempt starts past the deadline");
        unless(attempt == attempts.size() + 1, 9, "attempts are not numbered one by one");
        boolean afterCommit = committed != 0;
        unless(
                attemptKind.isRecovery() == afterCommit,
                3,
                attemptKind.wireName() + " is the wrong kind of attempt at this time");
        unless(!afterCommit || plan.recovery() != Recovery.TERMINATE, 3, "a stream is continued that was to end");
        boolean hedge = !live.isEmpty();
        unless(
                plan.hedging() || (attemptKind != AttemptKind.HEDGE && !hedge),
                7,
                "a hedge is started although hedging is off");
        unless(!hedge || !attemptKind.isAlone(), 7, "an attempt is started beside another one and not called a hedge");
        unless(live.size() < MOST_IN_FLIGHT, 7, "too many attempts are in flight: " + live + " and " + attempt);
        boolean promised = moment.signal instanceof Signal.Due && !hedge && attempts.isEmpty();
        targets.started(to, promised, attempts, now);
        if (hedge && !costsNothing(moment) && !targets.hasFailed(to.target())) {
            invariants.hedged();
        }
        live.add(attempt);
        boolean trial = invariants.availability(to.target(), now).state() != Availability.State.READY;
        WatchedAttempt watched = new WatchedAttempt(to, attemptKind, trial, plan.streaming(), now);
        attempts.add(watched);
        invariants.started(watched);
        text.started(attempt, attemptKind);
    }

    /** Where a target is known to be slow, the default deadline leaves time for another one after its late mark. */
    private boolean followsSlowTarget(long now) {
        return plan.deadline().isEmpty()
                && time.isBeforeCap(now)
                && attempts.stream().anyMatch(attempt -> now - attempt.at < latestMark(attempt) + AFTER_A_LATE_MARK);
    }

    private long latestMark(WatchedAttempt attempt) {
        return Math.max(SLOW * invariants.usualTime(attempt.step.target(), plan.streaming()), attempt.firstMark());
    }

    /**
     * Whether a hedge is free of charge: beside an attempt that is hanging or a trial, or whose target is silent for other calls too, or in
     * place of one that failed.
     */
    private boolean costsNothing(Moment moment) {
        boolean instead = moment.signal instanceof Signal.Failed || !moment.cancelled.isEmpty();
        return instead
                || live.stream()
                        .map(number -> attempts.get(number - 1))
                        .anyMatch(beside -> beside.trial
                                || beside.isHung(moment.now)
                                || invariants.seemsSilent(beside.step.target(), moment.now)
                                || !invariants
                                        .availability(beside.step.target(), moment.now)
                                        .isReady());
    }

    private void ended(Command.Terminal terminal, Moment moment) {
        over = true;
        switch (terminal) {
            case Command.Deliver(int attempt) -> {
                unless(moment.inTime, 1, "an answer is delivered past the cap");
                unless(committed == 0 || committed == attempt, 3, "an attempt that was not committed is delivered");
                unless(text.isWhole(attempt), 3, "an answer without its end is delivered as complete");
                live.remove(attempt);
                WatchedAttempt winner = attempts.get(attempt - 1);
                winner.ended(moment.now);
                invariants.succeeded(winner.step.target(), winner.at);
                unless(live.isEmpty(), 4, "losers still run: " + live);
            }
            case Command.GiveUp(var verdict) -> {
                unless(live.isEmpty(), 4, "the call gives up and attempts still run: " + live);
                unless(
                        verdict.status() >= 400 && verdict.status() < 600 && verdict.status() != 401,
                        6,
                        "status " + verdict.status() + " must not reach a caller");
                if (committed == 0 && time.hasTimeIn(0, moment.now)) {
                    targets.givenUp(attempts, time, moment.now);
                }
            }
            case Command.Abandon() ->
                unless(live.isEmpty(), 4, "the caller disconnected and attempts still run: " + live);
        }
    }
}
