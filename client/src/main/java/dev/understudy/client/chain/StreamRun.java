package dev.understudy.client.chain;

import dev.understudy.client.loop.StreamDelivery;
import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Signal;
import dev.understudy.engine.Step;
import dev.understudy.engine.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One call of a {@link StreamingChain}: makes the attempts that the engine wants, holds back what they bring, and delivers the
 * items of one of them. Runs on the call loop.
 */
final class StreamRun<Q, T, A> implements CallRun.Actions {
    private final ChainConfig<StreamTarget<Q, T, A>, Q, A> config;
    private final Q request;
    private final CallEvents events;
    private final CallRun run;
    private final StreamDelivery<T> delivery;
    private final CompletableFuture<FallbackResult<A>> result;

    private final List<StreamAttempt<Q, T, A>> attempts = new ArrayList<>(1);
    /** Whose items are the caller's. */
    private Optional<StreamAttempt<Q, T, A>> committed = Optional.empty();
    /** Whose reasoning the caller gets meanwhile. */
    private Optional<StreamAttempt<Q, T, A>> previewed = Optional.empty();

    /** Whose source waits, because the caller does not keep up. */
    private Optional<StreamAttempt<Q, T, A>> paused = Optional.empty();

    StreamRun(
            ChainConfig<StreamTarget<Q, T, A>, Q, A> config,
            Plan plan,
            Q request,
            StreamDelivery<T> delivery,
            CompletableFuture<FallbackResult<A>> result) {
        this.config = config;
        this.request = request;
        this.delivery = delivery;
        this.result = result;
        this.events = config.events();
        this.run = config.run(plan, request, this, events);
    }

    void begin() {
        delivery.begin(
                () -> run.post(new Signal.CallerLeft()),
                caughtUp -> config.loop().execute(() -> slowCallerTookAnItem(caughtUp)));
        run.post(new Signal.Begin());
    }

    // What attempts bring.

    /** An item came; the engine is told after it is here, so that it is forwarded if the engine commits the attempt. */
    void came(StreamAttempt<Q, T, A> from, T item, boolean reasoning, Signal signal) {
        from.arrived();
        if (run.hasEnded() || from.isCancelled()) {
            return;
        }
        if (isFrom(committed, from) || (reasoning && isFrom(previewed, from) && from.holdsNothing())) {
            forward(from, item);
        } else {
            from.hold(item, reasoning);
        }
        run.tell(signal);
    }

    private static <X> boolean isFrom(Optional<X> chosen, X attempt) {
        return chosen.isPresent() && chosen.get().equals(attempt);
    }

    private void forward(StreamAttempt<Q, T, A> from, T item) {
        if (!delivery.offer(item) && paused.isEmpty()) {
            pause(from);
        }
    }

    private void pause(StreamAttempt<Q, T, A> source) {
        paused = Optional.of(source);
        source.pause();
        run.tell(new Signal.Paused(source.number()));
    }

    /** A caller that reads slowly reads: the time that a call may take counts from there. */
    private void slowCallerTookAnItem(boolean caughtUp) {
        paused.ifPresent(source -> {
            run.tell(new Signal.Resumed(source.number()));
            if (caughtUp) {
                paused = Optional.empty();
                source.resume();
            } else {
                run.tell(new Signal.Paused(source.number()));
            }
        });
    }

    // What the engine commands.

    @Override
    public void start(int attempt, Step step, AttemptKind kind) {
        // Of two attempts side by side the other one may answer: no more reasoning of the first until that is known.
        previewed = Optional.empty();
        StreamAttempt<Q, T, A> started =
                new StreamAttempt<>(config, config.targets().get(step.id()).function(), request, this, run, attempt);
        attempts.add(started);
        started.submit();
    }

    private StreamAttempt<Q, T, A> attempt(int number) {
        return attempts.get(number - 1);
    }

    @Override
    public void cancel(int attempt) {
        StreamAttempt<Q, T, A> source = attempt(attempt);
        if (isFrom(previewed, source)) {
            previewed = Optional.empty();
        }
        source.cancel();
    }

    @Override
    public void preview(int attempt) {
        StreamAttempt<Q, T, A> source = attempt(attempt);
        previewed = Optional.of(source);
        source.takeLeadingReasoning().forEach(item -> forward(source, item));
    }

    @Override
    public void commit(int attempt) {
        StreamAttempt<Q, T, A> winner = attempt(attempt);
        previewed = Optional.empty();
        committed = Optional.of(winner);
        if (paused.isPresent() && !isFrom(paused, winner)) {
            pause(winner);
        }
        winner.takeHeld().forEach(item -> forward(winner, item));
    }

    @Override
    public void deliver(int attempt) {
        StreamAttempt<Q, T, A> source = attempt(attempt);
        source.takeHeld().forEach(delivery::offer);
        source.over();
        CallTrail trail = run.trail();
        String target = run.targetOf(trail, attempt);
        events.answered(target, trail, run.duration());
        FallbackResult<A> whole = new FallbackResult<>(source.answer().orElseThrow(), target, trail);
        end(() -> result.complete(whole), delivery::complete);
    }

    @Override
    public void giveUp(Verdict verdict) {
        CallTrail trail = run.trail();
        events.failed(verdict.shown().kind(), trail, run.duration());
        fail(new CallOutcome.Failed<>(verdict, trail, committed.isPresent(), CallOutcome.causes(verdict, attempts)));
    }

    @Override
    public void abandon() {
        CallTrail trail = run.trail();
        events.failed(CallOutcome.CALLER_LEFT.shown().kind(), trail, run.duration());
        fail(new CallOutcome.Failed<>(CallOutcome.CALLER_LEFT, trail, committed.isPresent(), List.of()));
    }

    private void fail(CallOutcome.Failed<A> failed) {
        FallbackException exception = failed.exception();
        end(() -> result.completeExceptionally(exception), () -> delivery.fail(exception));
    }

    /** Code of the application may hang on the result, and must not hold up the loop. */
    private void end(Runnable ofResult, Runnable ofStream) {
        config.threads().execute(() -> {
            ofResult.run();
            ofStream.run();
        });
    }

    @Override
    public void defect(RuntimeException thrown) {
        attempts.forEach(StreamAttempt::cancel);
        end(() -> result.completeExceptionally(thrown), () -> delivery.fail(thrown));
    }
}
