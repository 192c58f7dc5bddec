package dev.understudy.protocol.answer;

import java.util.OptionalLong;

/**
 * What of a request decides whether an answer to it is good.
 *
 * @param emptyAllowed whether a blank answer is welcome ({@code accept.empty})
 * @param choices how many choices were asked for ({@code n}), at least 1
 * @param shortOnPurpose whether {@code max_tokens} or {@code max_completion_tokens} is 1 or less
 * @param stopSequences whether the request has stop sequences: the first word may have been one
 */
public record AnswerRules(boolean emptyAllowed, int choices, boolean shortOnPurpose, boolean stopSequences) {

    /** For a request with nothing special in it. */
    public static final AnswerRules DEFAULT = new AnswerRules(false, 1, false, false);

    public AnswerRules {
        if (choices < 1) {
            throw new IllegalArgumentException("choices must be at least 1: " + choices);
        }
    }

    /**
     * @param emptyAllowed whether a blank answer is welcome
     * @param n the request's {@code n}
     * @param maxTokens its {@code max_completion_tokens}, else its {@code max_tokens}
     * @param stopSequences whether it has {@code stop}
     */
    public static AnswerRules of(boolean emptyAllowed, int n, OptionalLong maxTokens, boolean stopSequences) {
        return new AnswerRules(
                emptyAllowed, Math.max(1, n), maxTokens.isPresent() && maxTokens.getAsLong() <= 1, stopSequences);
    }

    /** The same, where an answer with nothing in it is welcome. */
    public AnswerRules allowingEmpty() {
        return new AnswerRules(true, choices, shortOnPurpose, stopSequences);
    }

    /** Whether an answer with nothing in it is valid, given the reason for which it ended; empty if it gave none. */
    public boolean allowBlank(String finishReason) {
        return emptyAllowed || shortOnPurpose || stopSequences || finishReason.equals("length");
    }
}
