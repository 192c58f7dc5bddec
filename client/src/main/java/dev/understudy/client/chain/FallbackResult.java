package dev.understudy.client.chain;

/**
 * The answer to a call.
 *
 * @param answer what the target answered
 * @param target the name of the target that answered
 * @param trail the call's attempts and skipped targets
 * @param <A> the answer's type
 */
public record FallbackResult<A>(A answer, String target, CallTrail trail) {}
