package dev.understudy.gateway.quota;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A limit per minute, as a bucket that is refilled evenly: at once as much as a minute's amount may be used, and what was used
 * comes back over a minute. OpenAI and Anthropic count their own limits in this way.
 *
 * <p>The whole state is one number, the time at which the bucket is full again (the generic cell rate algorithm, ITU-T I.371).
 * Use moves it into the future; it may move further than a minute, by use that was not known when it was admitted, and then
 * nothing is admitted until a minute's distance is reached again. All event loops use it without locks. Times are those of
 * {@link System#nanoTime()}.
 */
public final class RateBucket implements RateLimit {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    /** Less than any amount, and more than the rounding errors. */
    private static final double TINY = 1e-6;

    private final int perMinute;
    private final double nanosEach;
    private final AtomicLong fullAt;

    /** A full bucket. */
    public RateBucket(int perMinute, long now) {
        this.perMinute = perMinute;
        this.nanosEach = (double) MINUTE / perMinute;
        this.fullAt = new AtomicLong(now);
    }

    @Override
    public int perMinute() {
        return perMinute;
    }

    @Override
    public boolean take(long amount, long least, long now) {
        while (true) {
            long full = fullAt.get();
            long from = Math.max(full - now, 0);
            if (from + nanos(least) > MINUTE) {
                return false;
            }
            if (fullAt.compareAndSet(full, now + from + nanos(amount))) {
                return true;
            }
        }
    }

    @Override
    public void adjust(long amount, long now) {
        long nanos = nanos(amount);
        fullAt.getAndUpdate(full -> (nanos > 0 && full - now < 0 ? now : full) + nanos);
    }

    @Override
    public long remaining(long now) {
        long used = Math.max(fullAt.get() - now, 0);
        return Math.max(0, (long) ((MINUTE - used) / nanosEach + TINY));
    }

    @Override
    public long untilLeft(long amount, long now) {
        return Math.max(0, fullAt.get() - now + nanos(amount) - MINUTE);
    }

    @Override
    public long untilFull(long now) {
        return Math.max(0, fullAt.get() - now);
    }

    private long nanos(long amount) {
        return (long) (amount * nanosEach);
    }
}
