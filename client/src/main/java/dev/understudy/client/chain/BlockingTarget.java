package dev.understudy.client.chain;

/**
 * A target that answers in the calling thread. It runs on a thread of its own, which is interrupted when the attempt is
 * cancelled: because another target answered, a limit on time ran out, or the caller left.
 *
 * @param <Q> the request
 * @param <A> the answer
 */
@FunctionalInterface
public interface BlockingTarget<Q, A> {
    /**
     * Answers a request.
     *
     * @return the answer; null is a failed attempt
     * @throws Exception if the target cannot answer; a {@link FailureClassifier} decides what it means
     */
    A call(Q request) throws Exception;
}
