package dev.understudy.client.chain;

import dev.understudy.client.loop.CallLoop;
import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FallbackCall;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.Signal;
import dev.understudy.engine.Step;
import dev.understudy.engine.Timeouts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

/**
 * What the two kinds of chains have in common.
 *
 * @param targets in the order in which they are tried
 * @param hasValidator whether answers must be complete before they can be checked
 * @param blank whether an answer is blank
 * @param filtered whether a content filter left nothing of an answer
 * @param executor where the functions of the targets run
 * @param threads where other code of the application runs: listeners, subscribers, what depends on a future
 * @param random of one's own; empty for that of the loop's thread
 * @param <F> the form of the targets
 */
record ChainConfig<F, Q, A>(
        List<NamedTarget<F>> targets,
        CallSettings settings,
        FailureClassifier classifier,
        AnswerValidator<Q, A> validator,
        boolean hasValidator,
        BiPredicate<Q, A> blank,
        Predicate<A> filtered,
        ToLongFunction<Q> requestSize,
        List<ChainListener> listeners,
        FallbackState state,
        CircuitChanges circuits,
        Executor executor,
        Executor threads,
        CallLoop loop,
        Optional<RandomGenerator> random) {
    private static final System.Logger LOG = System.getLogger(ChainConfig.class.getName());

    private static final RandomGenerator OF_THE_THREAD =
            () -> ThreadLocalRandom.current().nextLong();

    /**
     * One target.
     *
     * @param function the application's
     */
    record NamedTarget<F>(String name, F function, TargetOptions options) {}

    CallEvents events() {
        return new CallEvents(listeners, circuits, threads);
    }

    /** A call that arrives now. */
    CallRun run(Plan plan, Q request, CallRun.Actions actions, CallEvents events) {
        long now = loop.nanoTime();
        FallbackCall engine = new FallbackCall(
                plan, requestSize.applyAsLong(request), state.shared(), random.orElse(OF_THE_THREAD), now);
        return new CallRun(loop, engine, actions, events, now);
    }

    /** What an exception of a target means. A classifier that fails itself does not end the call. */
    Failure failureOf(Throwable thrown, boolean contentCame) {
        try {
            return classifier
                    .classify(TargetFailures.unwrapped(thrown))
                    .orElseGet(() -> TargetFailures.of(thrown, contentCame));
        } catch (RuntimeException failed) {
            LOG.log(System.Logger.Level.WARNING, "the failure classifier of a fallback chain failed", failed);
            return TargetFailures.of(thrown, contentCame);
        }
    }

    /**
     * What is wrong with an answer.
     *
     * @param contentCame whether the answer had content already, so that it is not blank
     */
    private Optional<Failure> wrongWith(Q request, A answer, boolean contentCame) {
        if (!contentCame && filtered.test(answer)) {
            return Optional.of(TargetFailures.withheld());
        }
        if (!settings.acceptEmpty() && !contentCame && blank.test(request, answer)) {
            return Optional.of(TargetFailures.blank());
        }
        return validator.check(request, answer);
    }

    /**
     * What the engine is told of a complete answer.
     *
     * @param thrown what the validator threw, if it did
     */
    record Evaluation(Signal signal, Optional<CallOutcome.Thrown> thrown) {}

    /** Evaluates a complete answer of an attempt. What the validator throws rejects it. */
    Evaluation evaluate(int attempt, Q request, A answer, boolean contentCame) {
        try {
            return new Evaluation(
                    wrongWith(request, answer, contentCame)
                            .<Signal>map(failure -> new Signal.Failed(attempt, failure))
                            .orElseGet(() -> new Signal.Completed(attempt)),
                    Optional.empty());
        } catch (RuntimeException failed) {
            Failure rejected =
                    TargetFailures.rejected("the check of the answer failed: " + TargetFailures.message(failed));
            return new Evaluation(
                    new Signal.Failed(attempt, rejected), Optional.of(new CallOutcome.Thrown(failed, rejected)));
        }
    }

    Plan plan(boolean streaming) {
        List<Step> steps = new ArrayList<>(targets.size());
        for (NamedTarget<F> target : targets) {
            Timeouts timeouts = target.options()
                    .timeout()
                    .map(settings.timeouts()::withTotal)
                    .orElse(settings.timeouts());
            steps.add(Step.of(steps.size(), TargetNames.target(target.name())).toBuilder()
                    .timeouts(timeouts)
                    .usual(settings.timeouts())
                    .retry(settings.retry())
                    .cooldown(settings.cooldown())
                    .contextWindow(target.options().contextWindow())
                    .reasons(target.options().reasons())
                    .build());
        }
        return Plan.of(steps)
                .deadline(settings.deadline())
                // A function shows no response headers, so the engine's shorter cap for silent streams would end calls
                // that
                // succeed without it.
                .patience(Optional.of(settings.cap()))
                .streaming(streaming)
                .commit(hasValidator ? CommitPoint.COMPLETE : settings.commit())
                // The form in which a model continues another's answer is known of HTTP requests, and not of functions.
                .recovery(Recovery.TERMINATE)
                .hedging(settings.hedging())
                .fallbackOn(settings.fallbackOn())
                .build();
    }
}
