package dev.understudy.engine;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides which attempt follows one that failed: a retry at the same target, the next target of the chain, a last resort, or a
 * retry with backoff when no other target is left.
 *
 * <p>It starts nothing. What it returns fits the call's deadline and the retry budget, and {@link FallbackCall} starts it: where
 * the next target's circuit is half open, its trial has been claimed for this attempt.
 */
final class Failover {
    private final Plan plan;
    private final SharedState shared;
    private final CallClock clock;
    private final ChainCursor cursor;
    private final RetryRule retries;
    private final Attempts attempts;
    private final Failures failures;
    /** How often this call reached the end of its chain and retried. */
    private int rounds;

    /**
     * An attempt that may follow.
     *
     * @param retry how many attempts of this call at the same target came before it
     * @param delay nanoseconds until it should start; 0 to start it at once
     */
    record Next(Step step, int retry, long delay) {}

    Failover(
            Plan plan,
            SharedState shared,
            CallClock clock,
            ChainCursor cursor,
            RetryRule retries,
            Attempts attempts,
            Failures failures) {
        this.plan = plan;
        this.shared = shared;
        this.clock = clock;
        this.cursor = cursor;
        this.retries = retries;
        this.attempts = attempts;
        this.failures = failures;
    }

    /**
     * A retry at the target that failed.
     *
     * @param quick whether the attempt did not take long to fail
     */
    Optional<Next> retryOf(Attempt attempt, Failure failure, boolean quick, long now) {
        OptionalLong wait = retries.waitBeforeRetry(attempt, failure, quick, now);
        return wait.isPresent() && clock.mayStart(now + wait.getAsLong())
                ? Optional.of(new Next(attempt.step, attempt.retry + 1, wait.getAsLong()))
                : Optional.empty();
    }

    /** The next target of the chain, or else a last resort; empty if no target is left that could be tried. */
    Optional<Next> nextTarget(long now) {
        if (!clock.mayStart(now)) {
            return Optional.empty();
        }
        return cursor.next(now).map(step -> new Next(step, 0, 0)).or(() -> lastResort(now));
    }

    private Optional<Next> lastResort(long now) {
        return cursor.lastResort(attempts.size() == 0, now).map(step -> {
            Availability availability = shared.health().availability(step.target(), now);
            long hint = availability.binding() ? Math.max(0, availability.until() - now) : 0;
            boolean worthWaiting = hint <= step.retry().patience().toNanos() && clock.mayStart(now + hint);
            return new Next(step, step.retry().attempts(), worthWaiting ? hint : 0);
        });
    }

    /**
     * No other target is left: of those that had no capacity, the one that can be tried soonest is retried with backoff,
     * while deadline and budget last. Empty if that is of no use.
     */
    Optional<Next> retryWithBackoff(long now) {
        Optional<RetryRule.LastOne> soonest =
                retries.soonestAlone(attempts, rounds, now).filter(last -> clock.mayStart(now + last.delay()));
        if (soonest.isPresent()) {
            rounds++;
        }
        return soonest.map(last -> new Next(last.attempt().step, last.attempt().retry + 1, last.delay()));
    }

    /**
     * Whether another target may be tried after this failure. If so, the cursor has been moved to the targets that are of use
     * after a failure of this kind.
     */
    boolean mayContinueAfter(Attempt attempt, Failure failure) {
        boolean ends = failures.endsTheChain(failure, plan.fallbackOn());
        if (attempt.kind.isRecovery() && ends) {
            // The caller's own request was answered before; what this target refuses is the continuation made from it.
            return true;
        }
        List<Step> instead = plan.instead().getOrDefault(failure.kind(), List.of());
        if (!instead.isEmpty()) {
            cursor.switchTo(instead);
            return true;
        }
        if (failure.kind().disposition().next() == Disposition.Next.LARGER_WINDOW) {
            cursor.needLargerWindowThan(attempt.step);
        }
        return !ends && !failures.isBelievedBlank(failure);
    }
}
