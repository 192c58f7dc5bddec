package dev.understudy.client.chain;

import dev.understudy.calls.loop.Timer;
import dev.understudy.client.loop.CallLoop;
import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Command;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.FallbackCall;
import dev.understudy.engine.Signal;
import dev.understudy.engine.Step;
import dev.understudy.engine.TrailEntry;
import dev.understudy.engine.Verdict;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Drives one call: gives the engine what happened, as signals, and has its commands carried out. The engine decides; there is no
 * rule about failures here.
 *
 * <p>Runs on the call loop. Only {@link #post} may be called by other threads.
 */
final class CallRun {
    /** A timer that fires later than this was delayed by a busy loop or machine. */
    private static final long LATE_TIMER = TimeUnit.MILLISECONDS.toNanos(50);

    private final CallLoop loop;
    private final FallbackCall engine;
    private final Actions actions;
    private final CallEvents events;
    private final long arrivedAt;

    private final Queue<Signal> inbox = new ArrayDeque<>(4);
    private boolean working;
    private boolean ended;
    private Optional<Timer> timer = Optional.empty();

    /** Carries out what the engine commands; on the loop. */
    interface Actions {
        /** Sends the request to a target. */
        void start(int attempt, Step step, AttemptKind kind);

        /** Ends an attempt at once. */
        void cancel(int attempt);

        /** Lets the reasoning of a stream reach the caller. */
        void preview(int attempt);

        /** From here on the attempt's items are the caller's. */
        void commit(int attempt);

        /** The attempt's answer is the call's. */
        void deliver(int attempt);

        /** No target could answer. */
        void giveUp(Verdict verdict);

        /** The caller left. */
        void abandon();

        /** The engine or one of these methods has failed: the call ends. */
        void defect(RuntimeException thrown);
    }

    /** @param arrivedAt when the call came, on the scale of the loop */
    CallRun(CallLoop loop, FallbackCall engine, Actions actions, CallEvents events, long arrivedAt) {
        this.loop = loop;
        this.engine = engine;
        this.actions = actions;
        this.events = events;
        this.arrivedAt = arrivedAt;
    }

    /** Tells the engine what happened, as soon as the loop is free. */
    void post(Signal signal) {
        loop.execute(() -> tell(signal));
    }

    /**
     * Has the function of an attempt run. Until it does its silence is not the target's fault.
     *
     * @param refused is told before the engine is if the executor has no thread
     */
    void submit(int attempt, Executor executor, Runnable function, Consumer<CallOutcome.Thrown> refused) {
        tell(new Signal.Paused(attempt));
        try {
            executor.execute(function);
        } catch (RejectedExecutionException noThread) {
            Failure busy = Failure.of(FailureKind.GATEWAY_BUSY, "the chain's executor has no thread for the target");
            refused.accept(new CallOutcome.Thrown(noThread, busy));
            tell(new Signal.Failed(attempt, busy));
        }
    }

    /** The function of an attempt has a thread, and begins. May be called by any thread. */
    void begun(int attempt) {
        loop.execute(() -> {
            tell(new Signal.Resumed(attempt));
            tell(new Signal.Connected(attempt));
        });
    }

    boolean hasEnded() {
        return ended;
    }

    /** What the call did so far. */
    CallTrail trail() {
        return TargetNames.trail(engine.trail(loop.nanoTime()));
    }

    /** The target of an attempt. */
    String targetOf(CallTrail trail, int attempt) {
        return trail.attempts().stream()
                .filter(entry -> entry.attempt() == attempt)
                .map(TrailEntry::target)
                .findFirst()
                .orElseThrow();
    }

    /** Nanoseconds since the call came. */
    long duration() {
        return loop.nanoTime() - arrivedAt;
    }

    /** Tells the engine what happened. A signal that arises while commands are carried out is queued until they are done. */
    void tell(Signal signal) {
        inbox.add(signal);
        if (working) {
            return;
        }
        working = true;
        try {
            for (Signal next = inbox.poll(); next != null; next = inbox.poll()) {
                for (Command command : engine.on(next, loop.nanoTime())) {
                    carryOut(command);
                }
            }
        } catch (RuntimeException defect) {
            if (!ended) {
                end();
                actions.defect(defect);
            }
            throw defect;
        } finally {
            working = false;
        }
        events.stepIsDone(engine, loop.nanoTime());
    }

    private void carryOut(Command command) {
        switch (command) {
            case Command.Start(int attempt, Step step, AttemptKind kind) -> {
                events.started(attempt, step, kind);
                actions.start(attempt, step, kind);
            }
            case Command.Cancel(int attempt) -> actions.cancel(attempt);
            case Command.Preview(int attempt) -> actions.preview(attempt);
            case Command.Commit(int attempt) -> actions.commit(attempt);
            case Command.Continue(int attempt) ->
                throw new IllegalStateException(
                        "streams of functions are not continued, as their plans say: " + attempt);
            case Command.WakeAt(long at) -> wakeAt(at);
            case Command.Deliver(int attempt) -> {
                end();
                actions.deliver(attempt);
            }
            case Command.GiveUp(Verdict verdict) -> {
                end();
                actions.giveUp(verdict);
            }
            case Command.Abandon() -> {
                end();
                actions.abandon();
            }
        }
    }

    private void end() {
        ended = true;
        timer.ifPresent(Timer::cancel);
        timer = Optional.empty();
    }

    private void wakeAt(long at) {
        timer.ifPresent(Timer::cancel);
        timer = Optional.of(loop.runAt(at, () -> fire(at)));
    }

    /**
     * A timer that fires late shows that this process was busy, not that a target is silent. What has arrived meanwhile is taken
     * before the engine looks for late attempts.
     */
    private void fire(long at) {
        if (loop.nanoTime() - at < LATE_TIMER) {
            tell(new Signal.Due());
        } else {
            timer = Optional.of(loop.runAt(loop.nanoTime(), () -> tell(new Signal.Due())));
        }
    }
}
