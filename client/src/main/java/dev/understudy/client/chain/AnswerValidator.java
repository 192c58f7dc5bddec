package dev.understudy.client.chain;

import dev.understudy.engine.Failure;
import java.util.Optional;

/**
 * Decides whether an answer is good enough. If it is not, the next target is tried.
 *
 * <p>Runs in the thread in which the answer arrives. What it throws rejects the answer too.
 *
 * @param <Q> the request
 * @param <A> the answer
 */
@FunctionalInterface
public interface AnswerValidator<Q, A> {
    /**
     * Checks an answer.
     *
     * @return what is wrong with it, usually of the kind {@code INVALID_OUTPUT}; empty if nothing is
     */
    Optional<Failure> check(Q request, A answer);
}
