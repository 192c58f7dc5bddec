package dev.understudy.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * One call, from its arrival to its one terminal event: a state machine that takes signals (what happened) and returns
 * commands (what to do).
 *
 * <p>It never waits, reads a clock, opens a socket or starts a thread. A driver passes every event to {@link #on} with the
 * time at which it happened and carries out the returned commands in order. Nothing else connects the failover rules to the
 * network, so every race is a sequence of signals that a test can write down.
 *
 * <h2>The life of a call</h2>
 *
 * <p>{@link Signal.Begin} starts the first target of the chain whose circuit is not open. Each attempt then brings an
 * answer, fails, or is late. After a failure the {@link Disposition} of its kind decides, in this order: a retry at the
 * same target, the next target or a last resort, a retry with backoff while no other target is left ({@link Failover}), or the
 * end ({@link #giveUp}). Before an attempt is committed the caller sees
 * none of this. When a committed attempt breaks, {@link Recovery} decides whether other targets of the chain continue its
 * answer ({@link #recover}: mid-stream recovery).
 *
 * <p>Lateness ends no attempt: the next target is started beside the late one (a hedge, {@link #hedge}), and the first of
 * the two to deliver content wins. Only an explicit limit cancels a late attempt. A late attempt without an alternative
 * continues until the cap ({@link CallClock}).
 *
 * <h2>What must hold</h2>
 *
 * <ul>
 *   <li>Nothing starts past the deadline, and nothing runs past the cap; both are checked before anything else on every
 *       signal.
 *   <li>One terminal command; signals after it are answered with nothing.
 *   <li>Every attempt that began is reported to the {@link OutcomeRecorder} once, whichever way it ends.
 *   <li>Every attempt that is not the winner is cancelled in the same step in which this becomes known.
 * </ul>
 *
 * <p>Not safe for use by many threads: one call belongs to one driver. What calls share ({@link SharedState}) is safe.
 */
public final class FallbackCall {
    /** How many models may refuse a request (400) before it is believed that the request is wrong. */
    public static final int MOST_REFUSALS = 3;

    /** The deadline or the cap came while this process was busy. */
    private static final Failure NOT_SENT_IN_TIME =
            Failure.of(FailureKind.GATEWAY_BUSY, "the gateway could not send the request in time");

    private final Plan plan;
    private final SharedState shared;
    private final OutcomeRecorder outcomes;
    private final Hedging hedging;
    private final CallClock clock;
    private final ChainCursor cursor;
    private final Failover failover;
    private final Attempts attempts = new Attempts();
    private final Failures failures = new Failures();
    private final Trail trail;
    private final List<Command> commands = new ArrayList<>(3);
    private final NextTimer timer = new NextTimer();

    private Optional<Appointment> appointment = Optional.empty();
    private Optional<Attempt> committed = Optional.empty();
    private boolean ended;

    /** An attempt that starts later: after a backoff, or after the wait that a provider asked for. */
    private record Appointment(Step step, int retry, long at) {}

    /**
     * @param plan what to do
     * @param promptBytes the size of the prompt, by which the usual times of targets are known
     * @param shared what calls know together
     * @param random for jitter; a seeded one makes the call repeatable
     * @param now the time of the call's arrival, from which the deadline and the cap count
     */
    public FallbackCall(Plan plan, long promptBytes, SharedState shared, RandomGenerator random, long now) {
        this.plan = plan;
        this.shared = shared;
        this.outcomes = new OutcomeRecorder(shared, plan, promptBytes, random);
        this.hedging = new Hedging(plan, promptBytes, shared);
        this.clock = new CallClock(plan, now);
        this.trail = new Trail(now);
        this.cursor = new ChainCursor(plan.chain(), shared, trail);
        this.failover =
                new Failover(plan, shared, clock, cursor, new RetryRule(cursor, shared, random), attempts, failures);
    }

    /**
     * Takes a signal and returns the commands that follow from it.
     *
     * @param now the time at which it happened; never earlier than that of the signal before
     * @return what to do, in this order; empty once the call has ended
     */
    public List<Command> on(Signal signal, long now) {
        if (ended) {
            return List.of();
        }
        commands.clear();
        if (signal instanceof Signal.CallerLeft) {
            abandon(now);
        } else if (now - clock.end() >= 0) {
            expire(now);
        } else {
            endAttemptsAtDeadline(now);
            if (!ended) {
                take(signal, now);
            }
            if (!ended) {
                preview();
                setTimer(signal instanceof Signal.Due, now);
            }
        }
        return commands.isEmpty() ? List.of() : List.copyOf(commands);
    }

    /** How many requests have gone to targets so far. */
    public int attempts() {
        return attempts.size();
    }

    /** Everything that the call did so far, and which targets it skipped, in order. */
    public List<TrailEntry> trail(long now) {
        return trail.entries(now);
    }

    private void take(Signal signal, long now) {
        switch (signal) {
            case Signal.Begin() -> tryNextTarget(now);
            case Signal.Connected(int number) -> attempts.running(number).ifPresent(Attempt::connected);
            case Signal.Alive(int number, Signal.Sign sign) ->
                attempts.running(number).ifPresent(attempt -> showLife(attempt, sign, now));
            case Signal.Progress(int number, long characters, boolean continuable) ->
                attempts.running(number).ifPresent(attempt -> progress(attempt, characters, continuable, now));
            case Signal.Finishing(int number) -> attempts.running(number).ifPresent(attempt -> finishing(attempt, now));
            case Signal.Completed(int number) -> attempts.running(number).ifPresent(attempt -> complete(attempt, now));
            case Signal.Failed(int number, Failure failure) ->
                attempts.running(number).ifPresent(attempt -> fail(attempt, failure, now));
            case Signal.Paused(int number) -> attempts.running(number).ifPresent(attempt -> attempt.paused(now));
            case Signal.Resumed(int number) -> attempts.running(number).ifPresent(attempt -> resume(attempt, now));
            case Signal.HeadSent() -> headSent(now);
            case Signal.Due() -> due(now);
            case Signal.CallerLeft() -> abandon(now);
        }
    }

    // Progress of an attempt.

    private void showLife(Attempt attempt, Signal.Sign sign, long now) {
        attempt.showedLife(sign, now);
        clock.byteCame();
        if (attempt.hasHeartbeat()) {
            clock.modelIsAtWork();
        }
    }

    private void progress(Attempt attempt, long characters, boolean continuable, long now) {
        clock.contentCame(now);
        // A retry beside a late attempt is not needed any more.
        appointment = Optional.empty();
        if (attempt.progressed(characters, continuable, now)) {
            outcomes.firstContentCame(attempt, now);
        }
        if (isCommitted(attempt) || CommitRule.isDue(plan.commit(), attempt, now)) {
            commit(attempt, now);
        }
    }

    private void headSent(long now) {
        clock.headSent(now);
        for (Attempt attempt : attempts) {
            attempt.hasTimeUntil(now + hedging.spare(clock, now));
        }
    }

    private void resume(Attempt attempt, long now) {
        if (attempt.resumed(now)) {
            clock.progressed(now);
        }
    }

    private void finishing(Attempt attempt, long now) {
        if (plan.streaming()) {
            commit(attempt, now);
        }
        attempt.finishing(now);
    }

    /** The attempt's content is the caller's: of attempts that are in flight side by side, it has won. */
    private void commit(Attempt attempt, long now) {
        clock.progressed(now);
        // A retry beside a late attempt is not needed any more.
        appointment = Optional.empty();
        if (isCommitted(attempt)) {
            // A stalled stream has resumed: the attempt that was to continue it is not needed.
            cancelAllBut(attempt, now);
            return;
        }
        commands.add(committed.isEmpty() ? new Command.Commit(attempt.number) : new Command.Continue(attempt.number));
        committed = Optional.of(attempt);
        failures.clearLastWord();
        clock.headSent(now);
        cancelAllBut(attempt, now);
    }

    private void complete(Attempt attempt, long now) {
        if (plan.streaming()) {
            commit(attempt, now);
        }
        attempt.answered(now);
        outcomes.answered(attempt, now);
        deliver(attempt, now);
    }

    /** Reasoning may be forwarded while only one attempt is in flight: with two, the other one may answer. */
    private void preview() {
        if (!plan.streaming() || committed.isPresent() || !(plan.commit() instanceof CommitPoint.FirstContent)) {
            return;
        }
        List<Attempt> running = attempts.running();
        if (running.size() == 1
                && running.getFirst().isReasoning()
                && !running.getFirst().isPreviewed()) {
            running.getFirst().previewed();
            commands.add(new Command.Preview(running.getFirst().number));
        }
    }

    // Failure of an attempt.

    private void fail(Attempt attempt, Failure failure, long now) {
        outcomes.failed(attempt, failure, now);
        attempt.failed(failure, now);
        cursor.failed(attempt.step, failure.kind());
        failures.add(failure);
        if (isCommitted(attempt)) {
            failures.streamBroke(failure);
        }
        if (attempts.inFlight() > 0) {
            if (!isCommitted(attempt) && !failover.mayContinueAfter(attempt, failure)) {
                failures.setLastWord(attempt);
            }
            replaceHedgeOfLateAttempts(now);
            retryHedge(attempt, failure, now);
        } else if (appointment.isPresent() && (isCommitted(attempt) || failover.mayContinueAfter(attempt, failure))) {
            // A retry that was to run beside this attempt is on its way.
            return;
        } else if (isCommitted(attempt)) {
            recover(attempt, failure, now);
        } else if (failures.lastWord().isPresent()) {
            Attempt last = failures.lastWord().get();
            settleFor(last, last.failure().orElseThrow(), now);
        } else {
            decide(attempt, failure, now);
        }
    }

    private boolean isCommitted(Attempt attempt) {
        return committed.isPresent() && committed.get() == attempt;
    }

    /** The caller's stream broke: the next targets continue it, and finally the same target. */
    private void recover(Attempt attempt, Failure failure, long now) {
        if (!plan.recovery().allows(attempt, failure)) {
            giveUp(now);
            return;
        }
        Optional<Failover.Next> next = failover.nextTarget(now)
                // It delivered content until now, so the connection is not one that fails by silence.
                .or(() -> failover.retryOf(attempt, failure, true, now))
                .or(() -> failover.retryWithBackoff(now));
        startOrGiveUp(next, now);
    }

    private void decide(Attempt attempt, Failure failure, long now) {
        Optional<Failover.Next> retry = failover.retryOf(attempt, failure, attempt.failedQuickly(now), now);
        if (retry.isPresent()) {
            startAfterDelay(retry.get(), now);
        } else if (failover.mayContinueAfter(attempt, failure)) {
            tryNextTarget(now);
        } else {
            settleFor(attempt, failure, now);
        }
    }

    private void tryNextTarget(long now) {
        startOrGiveUp(failover.nextTarget(now).or(() -> failover.retryWithBackoff(now)), now);
    }

    /** No other target is tried: the caller gets the answer that came in spite of the failure, or the failure. */
    private void settleFor(Attempt attempt, Failure failure, long now) {
        // A continuation with nothing to add has not made half an answer whole.
        if (failure.hasDeliverableAnswer() && attempt.kind != AttemptKind.CONTINUATION) {
            if (committed.isPresent()) {
                commit(attempt, now);
            }
            deliver(attempt, now);
        } else {
            giveUp(now);
        }
    }

    /** What an attempt to that target would be now. */
    private AttemptKind kindOf(Step step) {
        if (committed.isPresent()) {
            return plan.recovery().attemptKind();
        }
        if (attempts.inFlight() > 0) {
            return AttemptKind.HEDGE;
        }
        if (attempts.tried(step)) {
            return AttemptKind.RETRY;
        }
        return step.id() == plan.chain().getFirst().id() ? AttemptKind.PRIMARY : AttemptKind.FALLBACK;
    }

    // Starting attempts.

    private void startOrGiveUp(Optional<Failover.Next> next, long now) {
        if (next.isPresent()) {
            startAfterDelay(next.get(), now);
        } else {
            giveUp(now);
        }
    }

    private void startAfterDelay(Failover.Next next, long now) {
        if (next.delay() <= 0) {
            start(next.step(), next.retry(), now);
        } else {
            appointment = Optional.of(new Appointment(next.step(), next.retry(), now + next.delay()));
        }
    }

    private void start(Step step, int retry, long now) {
        AttemptKind kind = kindOf(step);
        appointment = Optional.empty();
        attempts.forEach(Attempt::previewSuspended);
        int number = attempts.size() + 1;
        boolean trial = outcomes.begun(step, now);
        OptionalLong usualTime =
                hedging.isWanted() && !kind.isRecovery() ? hedging.usualTime(step, trial) : OptionalLong.empty();
        Attempt.Timing timing = new Attempt.Timing(plan.streaming(), usualTime, hedging.spare(clock, now), now);
        Attempt attempt = new Attempt(number, step, kind, retry, trial, timing);
        attempts.add(attempt);
        if (retry == 0) {
            clock.tries(attempt.firstMark(), now);
        }
        trail.tried(attempt);
        commands.add(new Command.Start(number, step, kind));
    }

    private void due(long now) {
        for (Attempt attempt : attempts.copy()) {
            if (!ended && attempt.isPastLimit(now)) {
                if (attempt.isFinishing()) {
                    commands.add(new Command.Cancel(attempt.number));
                    complete(attempt, now);
                } else {
                    giveUpOn(attempt, now);
                }
            }
        }
        if (!ended && appointment.isPresent() && now - appointment.get().at() >= 0) {
            Appointment kept = appointment.get();
            if (clock.mayStart(now)) {
                start(kept.step(), kept.retry(), now);
            } else if (attempts.inFlight() == 0) {
                // The timer fired late.
                giveUp(now);
            } else {
                appointment = Optional.empty();
            }
        }
        if (!ended && committed.isEmpty()) {
            attempts.copy().stream()
                    .filter(attempt -> CommitRule.isDue(plan.commit(), attempt, now))
                    .findFirst()
                    .ifPresent(attempt -> commit(attempt, now));
        }
        for (Attempt attempt : attempts.copy()) {
            if (!ended && attempt.isLate(now)) {
                hedge(attempt, false, now);
            }
        }
    }

    // Hedges.

    /**
     * Starts another target beside a late attempt, if one can be tried and the budget has room. Where hedges are not
     * wanted, or two attempts are in flight, one that is hung is given up for the next target; and where no other target is
     * to be tried, for the failure that is the last word.
     *
     * @param replacesFailed whether the new attempt replaces one that failed beside the late one
     */
    private void hedge(Attempt late, boolean replacesFailed, long now) {
        outcomes.late(late, now);
        if (failures.lastWord().isPresent() && late.isHopeless(now)) {
            giveUpOn(late, now);
            return;
        }
        if (late.isHedged() || !mayBeHedged(late) || !clock.mayStart(now)) {
            return;
        }
        if (hedging.hasRoom(attempts)) {
            hedging.targetBeside(late, replacesFailed, cursor, now).ifPresent(next -> {
                late.hedged();
                start(next, 0, now);
            });
        } else {
            hedging.hopeless(attempts, cursor, now).ifPresent(hung -> giveUpOn(hung, now));
        }
    }

    /** Cancels an attempt that has run out of time, and handles it as a failure. */
    private void giveUpOn(Attempt attempt, long now) {
        commands.add(new Command.Cancel(attempt.number));
        fail(attempt, attempt.lateness(now), now);
    }

    private boolean mayBeHedged(Attempt late) {
        return failures.lastWord().isEmpty()
                && (committed.isEmpty() || !isCommitted(late) || plan.recovery().allows(late));
    }

    /** An attempt failed while others are in flight: a late attempt that has lost its hedge gets another one. */
    private void replaceHedgeOfLateAttempts(long now) {
        for (Attempt attempt : attempts.copy()) {
            if (attempt.isLate(now)) {
                attempt.hedgeEnded();
                hedge(attempt, true, now);
            }
        }
    }

    /**
     * A hedge that failed is tried again like any other attempt, if no other target took its place: one error of the last
     * target would else leave the caller with what is late, and may be hung.
     */
    private void retryHedge(Attempt hedge, Failure failure, long now) {
        List<Attempt> running = attempts.running();
        boolean mayHedge = running.stream().allMatch(attempt -> attempt.isLate(now) && mayBeHedged(attempt));
        if (ended || !mayHedge || !hedging.hasRoom(attempts)) {
            return;
        }
        failover.retryOf(hedge, failure, hedge.failedQuickly(now), now).ifPresent(retry -> startAfterDelay(retry, now));
    }

    /** When something can be done about an attempt that is late, or will be. */
    private OptionalLong nextHedgeAt(Attempt attempt, long now) {
        OptionalLong lateAt = attempt.lateAt();
        boolean nothingToDo = !clock.mayStart(now) && failures.lastWord().isEmpty();
        if (lateAt.isEmpty() || nothingToDo) {
            return OptionalLong.empty();
        }
        if (now - lateAt.getAsLong() < 0) {
            return lateAt;
        }
        boolean mayHedge = !attempt.isHedged() && mayBeHedged(attempt);
        return hedging.nextChance(attempt, mayHedge, cursor, now);
    }

    private void cancelAllBut(Attempt winner, long now) {
        for (Attempt attempt : attempts) {
            if (attempt != winner && attempt.isRunning()) {
                commands.add(new Command.Cancel(attempt.number));
                outcomes.lostTheRace(attempt, now);
                if (attempt.contentSince().isEmpty()) {
                    cursor.lostTheRace(attempt.step);
                }
                attempt.cancelled(now);
            }
        }
    }

    // The end.

    private void deliver(Attempt attempt, long now) {
        cancelAllBut(attempt, now);
        end(new Command.Deliver(attempt.number));
    }

    private void giveUp(long now) {
        end(new Command.GiveUp(failures.verdict(attempts, plan.chain(), shared.health(), clock.pastDeadline(), now)));
    }

    /** A configured or requested deadline has passed: attempts without content end, and a flowing stream continues. */
    private void endAttemptsAtDeadline(long now) {
        OptionalLong end = clock.endOfAttempts();
        if (end.isEmpty() || now - end.getAsLong() < 0) {
            return;
        }
        appointment = Optional.empty();
        Failure late = clock.pastDeadline();
        for (Attempt attempt : attempts) {
            if (attempt.isRunning() && attempt.contentSince().isEmpty()) {
                endWith(late, attempt, now);
            }
        }
        if (attempts.inFlight() == 0) {
            giveUp(now);
        }
    }

    private void expire(long now) {
        Failure late = clock.pastCap();
        for (Attempt attempt : attempts) {
            if (attempt.isRunning()) {
                endWith(late, attempt, now);
            }
        }
        giveUp(now);
    }

    private void endWith(Failure outOfTime, Attempt attempt, long now) {
        Failure late = attempt.waitsToBeSent() ? NOT_SENT_IN_TIME : outOfTime;
        commands.add(new Command.Cancel(attempt.number));
        outcomes.failed(attempt, late, now);
        attempt.failed(late, now);
        if (isCommitted(attempt)) {
            failures.streamBroke(late);
        }
    }

    private void abandon(long now) {
        for (Attempt attempt : attempts) {
            if (attempt.isRunning()) {
                commands.add(new Command.Cancel(attempt.number));
                outcomes.abandoned(attempt, now);
                attempt.cancelled(now);
            }
        }
        end(new Command.Abandon());
    }

    private void end(Command.Terminal last) {
        ended = true;
        appointment = Optional.empty();
        commands.add(last);
    }

    private void setTimer(boolean fired, long now) {
        timer.startFrom(clock.end());
        if (clock.mayStart(now)) {
            timer.consider(clock.endOfAttempts());
        }
        for (Attempt attempt : attempts) {
            timer.consider(attempt.limitAt());
            timer.consider(nextHedgeAt(attempt, now));
            if (committed.isEmpty()) {
                timer.consider(CommitRule.dueAt(plan.commit(), attempt));
            }
        }
        if (appointment.isPresent()) {
            timer.consider(appointment.get().at());
        }
        timer.set(fired, commands);
    }
}
