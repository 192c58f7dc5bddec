package dev.understudy.simulator.world;

/** A provider's own count of how many requests a key has left. */
public final class TokenBucket {
    private static final double NANOS = 1e9;

    private final RateLimit limit;
    private double tokens;
    private long since;

    public TokenBucket(RateLimit limit) {
        this.limit = limit;
        this.tokens = limit.burst();
    }

    /** Takes a token; false if there is none. Times must not go back. */
    public boolean take(long now) {
        tokens = level(now);
        since = now;
        if (tokens < 1) {
            return false;
        }
        tokens -= 1;
        return true;
    }

    /** Whether one could be taken. */
    public boolean has(long now) {
        return level(now) >= 1;
    }

    /** Nanoseconds until there is one again. */
    public long untilNext(long now) {
        return (long) Math.ceil(Math.max(0, 1 - level(now)) / limit.perSecond() * NANOS);
    }

    private double level(long now) {
        return Math.min(limit.burst(), tokens + (now - since) / NANOS * limit.perSecond());
    }
}
