package dev.understudy.engine;

import java.util.OptionalInt;

/**
 * One place in a call's chain: a target, and the limits and policies under which this call asks it. Immutable, so that
 * nothing set for one target leaks to the next.
 *
 * @param id the step's index in what the driver planned, by which it finds the request to send
 * @param target who is asked
 * @param timeouts the limits of this call
 * @param usual the limits that the operator set for the target; an attempt that was given less than these and ran out
 *     of time says nothing about the target's health
 * @param retry when this target is asked again
 * @param cooldown when this target is passed over by other calls
 * @param contextWindow the target's context window in tokens, if it is known
 */
public record Step(
        int id,
        Target target,
        Timeouts timeouts,
        Timeouts usual,
        RetryPolicy retry,
        CooldownPolicy cooldown,
        OptionalInt contextWindow) {

    /** A step with every default. */
    public static Step of(int id, Target target) {
        return new Step(
                id,
                target,
                Timeouts.ofDefaults(),
                Timeouts.ofDefaults(),
                RetryPolicy.ofDefaults(),
                CooldownPolicy.ofDefaults(),
                OptionalInt.empty());
    }
}
