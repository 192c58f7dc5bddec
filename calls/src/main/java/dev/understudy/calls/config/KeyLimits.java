package dev.understudy.calls.config;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a key of the gateway may be used for. What is empty is not limited.
 *
 * @param models the names that its callers may call
 * @param providers the providers whose targets may serve its calls; empty for all
 * @param requestsPerMinute how many requests per minute reach a provider
 * @param tokensPerMinute how many tokens per minute its calls use, prompts and answers together
 * @param maxConcurrentCalls how many of its calls may be in progress at once
 * @param budget what its calls may cost
 * @param expires from when on it is not accepted
 */
public record KeyLimits(
        NamePatterns models,
        Set<String> providers,
        OptionalInt requestsPerMinute,
        OptionalInt tokensPerMinute,
        OptionalInt maxConcurrentCalls,
        Budget budget,
        Optional<Instant> expires) {

    /** Every model, without an end. */
    public static final KeyLimits NONE = new KeyLimits(
            NamePatterns.ANY,
            Set.of(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Budget.NONE,
            Optional.empty());

    public KeyLimits {
        providers = Set.copyOf(providers);
    }

    /**
     * What calls may cost, in US dollars.
     *
     * @param day per day in UTC
     * @param month per calendar month in UTC
     * @param refusesUnpriced whether targets without a known price are skipped; otherwise their calls cost nothing
     */
    public record Budget(Optional<BigDecimal> day, Optional<BigDecimal> month, boolean refusesUnpriced) {
        /** Any amount. */
        public static final Budget NONE = new Budget(Optional.empty(), Optional.empty(), false);

        /** Whether there is an amount that must not be exceeded. */
        public boolean isLimited() {
            return day.isPresent() || month.isPresent();
        }
    }

    /** Whether use of the key has to be counted. */
    public boolean countUse() {
        return requestsPerMinute.isPresent()
                || tokensPerMinute.isPresent()
                || maxConcurrentCalls.isPresent()
                || budget.isLimited();
    }
}
