package dev.understudy.client.chain;

/**
 * A target that answers with a stream of items.
 *
 * @param <Q> the request
 * @param <T> an item of the stream
 * @param <A> what is known at the end, such as the whole answer
 */
@FunctionalInterface
public interface StreamTarget<Q, T, A> {
    /**
     * Begins to answer a request. May return at once and tell the sink later from any thread, or deliver the whole answer
     * before it returns; its thread is interrupted when the attempt is cancelled meanwhile.
     *
     * @param sink receives what happens; exactly one of {@link AttemptSink#complete} and {@link AttemptSink#failed} ends it
     * @throws Exception if the target cannot answer, as if it were given to {@link AttemptSink#failed}
     */
    void stream(Q request, AttemptSink<T, A> sink) throws Exception;
}
