package dev.understudy.calls.config;

import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Timeouts;

/**
 * The limits and policies under which a target is tried.
 *
 * @param timeouts late marks and limits of each attempt
 * @param retry when the target is tried again
 * @param cooldown when the target is skipped
 */
public record TargetPolicy(Timeouts timeouts, RetryPolicy retry, CooldownPolicy cooldown) {
    /** What holds if a configuration sets nothing. */
    public static final TargetPolicy BUILT_IN =
            new TargetPolicy(Timeouts.ofDefaults(), RetryPolicy.ofDefaults(), CooldownPolicy.ofDefaults());
}
