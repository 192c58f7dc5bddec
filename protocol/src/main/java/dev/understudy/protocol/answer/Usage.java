package dev.understudy.protocol.answer;

import java.util.OptionalLong;

/**
 * The tokens that a provider counted; what it did not say is empty.
 *
 * @param promptTokens of the request
 * @param completionTokens of the answer, with its reasoning
 * @param totalTokens of both
 */
public record Usage(OptionalLong promptTokens, OptionalLong completionTokens, OptionalLong totalTokens) {

    /** Nothing was counted. */
    public static final Usage NONE = new Usage(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
}
