package dev.understudy.gateway.quota;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A limit per minute that all replicas keep together. The bucket itself is in Valkey; this replica leases small amounts of it in
 * advance and decides by them, so that no call waits for Valkey.
 *
 * <p><b>Leases.</b> The lease is about what was used in the last quarter of a second, and never more than a quarter of this
 * replica's share. What is not used is given back. A replica that dies takes its lease with it, which the refill replaces within
 * seconds.
 *
 * <p><b>Credit.</b> The first call of a quiet key finds no lease, and must not be rejected for that. A replica may therefore use, in
 * advance of the exchange that the call starts, its share of what was left in the bucket when it knew it last: the replicas'
 * shares together are no more than that. Where less than one is left for each, each may use one. The exchange takes what was used on
 * credit from the bucket in any case, and an overdrawn bucket grants nothing, so that the average holds.
 *
 * <p><b>Alone.</b> Without Valkey, each replica applies the whole limit by itself, beginning with what it knew to be left: a lost
 * Valkey rejects no call, and the limit may be exceeded as many times over as there are replicas. When Valkey is back, what each has
 * used and not regained counts in proportion.
 *
 * <p>The state is guarded by its lock, which is held for a few instructions. Told the time, and does no I/O: {@link #request} and
 * {@link #granted} are called on the thread that exchanges data with Valkey.
 */
final class LeasedRate implements RateLimit {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    /** A lease lasts for about this long. */
    private static final double LEASE_SECONDS = 0.25;
    /** A lease is at most this part of a replica's share. */
    private static final int LEASES_IN_SHARE = 4;
    /** An empty bucket is looked at no more often. */
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);
    /** When to try again where another lease will do. */
    private static final long SHORTLY = TimeUnit.MILLISECONDS.toNanos(50);

    private final String id;
    private final int perMinute;
    private final double nanosEach;
    private final SharedLimits sharing;

    private boolean together;
    private RateBucket alone;
    /** Leased and not used yet; negative by what was used on credit. */
    private long held;
    /** Used while this replica was alone, and not told yet. */
    private long owed;
    /** What was in the bucket, without what is leased, at {@code leftAt}; negative if it is overdrawn. */
    private double left;

    private long leftAt;
    /** Whether {@code left} comes from what this replica has used alone, and not from the bucket. */
    private boolean guessed;

    private double usedPerSecond;
    private long usedSinceRequest;
    private long requestedAt;
    private boolean foundNothing;
    private boolean inFlight;
    /** Tells the answer to an exchange from one before a loss. */
    private int exchange;

    /**
     * What to tell Valkey, and what to obtain from it.
     *
     * @param id of the bucket
     * @param settle what was used in advance; negative for what is given back
     * @param want what is to be leased; less may be granted
     * @param replicas among which the rest is divided
     */
    record Request(String id, int perMinute, long settle, long want, int replicas, int exchange) {}

    /** @param now by {@link System#nanoTime()} */
    LeasedRate(String id, int perMinute, SharedLimits sharing, long now) {
        this.id = id;
        this.perMinute = perMinute;
        this.nanosEach = (double) MINUTE / perMinute;
        this.sharing = sharing;
        this.alone = new RateBucket(perMinute, now);
        this.left = perMinute;
        this.leftAt = now;
        this.requestedAt = now;
    }

    String id() {
        return id;
    }

    @Override
    public int perMinute() {
        return perMinute;
    }

    @Override
    public synchronized boolean take(long amount, long least, long now) {
        follow(now);
        if (!together) {
            return alone.take(amount, least, now);
        }
        boolean enough = held + credit(now) >= least;
        if (enough) {
            held -= amount;
            usedSinceRequest += amount;
        } else {
            foundNothing = true;
        }
        exchangeIfLow(now);
        return enough;
    }

    @Override
    public synchronized void adjust(long amount, long now) {
        follow(now);
        if (together) {
            held -= amount;
            usedSinceRequest += Math.max(0, amount);
            exchangeIfLow(now);
        } else {
            alone.adjust(amount, now);
        }
    }

    @Override
    public synchronized long remaining(long now) {
        follow(now);
        return together ? Math.max(0, (long) (held + estimate(now))) : alone.remaining(now);
    }

    @Override
    public synchronized long untilLeft(long amount, long now) {
        follow(now);
        if (!together) {
            return alone.untilLeft(amount, now);
        }
        if (held + credit(now) >= amount) {
            return 0;
        }
        return Math.max(SHORTLY, (long) ((amount - held - estimate(now)) * nanosEach));
    }

    @Override
    public synchronized long untilFull(long now) {
        follow(now);
        return together ? Math.max(0, (long) ((perMinute - held - estimate(now)) * nanosEach)) : alone.untilFull(now);
    }

    /** What the bucket contains now, if nothing was used since this replica knew it last. */
    private double estimate(long now) {
        return Math.min(perMinute, left + Math.max(0, now - leftAt) / nanosEach);
    }

    private double credit(long now) {
        double estimate = estimate(now);
        return estimate < 1 ? 0 : Math.max(1, estimate / sharing.replicas());
    }

    private long lease() {
        double most = (double) perMinute / sharing.replicas() / LEASES_IN_SHARE;
        return (long) Math.min(most, usedPerSecond * LEASE_SECONDS);
    }

    private void exchangeIfLow(long now) {
        boolean pause = foundNothing && now - requestedAt < PAUSE;
        if (!inFlight && !pause && (foundNothing || held < 0 || 2 * held < lease())) {
            sharing.isDue(this);
        } else {
            sharing.isUsed(this);
        }
    }

    /** Changes between the two ways to decide when Valkey was lost, or is back. */
    private void follow(long now) {
        if (together == sharing.isConnected()) {
            return;
        }
        together = !together;
        inFlight = false;
        exchange++;
        if (together) {
            double used = alone.untilFull(now) / nanosEach;
            left = perMinute - used;
            owed = (long) (used / sharing.replicas());
            sharing.isDue(this);
        } else {
            double known = Math.clamp(estimate(now) + held, 0, perMinute);
            alone = new RateBucket(perMinute, now);
            alone.adjust((long) (perMinute - known), now);
            owed = 0;
        }
        held = 0;
        leftAt = now;
        guessed = true;
    }

    /** Whether there is nothing to give back nor to tell. */
    synchronized boolean isIdle() {
        return !inFlight && held == 0 && owed == 0 && usedSinceRequest == 0 && usedPerSecond < 1;
    }

    /** What to exchange now, if anything; it must be answered by {@link #granted} or {@link #failed}. */
    synchronized Optional<Request> request(long now) {
        follow(now);
        if (!together || inFlight) {
            return Optional.empty();
        }
        double seconds = (now - requestedAt) / (double) TimeUnit.SECONDS.toNanos(1);
        if (seconds > 0) {
            double weight = Math.min(1, seconds / LEASE_SECONDS);
            usedPerSecond += weight * (usedSinceRequest / seconds - usedPerSecond);
        }
        usedSinceRequest = 0;
        requestedAt = now;
        long lease = lease();
        long settle = owed + Math.max(0, -held);
        if (settle == 0 && held > 2 * lease) {
            settle = lease - held;
            held = lease;
        }
        long want = Math.max(lease - Math.max(0, held), foundNothing ? 1 : 0);
        if (settle == 0 && want == 0) {
            return Optional.empty();
        }
        inFlight = true;
        return Optional.of(new Request(id, perMinute, settle, want, sharing.replicas(), exchange));
    }

    /** @param remaining what is in the bucket after that; negative if it is overdrawn */
    synchronized void granted(Request request, long amount, double remaining, long now) {
        if (request.exchange() != exchange) {
            return;
        }
        inFlight = false;
        if (request.settle() > 0) {
            held += request.settle() - owed;
            owed = 0;
        }
        held += amount;
        left = remaining;
        leftAt = now;
        guessed = false;
        foundNothing = amount == 0 && request.want() > 0;
        if (held < 0) {
            sharing.isDue(this);
        }
    }

    /** The request was not answered. What it gave back is lost; what it was to settle is told again. */
    synchronized void failed(Request request) {
        if (request.exchange() == exchange) {
            inFlight = false;
        }
    }

    /** Another replica has told what is in the bucket, which is news for a replica that does not use it. */
    synchronized void told(SharedLimits.Left news, long now) {
        follow(now);
        long at = now - news.age();
        if (guessed || at - leftAt > 0) {
            left = Math.min(perMinute, news.remaining());
            leftAt = at;
            guessed = false;
        } else if (leftAt - at < SHORTLY) {
            // Which of two exchanges at the same time came first is not known.
            left = Math.min(left, news.remaining());
        }
    }

    /** What this replica knows to be in the bucket. */
    synchronized SharedLimits.Left left(long now) {
        return new SharedLimits.Left(id, left, Math.max(0, now - leftAt));
    }
}
