package dev.understudy.protocol.answer;

import java.util.OptionalLong;

/**
 * The tokens that a provider counted; what it did not say is empty.
 *
 * @param promptTokens of the request
 * @param completionTokens of the answer, with its reasoning
 * @param totalTokens of both
 * @param cachedTokens those of the prompt that were read from the provider's cache
 */
public record Usage(
        OptionalLong promptTokens, OptionalLong completionTokens, OptionalLong totalTokens, OptionalLong cachedTokens) {

    /** Nothing was counted. */
    public static final Usage NONE = new Usage(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    /** Counts of a request that used no cache, as far as is known. */
    public Usage(OptionalLong promptTokens, OptionalLong completionTokens, OptionalLong totalTokens) {
        this(promptTokens, completionTokens, totalTokens, OptionalLong.empty());
    }
}
