package dev.understudy.client.chain;

import dev.understudy.engine.Failure;
import dev.understudy.engine.Signal;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;

/** One attempt of a {@link WholeCall}: runs the target's function, and tells the engine how it ended. */
final class WholeAttempt<Q, A> implements CallOutcome.FailedAttempt {
    private static final System.Logger LOG = System.getLogger(FallbackChain.class.getName());

    private final ChainConfig<AsyncOrBlocking<Q, A>, Q, A> config;
    private final AsyncOrBlocking<Q, A> function;
    private final Q request;
    private final CallRun run;
    private final int number;

    private final AttemptThread thread = new AttemptThread();
    private volatile Optional<CompletionStage<A>> stage = Optional.empty();
    private volatile Optional<A> answer = Optional.empty();
    private volatile Optional<CallOutcome.Thrown> thrown = Optional.empty();

    WholeAttempt(
            ChainConfig<AsyncOrBlocking<Q, A>, Q, A> config,
            AsyncOrBlocking<Q, A> function,
            Q request,
            CallRun run,
            int number) {
        this.config = config;
        this.function = function;
        this.request = request;
        this.run = run;
        this.number = number;
    }

    /** Has the function run. Until it does its silence is not the target's fault. */
    void submit() {
        run.submit(number, config.executor(), this::call, refused -> thrown = Optional.of(refused));
    }

    private void call() {
        if (!thread.begin()) {
            return;
        }
        run.begun(number);
        try {
            switch (function) {
                case AsyncOrBlocking.Blocking<Q, A>(BlockingTarget<Q, A> target) -> {
                    A whole = target.call(request);
                    thread.end();
                    answered(whole);
                }
                case AsyncOrBlocking.Async<Q, A>(AsyncTarget<Q, A> target) -> {
                    CompletionStage<A> begun = target.call(request);
                    thread.end();
                    await(begun);
                }
            }
        } catch (Throwable failed) {
            thread.end();
            failed(failed);
        }
    }

    private void await(CompletionStage<A> begun) {
        if (Objects.isNull(begun)) {
            failed(TargetFailures.nothing());
            return;
        }
        stage = Optional.of(begun);
        if (thread.isCancelled()) {
            cancel(begun);
        }
        begun.whenComplete((whole, failed) -> {
            if (Objects.isNull(failed)) {
                answered(whole);
            } else {
                failed(failed);
            }
        });
    }

    private void answered(A whole) {
        if (thread.isCancelled()) {
            return;
        }
        if (Objects.isNull(whole)) {
            failed(TargetFailures.nothing());
            return;
        }
        answer = Optional.of(whole);
        ChainConfig.Evaluation evaluation = config.evaluate(number, request, whole, false);
        thrown = evaluation.thrown();
        run.post(evaluation.signal());
    }

    private void failed(Throwable exception) {
        if (thread.isCancelled()) {
            // Most likely because of it: the caller must not get our own interrupt as the cause.
            return;
        }
        failed(config.failureOf(exception, false), TargetFailures.unwrapped(exception));
    }

    private void failed(Failure failure, Throwable exception) {
        thrown = Optional.of(new CallOutcome.Thrown(exception, failure));
        failed(failure);
    }

    private void failed(Failure failure) {
        run.post(new Signal.Failed(number, failure));
    }

    /** On the loop. */
    void cancel() {
        thread.cancel();
        stage.ifPresent(begun -> config.threads().execute(() -> cancel(begun)));
    }

    private static void cancel(CompletionStage<?> begun) {
        try {
            begun.toCompletableFuture().cancel(true);
        } catch (UnsupportedOperationException | CancellationException cannot) {
            LOG.log(System.Logger.Level.DEBUG, "a target's stage cannot be cancelled", cannot);
        }
    }

    /** What came, whether or not it is good enough. */
    Optional<A> answer() {
        return answer;
    }

    @Override
    public Optional<CallOutcome.Thrown> thrown() {
        return thrown;
    }
}
