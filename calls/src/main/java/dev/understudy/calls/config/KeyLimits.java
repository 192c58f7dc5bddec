package dev.understudy.calls.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
     * Reads limits with the keys that they have in {@code server.keys}. Text is taken as it is: variables of the environment are
     * not filled in.
     *
     * @throws InvalidSettings with everything that is wrong with them
     */
    public static KeyLimits of(ObjectNode limits) throws InvalidSettings {
        return KeyLimitsReader.read(limits, Optional.empty());
    }

    /**
     * The same for limits that are new.
     *
     * @param providers the names that there are; another is a problem
     * @throws InvalidSettings with everything that is wrong with them
     */
    public static KeyLimits of(ObjectNode limits, Set<String> providers) throws InvalidSettings {
        return KeyLimitsReader.read(limits, Optional.of(providers));
    }

    /** The limits as {@link #of} reads them. */
    public ObjectNode tree() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        if (!models.isAny()) {
            models.patterns().forEach(tree.putArray("models")::add);
        }
        if (!providers.isEmpty()) {
            providers.stream().sorted().forEach(tree.putArray("providers")::add);
        }
        requestsPerMinute.ifPresent(most -> tree.put("requests-per-minute", most));
        tokensPerMinute.ifPresent(most -> tree.put("tokens-per-minute", most));
        maxConcurrentCalls.ifPresent(most -> tree.put("max-concurrent-calls", most));
        if (budget.isLimited()) {
            ObjectNode amounts = tree.putObject("budget");
            budget.day().ifPresent(most -> amounts.put("day", most));
            budget.month().ifPresent(most -> amounts.put("month", most));
            if (budget.refusesUnpriced()) {
                amounts.put("unpriced", "refuse");
            }
        }
        expires.ifPresent(end -> tree.put("expires", end.toString()));
        return tree;
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
