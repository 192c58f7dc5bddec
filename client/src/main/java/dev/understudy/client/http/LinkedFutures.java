package dev.understudy.client.http;

import dev.understudy.calls.FutureCause;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Futures whose cancellation reaches what they wait for, unlike that of {@link CompletableFuture#thenApply}, and whose late results
 * are released.
 */
public final class LinkedFutures {
    private LinkedFutures() {}

    /**
     * A future of what a function makes of another one's result.
     *
     * @param discard releases a result that comes after the returned future was cancelled
     */
    public static <A, B> CompletableFuture<B> map(
            CompletableFuture<A> inner, Function<A, B> function, Consumer<A> discard) {
        return map(inner, function, discard, cause -> cause);
    }

    /** The same with other exceptions. */
    public static <A, B> CompletableFuture<B> map(
            CompletableFuture<A> inner,
            Function<A, B> function,
            Consumer<A> discard,
            UnaryOperator<Throwable> failures) {
        CompletableFuture<B> outer = new CompletableFuture<>();
        var unused = inner.whenComplete((value, cause) -> {
            if (cause != null) {
                outer.completeExceptionally(failures.apply(unwrapped(cause)));
                return;
            }
            try {
                if (!outer.complete(function.apply(value))) {
                    discard.accept(value);
                }
            } catch (RuntimeException failed) {
                discard.accept(value);
                outer.completeExceptionally(failed);
            }
        });
        cancelWith(outer, inner);
        return outer;
    }

    /**
     * A future of the future that a function makes of another one's result.
     *
     * @param discard releases a result that comes after the returned future was cancelled
     */
    public static <A, B> CompletableFuture<B> compose(
            CompletableFuture<A> first, Function<A, CompletableFuture<B>> function, Consumer<B> discard) {
        CompletableFuture<B> outer = new CompletableFuture<>();
        var unused = first.whenComplete((value, cause) -> {
            if (cause != null) {
                outer.completeExceptionally(unwrapped(cause));
            } else if (!outer.isDone()) {
                continueWith(outer, value, function, discard);
            }
        });
        cancelWith(outer, first);
        return outer;
    }

    /** The future inside a future, which is cancelled too if it begins after the returned one was cancelled. */
    @SuppressWarnings("FutureReturnValueIgnored") // The outer one takes its place.
    public static <T> CompletableFuture<T> flatten(
            CompletableFuture<CompletableFuture<T>> nested, Consumer<T> discard) {
        CompletableFuture<T> outer = new CompletableFuture<>();
        var unused = nested.whenComplete((inner, cause) -> {
            if (cause != null) {
                outer.completeExceptionally(unwrapped(cause));
            } else {
                continueWith(outer, inner, Function.identity(), discard);
            }
        });
        return outer;
    }

    private static <A, B> void continueWith(
            CompletableFuture<B> outer, A value, Function<A, CompletableFuture<B>> function, Consumer<B> discard) {
        CompletableFuture<B> second;
        try {
            second = function.apply(value);
        } catch (RuntimeException failed) {
            outer.completeExceptionally(failed);
            return;
        }
        var unused = second.whenComplete((result, cause) -> {
            if (cause != null) {
                outer.completeExceptionally(unwrapped(cause));
            } else if (!outer.complete(result)) {
                discard.accept(result);
            }
        });
        cancelWith(outer, second);
    }

    /** Cancels a future when another one is cancelled. */
    static void cancelWith(CompletableFuture<?> outer, CompletableFuture<?> inner) {
        var unused = outer.whenComplete((value, cause) -> {
            if (outer.isCancelled()) {
                inner.cancel(true);
            }
        });
    }

    /** The cause that a future wraps. */
    public static Throwable unwrapped(Throwable thrown) {
        return FutureCause.of(thrown);
    }
}
