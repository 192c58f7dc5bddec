package dev.understudy.protocol.model;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What the tokens of a model cost, in picodollars (10<sup>-12</sup> US dollars) per token: whole numbers, so that the sum of
 * many calls is exact. A price of one dollar per million tokens is a million picodollars per token.
 *
 * <p>Tokens that are written to a provider's cache are counted as input. Surcharges for long prompts, discounts for batches and
 * prices of tools and images are not considered.
 *
 * @param input of a token of the prompt
 * @param cachedInput of a token of the prompt that was read from the provider's cache
 * @param output of a token of the answer, reasoning included
 */
public record ModelPrice(long input, long cachedInput, long output) {
    /** Nothing. */
    public static final ModelPrice FREE = new ModelPrice(0, 0, 0);

    private static final int DECIMALS_OF_A_TOKEN = 6;
    private static final int DECIMALS_OF_A_DOLLAR = 12;

    /**
     * A price as vendors state it.
     *
     * @param input US dollars per million tokens; likewise the others
     */
    public static ModelPrice perMillion(BigDecimal input, BigDecimal cachedInput, BigDecimal output) {
        return new ModelPrice(picodollars(input), picodollars(cachedInput), picodollars(output));
    }

    private static long picodollars(BigDecimal dollarsPerMillion) {
        return dollarsPerMillion
                .movePointRight(DECIMALS_OF_A_TOKEN)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    /**
     * The cost of a call in picodollars.
     *
     * @param promptTokens with those that were cached
     */
    public long of(long promptTokens, long cachedTokens, long completionTokens) {
        long cached = Math.clamp(cachedTokens, 0, promptTokens);
        return (promptTokens - cached) * input + cached * cachedInput + completionTokens * output;
    }

    /** A price per token, in picodollars, as vendors state it: in US dollars per million tokens. */
    public static BigDecimal perMillion(long picodollarsPerToken) {
        return withoutZeros(BigDecimal.valueOf(picodollarsPerToken, DECIMALS_OF_A_TOKEN));
    }

    /** Picodollars as US dollars, without zeros at the end. */
    public static BigDecimal dollars(long picodollars) {
        return withoutZeros(BigDecimal.valueOf(picodollars, DECIMALS_OF_A_DOLLAR));
    }

    private static BigDecimal withoutZeros(BigDecimal dollars) {
        BigDecimal shorter = dollars.stripTrailingZeros();
        return shorter.scale() < 0 ? shorter.setScale(0) : shorter;
    }

    /** US dollars as picodollars; the rest of a picodollar is dropped. */
    public static long picodollarsOf(BigDecimal dollars) {
        return dollars.movePointRight(DECIMALS_OF_A_DOLLAR)
                .setScale(0, RoundingMode.DOWN)
                .longValueExact();
    }
}
