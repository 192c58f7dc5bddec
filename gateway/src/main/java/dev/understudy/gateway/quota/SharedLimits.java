package dev.understudy.gateway.quota;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * The limits and budgets of keys that all replicas keep together, and what of them has to be exchanged with Valkey. Calls only note
 * here that something is due; {@link #exchange} is called on the thread that exchanges data with Valkey.
 *
 * <p>Everything here is bounded by the number of keys, which are the operator's.
 */
public final class SharedLimits {
    private static final long IDLE = TimeUnit.MINUTES.toNanos(1);

    private final Runnable wake;
    private final Queue<LeasedRate> due = new ConcurrentLinkedQueue<>();
    private final Set<LeasedRate> waiting = ConcurrentHashMap.newKeySet();
    private final Set<LeasedRate> used = ConcurrentHashMap.newKeySet();
    /** All that are in use by keys: as soon as a key is gone, so is its entry. */
    private final Cache<String, LeasedRate> rates =
            Caffeine.newBuilder().weakValues().build();

    private final Set<SpendingLimit> spending = ConcurrentHashMap.newKeySet();
    private volatile boolean connected;
    private volatile int replicas = 1;

    /** Speaks with Valkey; every method returns at once, and its callback comes on the thread of the exchange. */
    public interface Ledger {
        /**
         * Takes what was used from a bucket, or gives back a negative amount, and leases what it grants.
         *
         * @param settle what is taken in any case
         * @param want the most that is leased
         * @param replicas among which the rest is divided
         */
        void lease(String bucket, int perMinute, long settle, long want, int replicas, Leased whenDone);

        /**
         * Adds to what was spent.
         *
         * @param known with what to begin if the sum is lost, in picodollars
         * @param days for how long the sum is kept
         */
        void spend(String account, long amount, long known, int days, Spent whenDone);
    }

    /** The answer to {@link Ledger#lease}. */
    public interface Leased {
        /** @param remaining what is left in the bucket; negative if it is overdrawn */
        void granted(long amount, double remaining, long now);

        /** There was no answer. */
        void failed();
    }

    /** The answer to {@link Ledger#spend}. */
    public interface Spent {
        /** @param total of all replicas, in picodollars */
        void total(long total);

        /** There was no answer. */
        void failed();
    }

    /**
     * What is left in a bucket.
     *
     * @param remaining negative if it is overdrawn
     * @param age nanoseconds since that was so
     */
    public record Left(String bucket, double remaining, long age) {}

    /** @param wake called, by any thread, when something is due; has to return at once */
    public SharedLimits(Runnable wake) {
        this.wake = wake;
    }

    /** A limit that replicas share; the same id names the same bucket everywhere. */
    RateLimit rate(String id, int perMinute, long now) {
        LeasedRate rate = new LeasedRate(id, perMinute, this, now);
        rates.put(id, rate);
        return rate;
    }

    /** Another replica has told what is left in a bucket. */
    public void told(Left left, long now) {
        LeasedRate known = rates.getIfPresent(left.bucket());
        if (known != null) {
            known.told(left, now);
        }
    }

    boolean isConnected() {
        return connected;
    }

    int replicas() {
        return replicas;
    }

    /**
     * Valkey can be reached, or cannot.
     *
     * @param known how many replicas there are, as far as is known
     */
    public void connected(boolean now, int known) {
        replicas = Math.max(1, known);
        connected = now;
    }

    void isDue(LeasedRate rate) {
        used.add(rate);
        if (waiting.add(rate)) {
            due.add(rate);
            wake.run();
        }
    }

    void isUsed(LeasedRate rate) {
        used.add(rate);
    }

    void isUsed(SpendingLimit limit) {
        spending.add(limit);
    }

    /** Exchanges what calls have noted as due. */
    public void exchangeDue(Ledger ledger, long now) {
        // What becomes due meanwhile comes with the next wake.
        for (int i = due.size(); i > 0; i--) {
            LeasedRate rate = due.poll();
            if (rate != null) {
                waiting.remove(rate);
                exchange(rate, ledger, now);
            }
        }
    }

    /** Gives back what is not used, exchanges what was spent, and returns what is left in the buckets in use, for other replicas. */
    public List<Left> exchange(Ledger ledger, long now, Instant at) {
        exchangeDue(ledger, now);
        List<Left> left = new ArrayList<>();
        for (LeasedRate rate : used) {
            exchange(rate, ledger, now);
            left.add(rate.left(now));
        }
        used.removeIf(LeasedRate::isIdle);
        for (SpendingLimit limit : spending) {
            exchange(limit, ledger, now, at);
        }
        return left;
    }

    private static void exchange(LeasedRate rate, Ledger ledger, long now) {
        Optional<LeasedRate.Request> next = rate.request(now);
        next.ifPresent(request -> ledger.lease(
                request.id(), request.perMinute(), request.settle(), request.want(), request.replicas(), new Leased() {
                    @Override
                    public void granted(long amount, double remaining, long at) {
                        rate.granted(request, amount, remaining, at);
                    }

                    @Override
                    public void failed() {
                        rate.failed(request);
                    }
                }));
    }

    private void exchange(SpendingLimit limit, Ledger ledger, long now, Instant at) {
        Optional<SpendingLimit.Report> next = limit.report(now, at);
        if (next.isEmpty()) {
            if (limit.wasQuietFor(IDLE, now)) {
                spending.remove(limit);
            }
            return;
        }
        SpendingLimit.Report report = next.get();
        ledger.spend(report.account(), report.amount(), report.known(), report.days(), new Spent() {
            @Override
            public void total(long total) {
                limit.reported(report, total);
            }

            @Override
            public void failed() {
                limit.notReported(report);
            }
        });
    }
}
