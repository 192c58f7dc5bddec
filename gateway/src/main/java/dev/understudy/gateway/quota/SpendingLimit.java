package dev.understudy.gateway.quota;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An amount that may be spent in a day or a month of UTC. It begins anew at midnight or on the first of the month. It is kept
 * in memory only. All event loops use it without locks.
 */
final class SpendingLimit {
    private final Period period;
    private final long most;
    private final AtomicReference<Spent> spent;

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

        private LocalDate first(Instant now) {
            LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
            return this == DAY ? today : today.withDayOfMonth(1);
        }

        private LocalDate next(Instant now) {
            return this == DAY ? first(now).plusDays(1) : first(now).plusMonths(1);
        }
    }

    /** @param since the first day of the period, in days since 1970 */
    private record Spent(long since, long picodollars) {}

    /** @param most in picodollars */
    SpendingLimit(Period period, long most) {
        this(period, most, new AtomicReference<>(new Spent(0, 0)));
    }

    private SpendingLimit(Period period, long most, AtomicReference<Spent> spent) {
        this.period = period;
        this.most = most;
        this.spent = spent;
    }

    /** Another amount for the same period, of which the same has been spent. */
    SpendingLimit changedTo(long otherMost) {
        return new SpendingLimit(period, otherMost, spent);
    }

    Period period() {
        return period;
    }

    long most() {
        return most;
    }

    /** Whether nothing may be spent any more. */
    boolean isUsedUp(Instant now) {
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
            long before = known.since == current ? known.picodollars : 0;
            return new Spent(current, before + (picodollars < 0 && reservedIn != current ? 0 : picodollars));
        });
    }

    private long since(Instant now) {
        return period.first(now).toEpochDay();
    }

    /** The time until the next period. */
    Duration untilNext(Instant now) {
        return Duration.between(now, period.next(now).atStartOfDay(ZoneOffset.UTC));
    }
}
