package dev.understudy.gateway.quota;

/**
 * A limit per minute, as a bucket that is refilled evenly: of this process alone, or of all replicas together. All event loops use
 * it. Times are those of {@link System#nanoTime()}.
 */
interface RateLimit {
    /** How much may be used in a minute. */
    int perMinute();

    /**
     * Takes an amount if something is left.
     *
     * @param least how much must be left: less than {@code amount} lets the bucket become overdrawn
     * @return whether it was taken
     */
    boolean take(long amount, long least, long now);

    /** Takes an amount whatever is left, or gives back a negative one. */
    void adjust(long amount, long now);

    /** How much is left; 0 if it is overdrawn. */
    long remaining(long now);

    /** Nanoseconds until an amount is left; 0 if it is. */
    long untilLeft(long amount, long now);

    /** Nanoseconds until all of it is left. */
    long untilFull(long now);
}
