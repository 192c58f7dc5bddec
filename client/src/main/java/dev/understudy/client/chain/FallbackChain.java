package dev.understudy.client.chain;

import dev.understudy.engine.Plan;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Targets that are functions of the application, tried in order until one answers.
 *
 * <pre>{@code
 * FallbackChain<String, String> chain = FallbackChain.<String, String>builder()
 *         .target("openai/gpt-4o-mini", question -> openAi.ask(question))
 *         .target("anthropic/claude", question -> anthropic.ask(question))
 *         .build();
 * FallbackResult<String> result = chain.call("Why is the sky blue?");
 * }</pre>
 *
 * <p>A call is never worse than a call of its first target alone: lateness cancels nothing, and starts the next target beside
 * the late one. Only explicit limits cancel an attempt.
 *
 * <p>Safe for use by many threads. A chain holds no threads or connections; {@link #close} only ends its use.
 *
 * @param <Q> the request; the same object goes to every target, so it should be immutable
 * @param <A> the answer
 */
public final class FallbackChain<Q, A> implements AutoCloseable {
    private final ChainConfig<AsyncOrBlocking<Q, A>, Q, A> config;
    private final Plan plan;
    private final AtomicBoolean closed = new AtomicBoolean();

    private FallbackChain(ChainConfig<AsyncOrBlocking<Q, A>, Q, A> config) {
        this.config = config;
        this.plan = config.plan(false);
    }

    /** A chain with every default and no targets, to be completed. */
    public static <Q, A> Builder<Q, A> builder() {
        return new Builder<>();
    }

    /**
     * Calls the targets until one answers.
     *
     * @throws FallbackException if none could; also if this thread is interrupted, which ends all attempts and leaves the thread's
     *     interrupt status set
     * @throws IllegalArgumentException if the request is null
     * @throws IllegalStateException if the chain is closed
     */
    public FallbackResult<A> call(Q request) {
        WholeCall<Q, A> call = begin(request);
        return switch (call.await()) {
            case CallOutcome.Answered<A>(FallbackResult<A> result) -> result;
            case CallOutcome.Failed<A> failed -> throw failed.exception();
        };
    }

    /**
     * The same without waiting.
     *
     * @return completed with the result or with a {@link FallbackException}, on a thread of its own. If it is completed in any
     *     other way, such as by {@link CompletableFuture#cancel}, all attempts end at once
     * @throws IllegalArgumentException if the request is null
     * @throws IllegalStateException if the chain is closed
     */
    public CompletableFuture<FallbackResult<A>> callAsync(Q request) {
        return begin(request).asFuture();
    }

    private WholeCall<Q, A> begin(Q request) {
        Checks.notNull(request, "request");
        if (closed.get()) {
            throw new IllegalStateException("the chain is closed; build another one, or close it after its last call");
        }
        WholeCall<Q, A> call = new WholeCall<>(config, plan, request);
        call.begin();
        return call;
    }

    /** What the chain's calls know together. */
    public FallbackState state() {
        return config.state();
    }

    /** The names of the targets, in order. */
    public List<String> targets() {
        return config.targets().stream().map(ChainConfig.NamedTarget::name).toList();
    }

    /** How the targets are, in order. */
    public List<TargetHealth> health() {
        return targets().stream().map(config.state()::health).toList();
    }

    /** Ends the chain's use: calls that run continue, new ones are refused. */
    @Override
    public void close() {
        closed.set(true);
    }

    /** Makes a chain. Each method checks its arguments. */
    public static final class Builder<Q, A> extends ChainBuilder<AsyncOrBlocking<Q, A>, Q, A, Builder<Q, A>> {
        private Builder() {}

        @Override
        Builder<Q, A> self() {
            return this;
        }

        /** Adds a target behind the others. */
        public Builder<Q, A> target(String name, BlockingTarget<Q, A> function) {
            return target(name, function, TargetOptions.DEFAULT);
        }

        /** Adds a target behind the others, with options of its own. */
        public Builder<Q, A> target(String name, BlockingTarget<Q, A> function, TargetOptions options) {
            Checks.notNull(function, "the function of target " + name);
            return add(name, new AsyncOrBlocking.Blocking<>(function), options);
        }

        /** Adds a target behind the others that answers later. */
        public Builder<Q, A> asyncTarget(String name, AsyncTarget<Q, A> function) {
            return asyncTarget(name, function, TargetOptions.DEFAULT);
        }

        /** Adds a target behind the others that answers later, with options of its own. */
        public Builder<Q, A> asyncTarget(String name, AsyncTarget<Q, A> function, TargetOptions options) {
            Checks.notNull(function, "the function of target " + name);
            return add(name, new AsyncOrBlocking.Async<>(function), options);
        }

        /**
         * Makes the chain.
         *
         * @throws IllegalStateException if it has no targets
         */
        public FallbackChain<Q, A> build() {
            return new FallbackChain<>(config());
        }
    }
}
