package dev.understudy.engine;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When and how often a target is tried again within one call, before the next one is.
 *
 * @param attempts how many more times the same target may be tried; 0 for never
 * @param base the first backoff's upper bound
 * @param cap every backoff's upper bound
 * @param patience the longest wait that a provider's hint may impose on a call
 * @param persistent whether, when no other target is left, one without capacity (429, 503, 529) is retried with backoff
 *     while the deadline and the retry budget last; false where the number of retries was set
 */
public record RetryPolicy(int attempts, Duration base, Duration cap, Duration patience, boolean persistent) {

    public RetryPolicy(int attempts, Duration base, Duration cap, Duration patience) {
        this(attempts, base, cap, patience, false);
    }

    public static RetryPolicy ofDefaults() {
        return new RetryPolicy(1, Duration.ofMillis(250), Duration.ofSeconds(4), Duration.ofSeconds(3), true);
    }

    /**
     * The wait before retry number {@code retry} (from 0), in nanoseconds: full jitter, {@code U(0, min(cap, base·2ⁿ))}.
     *
     * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential backoff and
     *     jitter</a>
     */
    long backoff(int retry, RandomGenerator random) {
        long bound = Growth.doubled(base.toNanos(), retry, cap.toNanos());
        return bound <= 0 ? 0 : random.nextLong(bound + 1);
    }
}
