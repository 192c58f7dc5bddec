package dev.understudy.engine;

import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps retries a small part of the traffic, so that a provider in trouble is not hammered by everybody at once.
 *
 * <p>One token bucket per provider's site: a failure takes a token, a success gives a fraction of one back, and retries are
 * allowed while the bucket is more than half full.
 *
 * @see <a href="https://github.com/grpc/proposal/blob/master/A6-client-retries.md#throttling-retry-attempts-and-hedged-rpcs">gRPC
 *     proposal A6, throttling</a>
 */
public final class RetryBudget {
    /** Room for fifty failures in a row before retries stop: enough for a blip, too little for a storm. */
    private static final double FULL = 100;

    private final double gainPerSuccess;
    private final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();

    /** @param ratio how many retries per success are sustainable: 0.1 for ten percent; 0 turns retries off for good once half the bucket is spent */
    public RetryBudget(double ratio) {
        if (!(ratio >= 0 && ratio <= 1)) {
            throw new IllegalArgumentException("a retry budget is a share from 0 to 1, not " + ratio);
        }
        this.gainPerSuccess = ratio;
    }

    /** The usual ten percent. */
    public static RetryBudget ofDefaults() {
        return new RetryBudget(0.1);
    }

    boolean allows(String site) {
        Bucket bucket = buckets.get(site);
        return bucket == null || bucket.isMoreThanHalfFull();
    }

    void failed(String site) {
        buckets.computeIfAbsent(site, name -> new Bucket()).add(-1);
    }

    void succeeded(String site) {
        Bucket bucket = buckets.get(site);
        if (bucket != null) {
            bucket.add(gainPerSuccess);
        }
    }

    private static final class Bucket {
        private double tokens = FULL;

        synchronized void add(double amount) {
            tokens = Math.min(FULL, Math.max(0, tokens + amount));
        }

        synchronized boolean isMoreThanHalfFull() {
            return tokens > FULL / 2;
        }
    }
}
