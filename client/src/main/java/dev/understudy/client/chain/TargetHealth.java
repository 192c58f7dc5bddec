package dev.understudy.client.chain;

import dev.understudy.engine.FailureKind;
import dev.understudy.engine.PastAttempt;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a target is, for people and for metrics.
 *
 * @param target the target's name
 * @param circuit whether it is skipped
 * @param because the failure that set the end of its cooldown; empty if its circuit is closed
 * @param cooldown for how long it is still skipped; zero unless its circuit is open
 * @param successRate the share of successes of late, from 0 to 1
 * @param recent its last attempts, the latest first, at most twenty
 */
public record TargetHealth(
        String target,
        Circuit circuit,
        Optional<FailureKind> because,
        Duration cooldown,
        double successRate,
        List<PastAttempt> recent) {

    /** The states of a circuit breaker. */
    public enum Circuit {
        /** The target is tried. */
        CLOSED,
        /** The target is skipped, and used as a last resort only. */
        OPEN,
        /** The cooldown is over: one call tries the target. */
        HALF_OPEN
    }

    public TargetHealth {
        recent = List.copyOf(recent);
    }
}
