package dev.understudy.client.chain;

import dev.understudy.engine.Signal;

/**
 * Receives what one attempt of a stream brings.
 *
 * <p>Items are held back until the attempt is committed, which is with its first content unless the settings say otherwise.
 * From then on they reach the caller as they come, and no other attempt's items do. Calls after the end, and after the
 * attempt was cancelled, have no effect. The methods may be called by any thread, but not by two at once.
 *
 * @param <T> an item of the stream
 * @param <A> what is known at the end
 */
public interface AttemptSink<T, A> {

    /** A piece of the answer: visible text, a complete tool call. */
    default void content(T item) {
        content(item, 1);
    }

    /**
     * A piece of the answer.
     *
     * @param characters how much text it is, for commit points that count characters
     */
    void content(T item, int characters);

    /**
     * A piece of reasoning. It commits nothing, and may reach the caller before the answer does: if the attempt fails then,
     * another attempt's items follow it.
     */
    void reasoning(T item);

    /**
     * An item that is of no use alone: white space before the answer, a piece of a tool call. It is held back until content
     * follows or the answer is complete.
     *
     * @param sign what it shows about the provider
     */
    void hold(T item, Signal.Sign sign);

    /** The provider shows that it is at work, and sends nothing that the caller should get. */
    void signOfLife(Signal.Sign sign);

    /** The answer is complete. */
    void complete(A answer);

    /** The attempt is over without a complete answer. */
    void failed(Throwable thrown);

    /** Whether nothing more of this attempt is wanted. */
    boolean isCancelled();

    /**
     * What to do when the attempt is cancelled: close the connection, end the subscription. Runs on a thread of its own; at
     * once if the attempt is cancelled already.
     */
    void onCancel(Runnable action);

    /** Whether the caller keeps up. While it does not, a source that can wait should: what it sends is kept in memory. */
    boolean isReady();

    /** What to do each time when the caller has caught up after {@link #isReady()} was false. Runs on a thread of its own. */
    void onReady(Runnable action);

    /**
     * Waits until the caller keeps up, for sources that have a thread of their own. Returns at once while it does, and when the
     * attempt is cancelled.
     *
     * @throws InterruptedException if the thread is interrupted, as it is inside {@link StreamTarget#stream} when the attempt
     *     is cancelled
     */
    void awaitReady() throws InterruptedException;
}
