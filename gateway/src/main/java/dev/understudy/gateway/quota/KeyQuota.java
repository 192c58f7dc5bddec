package dev.understudy.gateway.quota;

import com.github.benmanes.caffeine.cache.Cache;
import dev.understudy.calls.config.KeyLimits;
import dev.understudy.protocol.BoundedCaches;
import dev.understudy.protocol.model.ModelPrice;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The use of one key and its limits, shared by all event loops without locks, but for limits that replicas share.
 *
 * <p>A request is admitted while every limit has something left. What it will use of tokens and money is not known then, so an
 * estimate of its prompt is reserved, and replaced by what it did use when it ends: calls at the same time can exceed a limit
 * by their answers, and later requests wait for that. Rejected requests use nothing.
 */
public final class KeyQuota {
    private static final Logger LOG = LoggerFactory.getLogger(KeyQuota.class);
    private static final Duration SHORTLY = Duration.ofSeconds(1);
    /** Callers may name models freely. */
    private static final int MAX_WARNINGS = 1_000;

    private final String name;
    private final Optional<RateLimit> requests;
    private final Optional<RateLimit> tokens;
    private final OptionalInt mostCalls;
    private final List<SpendingLimit> budgets;
    private final AtomicInteger calls;
    /** The targets without a price that were warned of. */
    private final Cache<String, Boolean> unpriced = BoundedCaches.ofSize(MAX_WARNINGS);

    /**
     * @param before the use of the key until now, under limits that may have been others
     * @param sharing with other replicas; empty for limits of this process alone, but for the number of calls, which always is
     * @param now by {@link System#nanoTime()}
     */
    KeyQuota(String name, KeyLimits limits, Optional<KeyQuota> before, Optional<Sharing> sharing, long now) {
        this.name = name;
        this.requests = rate("requests", limits.requestsPerMinute(), before.flatMap(KeyQuota::requests), sharing, now);
        this.tokens = rate("tokens", limits.tokensPerMinute(), before.flatMap(KeyQuota::tokens), sharing, now);
        this.mostCalls = limits.maxConcurrentCalls();
        this.calls = before.map(quota -> quota.calls).orElseGet(AtomicInteger::new);
        List<SpendingLimit> known = before.map(quota -> quota.budgets).orElse(List.of());
        List<SpendingLimit> spending = new ArrayList<>();
        limits.budget().day().ifPresent(most -> spending.add(budget(SpendingLimit.Period.DAY, most, known, sharing)));
        limits.budget()
                .month()
                .ifPresent(most -> spending.add(budget(SpendingLimit.Period.MONTH, most, known, sharing)));
        this.budgets = List.copyOf(spending);
    }

    /**
     * What a key shares with the same key at other replicas.
     *
     * @param id the same at all replicas, and of no other key
     */
    record Sharing(String id, SharedLimits limits) {}

    /** The same bucket as long as the limit is the same. */
    private static Optional<RateLimit> rate(
            String what, OptionalInt perMinute, Optional<RateLimit> before, Optional<Sharing> sharing, long now) {
        if (perMinute.isEmpty()) {
            return Optional.empty();
        }
        int most = perMinute.getAsInt();
        return before.filter(bucket -> bucket.perMinute() == most)
                .or(() -> Optional.of(sharing.<RateLimit>map(
                                with -> with.limits().rate(with.id() + ":" + what, most, now))
                        .orElseGet(() -> new RateBucket(most, now))));
    }

    private static SpendingLimit budget(
            SpendingLimit.Period period, BigDecimal dollars, List<SpendingLimit> before, Optional<Sharing> sharing) {
        long most = ModelPrice.picodollarsOf(dollars);
        return before.stream()
                .filter(known -> known.period() == period)
                .findFirst()
                .map(known -> known.changedTo(most))
                .orElseGet(() -> {
                    SpendingLimit limit = new SpendingLimit(period, most);
                    return sharing.map(with -> limit.shared(with.id(), with.limits()))
                            .orElse(limit);
                });
    }

    /** A call was answered by a target whose price is not known: warns once of each target, if the key has a budget. */
    public void countedAsFree(String target) {
        if (!budgets.isEmpty() && unpriced.getIfPresent(target) == null) {
            unpriced.put(target, true);
            LOG.warn("calls of {} do not count for the budget of key '{}': set prices for it", target, name);
        }
    }

    /** Whether tokens count for a limit, so that a prompt has to be estimated. */
    public boolean countsTokens() {
        return tokens.isPresent() || !budgets.isEmpty();
    }

