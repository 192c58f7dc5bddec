package dev.understudy.gateway.quota;

import java.time.Instant;

/** What a running call has reserved of its key's limits. It belongs to the event loop of the call. */
public final class Reservation {
    private final KeyQuota quota;
    private final long tokens;
    private final long cost;
    private final Instant at;
    private boolean settled;

    Reservation(KeyQuota quota, long tokens, long cost, Instant at) {
        this.quota = quota;
        this.tokens = tokens;
        this.cost = cost;
        this.at = at;
    }

    /** The estimate of the prompt's tokens. */
    public long tokens() {
        return tokens;
    }

    /** The estimate of what the prompt costs, in picodollars. */
    public long cost() {
        return cost;
    }

    /** The call was answered by a target whose price is not known. */
    public void countedAsFree(String target) {
        quota.countedAsFree(target);
    }

    Instant at() {
        return at;
    }

    /**
     * The call has ended; only the first time counts.
     *
     * @param usedTokens of prompt and answer
     * @param paid what they cost, in picodollars
     * @param now by {@link System#nanoTime()}
     * @param end the same time of day
     */
    public void settle(long usedTokens, long paid, long now, Instant end) {
        if (!settled) {
            settled = true;
            quota.settle(this, usedTokens, paid, now, end);
        }
    }
}
