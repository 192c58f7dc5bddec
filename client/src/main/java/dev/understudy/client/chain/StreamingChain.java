package dev.understudy.client.chain;

import dev.understudy.engine.Plan;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Targets that answer with streams, tried in order until one delivers.
 *
 * <p>The caller's stream begins with the first content of any target; until then whatever fails is unseen. After it only that
 * target's items reach the caller: if it fails then, the stream ends with a {@link FallbackException} that says that the answer
 * is truncated. Two attempts are never mixed.
 *
 * <p>Safe for use by many threads. A chain holds no threads or connections; {@link #close} only ends its use.
 *
 * @param <Q> the request; the same object goes to every target, so it should be immutable
 * @param <T> an item of the stream
 * @param <A> what is known at the end, such as the whole answer
 */
public final class StreamingChain<Q, T, A> implements AutoCloseable {
    private final ChainConfig<StreamTarget<Q, T, A>, Q, A> config;
    private final Plan plan;
    private final AtomicBoolean closed = new AtomicBoolean();

    private StreamingChain(ChainConfig<StreamTarget<Q, T, A>, Q, A> config) {
        this.config = config;
        this.plan = config.plan(true);
    }

    /** A chain with every default and no targets, to be completed. */
    public static <Q, T, A> Builder<Q, T, A> builder() {
        return new Builder<>();
    }

    /**
     * A call, which begins when it is subscribed to.
     *
     * @throws IllegalArgumentException if the request is null
     * @throws IllegalStateException if the chain is closed
     */
    public StreamingCall<T, A> stream(Q request) {
        Checks.notNull(request, "request");
        if (closed.get()) {
            throw new IllegalStateException("the chain is closed; build another one, or close it after its last call");
        }
        return new StreamingCall<>(
                config.threads(), (delivery, result) -> new StreamRun<>(config, plan, request, delivery, result));
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
    public static final class Builder<Q, T, A> extends ChainBuilder<StreamTarget<Q, T, A>, Q, A, Builder<Q, T, A>> {
        private Builder() {}

        @Override
        Builder<Q, T, A> self() {
            return this;
        }

        /** Adds a target behind the others. */
        public Builder<Q, T, A> target(String name, StreamTarget<Q, T, A> function) {
            return target(name, function, TargetOptions.DEFAULT);
        }

        /** Adds a target behind the others, with options of its own. */
        public Builder<Q, T, A> target(String name, StreamTarget<Q, T, A> function, TargetOptions options) {
            return add(name, function, options);
        }

        /**
         * Makes the chain.
         *
         * @throws IllegalStateException if it has no targets
         */
        public StreamingChain<Q, T, A> build() {
            return new StreamingChain<>(config());
        }
    }
}
