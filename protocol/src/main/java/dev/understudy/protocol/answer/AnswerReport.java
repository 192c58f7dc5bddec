package dev.understudy.protocol.answer;

/**
 * What a provider reports about its answer beside the tokens, for traces.
 *
 * @param model that gave the answer, as the provider names it; empty if it does not
 * @param finishReason why the choice ended that ended first, by the names of Chat Completions: {@code stop}, {@code length},
 *     {@code tool_calls}, {@code content_filter}; empty if the answer has no end, or is no conversation's
 */
public record AnswerReport(String model, String finishReason) {
    /** Nothing was reported. */
    public static final AnswerReport NONE = new AnswerReport("", "");
}
