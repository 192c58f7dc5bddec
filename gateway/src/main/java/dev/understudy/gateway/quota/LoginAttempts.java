package dev.understudy.gateway.quota;

import com.github.benmanes.caffeine.cache.Cache;
import dev.understudy.protocol.BoundedCaches;
import java.util.concurrent.TimeUnit;

/**
 * Limits how many wrong admin keys an address can present: {@value #PER_MINUTE} at once, which come back over a minute. While it is
 * at the limit its keys are not compared, since a right one among many wrong ones must not be found either. Other addresses are not
 * concerned.
 *
 * <p>The same wrong key again is no further attempt: a page or a monitoring system that was given an old key repeats it without end,
 * and must not keep the operator out.
 *
 * <p>Shared by all event loops. Of addresses beyond a number, those that tried least are forgotten.
 */
public final class LoginAttempts {
    static final int PER_MINUTE = 10;
    private static final int MOST_ADDRESSES = 10_000;

    private final Cache<Object, Attempts> byAddress = BoundedCaches.ofSize(MOST_ADDRESSES);

    /** What came from one address. */
    private static final class Attempts {
        private final RateBucket bucket;
        private volatile String lastDigest = "";

        private Attempts(long now) {
            bucket = new RateBucket(PER_MINUTE, now);
        }
    }

    /**
     * In how many seconds a key of this address is compared again, rounded up; 0 if it is now.
     *
     * @param address or network
     * @param now by {@link System#nanoTime()}
     */
    public long secondsToWait(Object address, long now) {
        Attempts known = byAddress.getIfPresent(address);
        long nanos = known == null ? 0 : known.bucket.untilLeft(1, now);
        return TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1);
    }

    /** About how many addresses are remembered. */
    long addresses() {
        return byAddress.estimatedSize();
    }

    /** The address has presented a wrong key. */
    public void wrong(Object address, String presented, long now) {
        Attempts known = byAddress.get(address, first -> new Attempts(now));
        String digest = GatewayKeys.digestOf(presented);
        if (!digest.equals(known.lastDigest)) {
            known.lastDigest = digest;
            known.bucket.take(1, 1, now);
        }
    }
}
