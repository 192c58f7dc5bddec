package dev.understudy.client.chain;

import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Signal;
import dev.understudy.engine.Step;
import dev.understudy.engine.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** One call of a {@link FallbackChain}: makes the attempts that the engine wants, and has one outcome. */
final class WholeCall<Q, A> implements CallRun.Actions {
    private final ChainConfig<AsyncOrBlocking<Q, A>, Q, A> config;
    private final Q request;
    private final CallEvents events;
    private final CallRun run;
    private final List<WholeAttempt<Q, A>> attempts = new ArrayList<>(1);
    /** Completed on the loop, so nothing of the application may hang on it. */
    private final CompletableFuture<CallOutcome<A>> outcome = new CompletableFuture<>();

    WholeCall(ChainConfig<AsyncOrBlocking<Q, A>, Q, A> config, Plan plan, Q request) {
        this.config = config;
        this.request = request;
        this.events = config.events();
        this.run = config.run(plan, request, this, events);
    }

    void begin() {
        run.post(new Signal.Begin());
    }

    /** Waits for the end. If the waiting thread is interrupted the call ends at once, and the thread stays interrupted. */
    CallOutcome<A> await() {
        try {
            return outcome.get();
        } catch (InterruptedException interrupted) {
            run.post(new Signal.CallerLeft());
            CallOutcome<A> ended = outcome.join();
            Thread.currentThread().interrupt();
            return ended instanceof CallOutcome.Failed<A> failed ? failed.because(interrupted) : ended;
        } catch (ExecutionException defect) {
            throw new IllegalStateException("the call ended because of a defect in this library", defect.getCause());
        }
    }

    CompletableFuture<FallbackResult<A>> asFuture() {
        CompletableFuture<FallbackResult<A>> future = new CompletableFuture<>();
        var unusedLeft = future.whenComplete((result, thrown) -> {
            if (!outcome.isDone()) {
                run.post(new Signal.CallerLeft());
            }
        });
        var unusedEnd = outcome.whenCompleteAsync(
                (ended, defect) -> {
                    switch (ended) {
                        case null -> future.completeExceptionally(new CompletionException(defect));
                        case CallOutcome.Answered<A>(FallbackResult<A> result) -> future.complete(result);
                        case CallOutcome.Failed<A> failed -> future.completeExceptionally(failed.exception());
                    }
                },
                config.threads());
        return future;
    }

    @Override
    public void start(int attempt, Step step, AttemptKind kind) {
        WholeAttempt<Q, A> started =
                new WholeAttempt<>(config, config.targets().get(step.id()).function(), request, run, attempt);
        attempts.add(started);
        started.submit();
    }

    private WholeAttempt<Q, A> attempt(int number) {
        return attempts.get(number - 1);
    }

    @Override
    public void cancel(int attempt) {
        attempt(attempt).cancel();
    }

    @Override
    public void preview(int attempt) {
        throw new IllegalStateException("whole answers have no previews: " + attempt);
    }

    @Override
    public void commit(int attempt) {
        throw new IllegalStateException("whole answers are delivered, not committed: " + attempt);
    }

    @Override
    public void deliver(int attempt) {
        CallTrail trail = run.trail();
        String target = run.targetOf(trail, attempt);
        events.answered(target, trail, run.duration());
        outcome.complete(new CallOutcome.Answered<>(
                new FallbackResult<>(attempt(attempt).answer().orElseThrow(), target, trail)));
    }

    @Override
    public void giveUp(Verdict verdict) {
        CallTrail trail = run.trail();
        events.failed(verdict.shown().kind(), trail, run.duration());
        outcome.complete(new CallOutcome.Failed<>(verdict, trail, false, CallOutcome.causes(verdict, attempts)));
    }

    @Override
    public void abandon() {
        CallTrail trail = run.trail();
        events.failed(CallOutcome.CALLER_LEFT.shown().kind(), trail, run.duration());
        outcome.complete(new CallOutcome.Failed<>(CallOutcome.CALLER_LEFT, trail, false, List.of()));
    }

    @Override
    public void defect(RuntimeException thrown) {
        attempts.forEach(WholeAttempt::cancel);
        outcome.completeExceptionally(thrown);
    }
}