    /** Whether there is a limit per minute, which response headers tell. */
    public boolean hasRates() {
        return requests.isPresent() || tokens.isPresent();
    }

    Optional<RateLimit> requests() {
        return requests;
    }

    Optional<RateLimit> tokens() {
        return tokens;
    }

    /** How many calls are in progress. */
    public int callsInProgress() {
        return calls.get();
    }

    /**
     * What was spent of each budget in its current period, in picodollars, with what is reserved.
     *
     * @return by {@code day} and {@code month}, as far as there is a budget
     */
    public Map<String, Long> spentByPeriod(Instant at) {
        Map<String, Long> spent = new LinkedHashMap<>();
        budgets.forEach(budget -> spent.put(budget.period().name().toLowerCase(Locale.ROOT), budget.spent(at)));
        return spent;
    }

    /** What was spent in the current day and month, in picodollars, with what is reserved; in the order of the budgets. */
    List<Long> spent(Instant at) {
        return budgets.stream().map(budget -> budget.spent(at)).toList();
    }

    /**
     * Admits a call, which is in progress until the reservation is settled.
     *
     * @param promptTokens an estimate
     * @param cost of the prompt, an estimate in picodollars
     * @param now by {@link System#nanoTime()}
     * @param at the same time of day
     * @throws QuotaExceeded if a limit is reached; nothing is reserved then
     */
    public Reservation admit(long promptTokens, long cost, long now, Instant at) throws QuotaExceeded {
        int running = calls.incrementAndGet();
        if (mostCalls.isPresent() && running > mostCalls.getAsInt()) {
            calls.decrementAndGet();
            throw new QuotaExceeded(
                    "concurrent_calls_exceeded",
                    "The key '" + name + "' has " + mostCalls.getAsInt()
                            + " calls in progress, which is its limit. Wait for one of them to end.",
                    SHORTLY);
        }
        try {
            take(promptTokens, now, at);
        } catch (QuotaExceeded exceeded) {
            calls.decrementAndGet();
            throw exceeded;
        }
        budgets.forEach(budget -> budget.add(cost, at, at));
        return new Reservation(this, promptTokens, cost, at);
    }

    private void take(long promptTokens, long now, Instant at) throws QuotaExceeded {
        for (SpendingLimit budget : budgets) {
            if (budget.isUsedUp(at)) {
                throw new QuotaExceeded(
                        budget.period().adjective() + "_budget_exceeded",
                        "The key '" + name + "' has used up its "
                                + budget.period().adjective() + " budget of "
                                + ModelPrice.dollars(budget.most()).toPlainString()
                                + " US dollars. The next one begins in "
                                + told(budget.untilNext(at)) + ".",
                        budget.untilNext(at));
            }
        }
        if (requests.isPresent() && !requests.get().take(1, 1, now)) {
            throw exceeded(requests.get(), "requests", requests.get().untilLeft(1, now));
        }
        // A prompt larger than the limit would never be admitted if all of it had to be left.
        if (tokens.isPresent() && !tokens.get().take(promptTokens, 1, now)) {
            requests.ifPresent(bucket -> bucket.adjust(-1, now));
            throw exceeded(tokens.get(), "tokens", tokens.get().untilLeft(1, now));
        }
    }

    private QuotaExceeded exceeded(RateLimit bucket, String what, long nanos) {
        Duration wait = Duration.ofNanos(nanos);
        return new QuotaExceeded(
                what + "_per_minute_exceeded",
                "The key '" + name + "' has reached its limit of " + bucket.perMinute() + " " + what
                        + " per minute. Try again in " + told(wait) + ".",
                wait);
    }

    /** Whole seconds, rounded up, or larger units. */
    private static String told(Duration wait) {
        long seconds = Math.max(1, wait.plusNanos(999_999_999).toSeconds());
        if (seconds < 120) {
            return seconds + "s";
        }
        return seconds < 7_200 ? (seconds + 59) / 60 + "m" : (seconds + 3_599) / 3_600 + "h";
    }

    void settle(Reservation reserved, long usedTokens, long cost, long now, Instant at) {
        calls.decrementAndGet();
        tokens.ifPresent(bucket -> bucket.adjust(usedTokens - reserved.tokens(), now));
        for (SpendingLimit budget : budgets) {
            budget.add(-reserved.cost(), reserved.at(), at);
            budget.add(cost, at, at);
        }
    }
}
