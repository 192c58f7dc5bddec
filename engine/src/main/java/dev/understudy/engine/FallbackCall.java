package dev.understudy.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * One call, from its arrival to its one terminal event: a state machine that is told what happened and answers what to
 * do.
 *
 * <p>It never waits, reads a clock, opens a socket or starts a thread. A driver passes every event to {@link #on} with the
 * time at which it happened and carries out the commands that come back, in order. That is all there is between the rules
 * of this product and the network, so every race is a sequence of signals that a test can write down.
 *
 * <h2>The way of a call</h2>
 *
 * <p>{@link Signal.Begin} starts the first target of the chain that is not cooling. Each attempt then either brings an
 * answer, fails, or is late at a limit that {@link Attempt} keeps. After a failure the {@link Disposition} of its kind
 * decides, in this order: the same target once more ({@link #again}), the next one ({@link #moveOn}), or the end
 * ({@link #giveUp}). Before an attempt is committed all of this is unseen. When a committed one breaks, {@link Recovery}
 * decides whether others are asked to go on with it ({@link #recover}), in the same way along the same chain.
 *
 * <p>Where it is known how long a target usually takes, one that is later than usual is not waited for alone
 * ({@link Hedging}).
 *
 * <h2>What must hold</h2>
 *
 * <ul>
 *   <li>One deadline, checked before anything else on every signal: nothing is started, committed or delivered past it.
 *   <li>One terminal command; signals after it are answered with nothing.
 *   <li>Every attempt that began is reported to the {@link OutcomeRecorder} once, whichever way it ends.
 *   <li>Every attempt that is not the winner is cancelled in the same step in which this becomes known.
 * </ul>
 *
 * <p>Not safe for use by many threads: one call belongs to one driver. What calls share ({@link Shared}) is safe.
 */
public final class FallbackCall {
    private final Plan plan;
    private final HealthRegistry health;
    private final RetryBudget budget;
    private final OutcomeRecorder outcomes;
    private final Hedging hedging;
    private final RandomGenerator random;
    private final long arrivedAt;
    private long deadline;

    private final ChainCursor cursor;
    private final List<Attempt> attempts = new ArrayList<>(2);
    private final Failures failures = new Failures();
    private final Trail trail = new Trail();
    private final List<Command> commands = new ArrayList<>(3);
    private final Alarm alarm = new Alarm();

    private Optional<Appointment> appointment = Optional.empty();
    private Optional<Attempt> committed = Optional.empty();
    private boolean ended;

    /** A start that waits for its time: a backoff, or a hint of the provider. */
    private record Appointment(Step step, Manner manner, int retry, long at) {}

    /**
     * @param plan what to do
     * @param promptBytes the size of the prompt, by which the usual times of targets are known
     * @param shared what calls know together
     * @param random for jitter; a seeded one makes the call repeatable
     * @param now the time of the call's arrival, from which the deadline counts
     */
    public FallbackCall(Plan plan, long promptBytes, Shared shared, RandomGenerator random, long now) {
        this.plan = plan;
        this.health = shared.health();
        this.budget = shared.retries();
        this.outcomes = new OutcomeRecorder(shared, plan.streaming(), promptBytes, random);
        this.hedging = new Hedging(plan, promptBytes, shared);
        this.random = random;
        this.arrivedAt = now;
        this.deadline = now
                + plan.patience()
                        .filter(patience -> patience.compareTo(deadline(plan)) < 0)
                        .orElse(deadline(plan))
                        .toNanos();
        this.cursor = new ChainCursor(plan.chain());
    }

    /**
     * Tells the call what happened.
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
        } else if (now - deadline >= 0) {
            expire(now);
        } else {
            take(signal, now);
            setAlarm(signal instanceof Signal.Due);
        }
        return commands.isEmpty() ? List.of() : List.copyOf(commands);
    }

    /** How many requests have gone to targets so far. */
    public int attempts() {
        return attempts.size();
    }

    /** Everything that the call did so far, and whom it passed over, in order. */
    public List<TrailEntry> trail(long now) {
        return trail.entries(now);
    }

    private void take(Signal signal, long now) {
        switch (signal) {
            case Signal.Begin() -> moveOn(now);
            case Signal.Connected(int number) -> running(number).ifPresent(Attempt::connected);
            case Signal.Progress(int number, long characters, boolean continuable) ->
                running(number).ifPresent(attempt -> progress(attempt, characters, continuable, now));
            case Signal.Finishing(int number) -> running(number).ifPresent(attempt -> finishing(attempt, now));
            case Signal.Completed(int number) -> running(number).ifPresent(attempt -> complete(attempt, now));
            case Signal.Failed(int number, Failure failure) ->
                running(number).ifPresent(attempt -> fail(attempt, failure, now));
            case Signal.Alive alive -> {}
            case Signal.HeadSent head -> {}
            case Signal.Paused(int number) -> running(number).ifPresent(Attempt::paused);
            case Signal.Resumed(int number) -> running(number).ifPresent(attempt -> attempt.resumed(now));
            case Signal.Due() -> due(now);
            case Signal.CallerLeft() -> abandon(now);
        }
    }

    private Optional<Attempt> running(int number) {
        if (number < 1 || number > attempts.size()) {
            throw new IllegalArgumentException("no attempt " + number + " was started");
        }
        Attempt attempt = attempts.get(number - 1);
        return attempt.isRunning() ? Optional.of(attempt) : Optional.empty();
    }

    // An attempt gets on.

    private void progress(Attempt attempt, long characters, boolean continuable, long now) {
        if (attempt.progressed(characters, continuable, now)) {
            outcomes.firstContentCame(attempt, now);
        }
        if (CommitRule.isDue(plan.commit(), attempt, now)) {
            commit(attempt, now);
        }
    }

    private void finishing(Attempt attempt, long now) {
        if (plan.streaming()) {
            commit(attempt, now);
        }
        attempt.finishing(now);
    }

    private void commit(Attempt attempt, long now) {
        if (committed.isPresent() && committed.get().isRunning()) {
            return;
        }
        if (committed.isEmpty()) {
            deadline = arrivedAt + deadline(plan).toNanos();
            commands.add(new Command.Commit(attempt.number));
        } else {
            commands.add(new Command.Continue(attempt.number));
        }
        committed = Optional.of(attempt);
        hedging.settle();
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

    // An attempt does not.

    private void fail(Attempt attempt, Failure failure, long now) {
        outcomes.failed(attempt, failure, now);
        attempt.failed(failure, now);
        cursor.failed(attempt.step, failure.kind());
        if (isCommitted(attempt)) {
            recover(attempt, failure, now);
        } else if (inFlight() > 0) {
            if (Failures.endsTheChain(failure.kind())) {
                failures.isTheLastWord(attempt);
            } else if (hedging.waitsForRoom()) {
                hedging.settle();
                attempts.stream().filter(Attempt::isRunning).findFirst().ifPresent(late -> askAnotherBeside(late, now));
            }
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

    /** The caller's stream broke: the others are asked to go on with it, and last the same target once more. */
    private void recover(Attempt attempt, Failure failure, long now) {
        failures.brokeTheStream(failure);
        if (!plan.recovery().allows(attempt, failure)) {
            giveUp(now);
        } else if (!askNext(now)) {
            // It brought content until now, so that it is no route on which one waits in vain.
            OptionalLong wait = again(attempt, failure, true, now);
            if (wait.isPresent()) {
                startIn(wait.getAsLong(), attempt.step, attempt.retry + 1, now);
            } else {
                giveUp(now);
            }
        }
    }

    private void decide(Attempt attempt, Failure failure, long now) {
        OptionalLong wait = again(attempt, failure, attempt.failedQuickly(now), now);
        if (wait.isPresent()) {
            startIn(wait.getAsLong(), attempt.step, attempt.retry + 1, now);
            return;
        }
        FailureKind kind = failure.kind();
        List<Step> instead = plan.instead().getOrDefault(kind, List.of());
        if (attempt.manner.isRecovery() && Failures.endsTheChain(kind)) {
            // The caller's own request was answered before; what is refused here is what was made of it.
            moveOn(now);
            return;
        }
        if (!instead.isEmpty()) {
            cursor.switchTo(instead);
            moveOn(now);
            return;
        }
        switch (kind.disposition().next()) {
            case YES, REFUSAL -> moveOn(now);
            case LARGER_WINDOW -> {
                cursor.needLargerWindowThan(attempt.step);
                moveOn(now);
            }
            case ONCE_PER_CALL -> {
                if (failures.isFirstEmpty()) {
                    moveOn(now);
                } else {
                    settleFor(attempt, failure, now);
                }
            }
            case NEVER, OPT_IN -> settleFor(attempt, failure, now);
        }
    }

    /** Nobody else is to be asked: the caller gets the answer that came all the same, or the failure. */
    private void settleFor(Attempt attempt, Failure failure, long now) {
        // Whoever has nothing to add to half an answer has not made it whole.
        if (failure.answerAtHand() && attempt.manner != Manner.CONTINUING) {
            if (committed.isPresent()) {
                commit(attempt, now);
            }
            deliver(attempt, now);
        } else {
            giveUp(now);
        }
    }

    private OptionalLong again(Attempt attempt, Failure failure, boolean quick, long now) {
        Target target = attempt.step.target();
        boolean isRetry = failure.kind().disposition().again() != Disposition.Again.PUT_DIFFERENTLY;
        if (isRetry && !budget.allows(target.site())) {
            return OptionalLong.empty();
        }
        boolean anotherStandsBy = cursor.anotherStandsBy(health, now);
        boolean isBenched = !health.availability(target, now).isReady();
        return RetryRule.wait(attempt, failure, quick, anotherStandsBy, isBenched, random).stream()
                .filter(wait -> now + wait - deadline < 0)
                .findFirst();
    }

    private void moveOn(long now) {
        if (!askNext(now)) {
            giveUp(now);
        }
    }

    /** @return false if nobody is left to be asked */
    private boolean askNext(long now) {
        Optional<Step> next = cursor.next(health, now, this::passOver);
        if (next.isPresent()) {
            start(next.get(), manner(), 0, now);
            return true;
        }
        Optional<Step> last = cursor.lastResort(health, now, attempts.isEmpty());
        if (last.isEmpty()) {
            return false;
        }
        Availability availability = health.availability(last.get().target(), now);
        long asked = availability.binding() ? Math.max(0, availability.until() - now) : 0;
        boolean worthWaiting = asked <= last.get().retry().patience().toNanos() && now + asked - deadline < 0;
        startIn(worthWaiting ? asked : 0, last.get(), last.get().retry().attempts(), now);
        return true;
    }

    private Manner manner() {
        return committed.isPresent() ? plan.recovery().manner() : Manner.FRESH;
    }

    private void passOver(Step step, String reason) {
        trail.passedOver(step, reason);
    }

    // Starting and stopping.

    private void startIn(long wait, Step step, int retry, long now) {
        if (wait <= 0) {
            start(step, manner(), retry, now);
        } else {
            appointment = Optional.of(new Appointment(step, manner(), retry, now + wait));
        }
    }

    private void start(Step step, Manner manner, int retry, long now) {
        appointment = Optional.empty();
        int number = attempts.size() + 1;
        Attempt attempt = new Attempt(number, step, manner, retry, plan.streaming(), deadline - now, now);
        hedging.begin(attempt);
        if (hedging.due().isEmpty()) {
            attempt.spare(fairShare(now), now);
        }
        attempts.add(attempt);
        trail.asked(attempt);
        outcomes.begun(attempt, now);
        commands.add(new Command.Start(number, step, manner));
    }

    /** A silent attempt may use half of what is left while another target stands by, and all of it otherwise. */
    private long fairShare(long now) {
        long left = deadline - now;
        return cursor.anotherStandsBy(health, now) ? left / 2 : left;
    }

    private void due(long now) {
        for (Attempt attempt : List.copyOf(attempts)) {
            if (!ended && attempt.isLate(now)) {
                commands.add(new Command.Cancel(attempt.number));
                if (attempt.isFinishing()) {
                    complete(attempt, now);
                } else {
                    fail(attempt, attempt.lateness(now), now);
                }
            }
        }
        if (!ended && appointment.isPresent() && now - appointment.get().at() >= 0) {
            Appointment kept = appointment.get();
            start(kept.step(), kept.manner(), kept.retry(), now);
        }
        if (!ended && committed.isEmpty()) {
            attempts.stream()
                    .filter(attempt -> CommitRule.isDue(plan.commit(), attempt, now))
                    .findFirst()
                    .ifPresent(attempt -> commit(attempt, now));
        }
        if (!ended && hedging.isDue(now)) {
            hedging.settle();
            askAnotherBeside(attempts.getLast(), now);
        }
    }

    private void askAnotherBeside(Attempt late, long now) {
        if (!late.isRunning() || failures.lastWord().isPresent() || !cursor.anotherStandsBy(health, now)) {
            return;
        }
        if (inFlight() >= Hedging.MOST_IN_FLIGHT) {
            hedging.waitForRoom();
        } else if (hedging.isAffordable()) {
            cursor.next(health, now, this::passOver).ifPresent(step -> start(step, Manner.OVERLAPPING, 0, now));
        } else {
            late.spare(fairShare(now), now);
        }
    }

    private long inFlight() {
        return attempts.stream().filter(Attempt::isRunning).count();
    }

    private void cancelAllBut(Attempt winner, long now) {
        for (Attempt attempt : attempts) {
            if (attempt != winner && attempt.isRunning()) {
                cancel(attempt, now);
            }
        }
    }

    private void cancel(Attempt attempt, long now) {
        commands.add(new Command.Cancel(attempt.number));
        outcomes.cancelled(attempt, now);
        attempt.cancelled(now);
    }

    // The end.

    private void deliver(Attempt attempt, long now) {
        cancelAllBut(attempt, now);
        end(new Command.Deliver(attempt.number));
    }

    private void giveUp(long now) {
        List<Failure> counted = failures.thatCount(attempts);
        if (counted.isEmpty()) {
            counted = List.of(pastDeadline());
        }
        end(new Command.GiveUp(Verdict.of(counted, soonestRecovery(now))));
    }

    private Failure pastDeadline() {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - arrivedAt);
        return Failure.of(FailureKind.DEADLINE, "the call's deadline of " + millis + " ms has passed");
    }

    private OptionalLong soonestRecovery(long now) {
        return plan.chain().stream()
                .map(step -> health.availability(step.target(), now))
                .filter(availability -> !availability.isReady())
                .mapToLong(availability -> Math.max(0, availability.until() - now))
                .min();
    }

    private void expire(long now) {
        Failure late = pastDeadline();
        for (Attempt attempt : attempts) {
            if (attempt.isRunning()) {
                commands.add(new Command.Cancel(attempt.number));
                outcomes.failed(attempt, late, now);
                attempt.failed(late, now);
                if (isCommitted(attempt)) {
                    failures.brokeTheStream(late);
                }
            }
        }
        giveUp(now);
    }

    private void abandon(long now) {
        for (Attempt attempt : attempts) {
            if (attempt.isRunning()) {
                cancel(attempt, now);
            }
        }
        end(new Command.Abandon());
    }

    private void end(Command.Terminal last) {
        ended = true;
        appointment = Optional.empty();
        commands.add(last);
    }

    private static java.time.Duration deadline(Plan plan) {
        return plan.deadline().orElse(java.time.Duration.ofSeconds(45));
    }

    private void setAlarm(boolean rang) {
        if (ended) {
            return;
        }
        alarm.startFrom(deadline);
        for (Attempt attempt : attempts) {
            if (attempt.isTimed()) {
                alarm.consider(attempt.dueAt());
            }
            if (committed.isEmpty()) {
                alarm.consider(CommitRule.dueAt(plan.commit(), attempt));
            }
        }
        if (appointment.isPresent()) {
            alarm.consider(appointment.get().at());
        }
        alarm.consider(hedging.due());
        alarm.set(rang, commands);
    }
}
