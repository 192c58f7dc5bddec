package dev.understudy.engine;

import java.util.OptionalInt;

/**
 * One place in a call's chain: a target, and the limits and policies under which this call tries it. Immutable, so that
 * nothing set for one target leaks to the next.
 *
 * @param id the step's index in what the driver planned, by which it finds the request to send
 * @param target which model is tried
 * @param timeouts the late marks and limits of this call
 * @param usual the late marks that the operator set for the target; an attempt that was given less than these and ran out
 *     of time says nothing about the target's health
 * @param retry when this target is tried again
 * @param cooldown when this target is skipped by other calls
 * @param contextWindow the target's context window in tokens, if it is known
 * @param reasons whether the model reasons before it answers this request
 */
public record Step(
        int id,
        Target target,
        Timeouts timeouts,
        Timeouts usual,
        RetryPolicy retry,
        CooldownPolicy cooldown,
        OptionalInt contextWindow,
        boolean reasons) {

    public Step(
            int id,
            Target target,
            Timeouts timeouts,
            Timeouts usual,
            RetryPolicy retry,
            CooldownPolicy cooldown,
            OptionalInt contextWindow) {
        this(id, target, timeouts, usual, retry, cooldown, contextWindow, false);
    }

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

    /** The same step for a model that reasons before it answers. */
    public Step reasoning() {
        return new Step(id, target, timeouts, usual, retry, cooldown, contextWindow, true);
    }
}
