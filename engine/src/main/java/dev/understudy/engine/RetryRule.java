package dev.understudy.engine;

import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Decides whether a target that failed is retried in the same call (after a 429, a 503, a refused connection, …), and after
 * which wait.
 *
 * <p>With another target available, the first retry starts at once or not at all: waiting would cost the caller time that
 * the other could use. Only a rate limit's own hint, of a length that the policy has patience for, is worth waiting for.
 * Further retries exist only where the request or the configuration asks for them, with backoff.
 */
final class RetryRule {
    /** So often a call comes to the end of its chain at most: more often than the usual backoff allows in its time, however short the hints. */
    private static final int MOST_ROUNDS = 50;

    private final ChainCursor cursor;
    private final SharedState shared;
    private final RandomGenerator random;

    RetryRule(ChainCursor cursor, SharedState shared, RandomGenerator random) {
        this.cursor = cursor;
        this.shared = shared;
        this.random = random;
    }

    /**
     * @param quick whether the attempt did not take long to fail
     * @return nanoseconds to wait before the retry, 0 for none; empty if the target is not tried again
     */
    OptionalLong waitBeforeRetry(Attempt attempt, Failure failure, boolean quick, long now) {
        Target target = attempt.step.target();
        RetryPolicy policy = attempt.step.retry();
        Disposition.Retry retry = failure.kind().disposition().retry();
        if (retry == Disposition.Retry.REWRITTEN) {
            return attempt.retry == 0 ? OptionalLong.of(0) : OptionalLong.empty();
        }
        if (!isHinted(failure) && !shared.retries().allows(target)) {
            return OptionalLong.empty();
        }
        boolean anotherIsReady = cursor.anotherIsReady(now);
        boolean isCooling = !shared.health().availability(target, now).isReady();
        boolean concernsTheRequest = failure.concern() == Concern.REQUEST;
        if (concernsTheRequest || attempt.retry >= policy.attempts() || !hintFits(failure, policy)) {
            return OptionalLong.empty();
        }
        OptionalLong hint = failure.retryAfter();
        boolean worthwhile = switch (retry) {
            case NEVER, REWRITTEN -> false;
            case IF_QUICK -> quick && !(anotherIsReady && (isCooling || hint.isPresent()));
            case AFTER_BACKOFF -> !(anotherIsReady && (isCooling || hint.isPresent()));
            case IF_ALONE -> !anotherIsReady;
            case IF_HINT_FITS -> hint.isPresent() || !anotherIsReady;
        };
        if (!worthwhile) {
            return OptionalLong.empty();
        }
        if (hint.isPresent()) {
            return hint;
        }
        boolean atOnce = anotherIsReady && attempt.retry == 0;
        return OptionalLong.of(atOnce ? 0 : policy.backoff(attempt.retry, random));
    }

    /** A target that is tried once more because no other is left, and after how many nanoseconds. */
    record LastOne(Attempt attempt, long delay) {}

    /**
     * Of the targets that had no capacity the one that can be tried again soonest, where no other target is left.
     *
     * @param attempts of the call, in their order
     * @param round how often this call has come to its last target before, from 0
     * @return empty if waiting helps none of them, or the retry budget is spent
     */
    Optional<LastOne> soonestAlone(Attempts attempts, int round, long now) {
        if (round >= MOST_ROUNDS) {
            return Optional.empty();
        }
        Optional<LastOne> soonest = Optional.empty();
        Set<Target> seen = new HashSet<>();
        for (Attempt attempt : attempts.newestFirst()) {
            Target target = attempt.step.target();
            if (attempt.failure().isEmpty() || !seen.add(target)) {
                continue;
            }
            OptionalLong wait = waitAlone(attempt, round, now);
            if (wait.isEmpty()
                    || (!isHinted(attempt.failure().get()) && !shared.retries().allows(target))) {
                continue;
            }
            Availability availability = shared.health().availability(target, now);
            boolean isCooling = availability.state() == Availability.State.COOLING;
            long in = Math.max(wait.getAsLong(), isCooling ? availability.until() - now : 0);
            if (soonest.isEmpty() || in <= soonest.get().delay()) {
                soonest = Optional.of(new LastOne(attempt, in));
            }
        }
        return soonest;
    }

    /** Whether the provider named a time to wait for; one of no length says nothing. */
    private static boolean isHinted(Failure failure) {
        return failure.retryAfter().orElse(0) > 0;
    }

    /** Empty if waiting does not help, or the number of retries was set. */
    private OptionalLong waitAlone(Attempt attempt, int round, long now) {
        Failure failure = attempt.failure().orElseThrow();
        RetryPolicy policy = attempt.step.retry();
        boolean hadNoCapacity = failure.concern() != Concern.REQUEST
                && switch (failure.kind()) {
                    case OVERLOADED, NOT_READY, RATE_LIMITED -> true;
                    case SERVER_ERROR -> failure.status() == 503 || failure.status() == 529;
                    default -> false;
                };
        if (!policy.persistent() || !hadNoCapacity || !hintFits(failure, policy)) {
            return OptionalLong.empty();
        }
        long backoff = policy.backoff(round + 1, random);
        // A hint counts from when it was given; a very short one that is repeated does not permit hammering.
        return OptionalLong.of(
                isHinted(failure)
                        ? Math.max(failure.retryAfter().getAsLong() - attempt.endedFor(now), round > 0 ? backoff : 0)
                        : backoff);
    }

    private static boolean hintFits(Failure failure, RetryPolicy policy) {
        OptionalLong hint = failure.retryAfter();
        return hint.isEmpty() || hint.getAsLong() <= policy.patience().toNanos();
    }
}
