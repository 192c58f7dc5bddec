package dev.understudy.client.chain;

import dev.understudy.client.loop.StreamDelivery;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

/**
 * One streamed call. It begins when it is subscribed to, which can be done once.
 *
 * <p>The subscriber gets the items of one target in order, as many as it requested; a source that can wait is held back
 * meanwhile. It then gets {@code onComplete}, or {@code onError} with a {@link FallbackException}. Its methods are called on a
 * thread that may be another one each time, one after the other. Cancelling the subscription ends all attempts at once.
 *
 * @param <T> an item of the stream
 * @param <A> what is known at the end
 */
public final class StreamingCall<T, A> implements Flow.Publisher<T> {
    private final Executor threads;
    private final BiFunction<StreamDelivery<T>, CompletableFuture<FallbackResult<A>>, StreamRun<?, T, A>> starter;
    private final CompletableFuture<FallbackResult<A>> result = new CompletableFuture<>();
    private final AtomicBoolean subscribed = new AtomicBoolean();

    StreamingCall(
            Executor threads,
            BiFunction<StreamDelivery<T>, CompletableFuture<FallbackResult<A>>, StreamRun<?, T, A>> starter) {
        this.threads = threads;
        this.starter = starter;
    }

    /**
     * Begins the call.
     *
     * @throws IllegalArgumentException if the subscriber is null
     */
    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Checks.notNull(subscriber, "subscriber");
        if (!subscribed.compareAndSet(false, true)) {
            StreamDelivery<T> refused = new StreamDelivery<>(subscriber, threads);
            refused.begin(() -> {}, caughtUp -> {});
            refused.fail(
                    new IllegalStateException("the call has a subscriber; call stream(request) again for another"));
            return;
        }
        StreamDelivery<T> delivery = new StreamDelivery<>(subscriber, threads);
        starter.apply(delivery, result).begin();
    }

    /**
     * The answer with its trail, known before the subscriber gets {@code onComplete}; fails with the same exception as the
     * stream. Cancelling it has no effect on the call.
     */
    public CompletableFuture<FallbackResult<A>> result() {
        return result.copy();
    }
}
