package dev.understudy.gateway.quota;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An amount that may be spent in a day or a month of UTC. It begins anew at midnight or on the first of the month. All event loops
 * use it without locks.
 *
 * <p>It is kept in memory. Where replicas share it, the sum of all is in Valkey too: each replica adds there what it has spent, within
 * a quarter of a second, and decides by the sum that it knew last with what it has spent since.
 */
final class SpendingLimit {
    /** Without own spending the sum is looked at this often. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Period period;
    private final long most;
    private final AtomicReference<Spent> spent;
    private final Optional<Account> account;

    /** The time in which an amount may be spent. */
    enum Period {
        DAY("daily"),
        MONTH("monthly");

        private final String adjective;

        Period(String adjective) {
            this.adjective = adjective;
        }

        String adjective() {
            return adjective;
        }

        /** For how many days a sum is of use, with a day for clocks that differ. */
        private int days() {
            return this == DAY ? 2 : 32;
        }

        private LocalDate first(Instant now) {
            LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
            return this == DAY ? today : today.withDayOfMonth(1);
        }

        private LocalDate next(Instant now) {
            return this == DAY ? first(now).plusDays(1) : first(now).plusMonths(1);
        }
    }

    /**
     * @param since the first day of the period, in days since 1970
     * @param unreported how much of it the other replicas do not know
     */
    private record Spent(long since, long picodollars, long unreported) {}

    /** The sum that replicas share. */
    private static final class Account {
        private final String id;
        private final SharedLimits sharing;
        private volatile boolean touched = true;
        /** These belong to the thread of the exchange. */
        private boolean inFlight;

        private long reportedAt;
        private long activeAt;
        private boolean everReported;

        private Account(String id, SharedLimits sharing) {
            this.id = id;
            this.sharing = sharing;
        }
    }

    /**
     * What to add to the sum of all replicas.
     *
     * @param account of this key and this period
     * @param since the first day of the period
     * @param known what is known of the sum without {@code amount}
     * @param days for how long the sum is needed
     */
    record Report(String account, long since, long amount, long known, int days) {}

    /** @param most in picodollars */
    SpendingLimit(Period period, long most) {
        this(period, most, new AtomicReference<>(new Spent(0, 0, 0)), Optional.empty());
    }

    private SpendingLimit(Period period, long most, AtomicReference<Spent> spent, Optional<Account> account) {
        this.period = period;
        this.most = most;
        this.spent = spent;
        this.account = account;
    }

    /** The same budget, which replicas share from now on. */
    SpendingLimit shared(String id, SharedLimits sharing) {
        SpendingLimit shared = new SpendingLimit(period, most, spent, Optional.of(new Account(id, sharing)));
        sharing.isUsed(shared);
        return shared;
    }

    /** Another amount for the same period, of which the same has been spent. */
    SpendingLimit changedTo(long otherMost) {
        SpendingLimit changed = new SpendingLimit(period, otherMost, spent, account);
        account.ifPresent(shared -> shared.sharing.isUsed(changed));
        return changed;
    }

    Period period() {
        return period;
    }

    long most() {
        return most;
    }

    /** Whether nothing may be spent any more. */
    boolean isUsedUp(Instant now) {
        touch();
        return spent(now) >= most;
    }

    /** What has been spent in the current period, with what is reserved. */
    long spent(Instant now) {
        Spent known = spent.get();
        return known.since == since(now) ? known.picodollars : 0;
    }

    /** Adds an amount. A negative one, which gives back a reservation, counts only in the period in which that was made. */
    void add(long picodollars, Instant reservedAt, Instant now) {
        long reservedIn = since(reservedAt);
        long current = since(now);
        spent.updateAndGet(known -> {
            long more = picodollars < 0 && reservedIn != current ? 0 : picodollars;
            return known.since == current
                    ? new Spent(current, known.picodollars + more, known.unreported + more)
                    : new Spent(current, more, more);
        });
        touch();
    }

    private void touch() {
        if (account.isPresent() && !account.get().touched) {
            account.get().touched = true;
            account.get().sharing.isUsed(this);
        }
    }

    /**
     * What to exchange now, if anything; it must be answered by {@link #reported} or {@link #notReported}. For one thread, as those
     * are.
     */
    Optional<Report> report(long now, Instant at) {
        Account shared = account.orElseThrow();
        if (shared.inFlight || (!shared.touched && shared.everReported)) {
            return Optional.empty();
        }
        long current = since(at);
        long amount = spent.get().since == current ? spent.get().unreported : 0;
        if (shared.everReported && amount == 0 && now - shared.reportedAt < LOOK_NANOS) {
            return Optional.empty();
        }
        shared.touched = false;
        shared.reportedAt = now;
        shared.activeAt = now;
        shared.everReported = true;
        shared.inFlight = true;
        Spent told = spent.updateAndGet(known -> known.since == current
                ? new Spent(current, known.picodollars, known.unreported - amount)
                : new Spent(current, 0, 0));
        return Optional.of(new Report(
                shared.id + ":" + period.name().toLowerCase(Locale.ROOT) + ":" + current,
                current,
                amount,
                told.picodollars - told.unreported - amount,
                period.days()));
    }

    /** @param total of all replicas, with the report */
    void reported(Report report, long total) {
        account.orElseThrow().inFlight = false;
        spent.updateAndGet(known -> known.since == report.since()
                ? new Spent(known.since, total + known.unreported, known.unreported)
                : known);
    }

    void notReported(Report report) {
        Account shared = account.orElseThrow();
        shared.inFlight = false;
        shared.touched = true;
        spent.updateAndGet(known -> known.since == report.since()
                ? new Spent(known.since, known.picodollars, known.unreported + report.amount())
                : known);
    }

    /** Whether nothing has been exchanged for a while, and nothing has to be. */
    boolean wasQuietFor(long nanos, long now) {
        Account shared = account.orElseThrow();
        return !shared.inFlight && !shared.touched && now - shared.activeAt > nanos;
    }

    private long since(Instant now) {
        return period.first(now).toEpochDay();
    }

    /** The time until the next period. */
    Duration untilNext(Instant now) {
        return Duration.between(now, period.next(now).atStartOfDay(ZoneOffset.UTC));
    }
}
