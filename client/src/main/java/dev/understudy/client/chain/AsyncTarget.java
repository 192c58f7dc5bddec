package dev.understudy.client.chain;

import java.util.concurrent.CompletionStage;

/**
 * A target that answers later. Its stage is cancelled when the attempt is: because another target answered, a limit on time
 * ran out, or the caller left.
 *
 * @param <Q> the request
 * @param <A> the answer
 */
@FunctionalInterface
public interface AsyncTarget<Q, A> {
    /**
     * Begins to answer a request.
     *
     * @return the answer to come; null is a failed attempt
     * @throws Exception if the target cannot answer; a {@link FailureClassifier} decides what it means
     */
    CompletionStage<A> call(Q request) throws Exception;
}
