package dev.understudy.protocol.answer;

import java.util.OptionalLong;

/**
 * What of a request decides whether an answer to it is good.
 *
 * @param emptyAllowed whether a blank answer is welcome ({@code accept.empty})
 * @param choices how many choices were requested ({@code n}), at least 1
 * @param limited whether the caller set a limit of its own on the length of the answer, in whichever word of its dialect:
 *     under such a limit an answer may end before its first word
 * @param shortOnPurpose whether that limit is 1 token or less
 * @param stopSequences whether the request has stop sequences: the first word may have been one
 */
public record AnswerRules(
        boolean emptyAllowed, int choices, boolean limited, boolean shortOnPurpose, boolean stopSequences) {

    /** For a request with nothing special in it. */
    public static final AnswerRules DEFAULT = new AnswerRules(false, 1, false, false, false);

    public AnswerRules {
        if (choices < 1) {
            throw new IllegalArgumentException("choices must be at least 1: " + choices);
        }
    }

    /**
     * @param emptyAllowed whether a blank answer is welcome
     * @param n the request's {@code n}
     * @param maxTokens the limit that the caller set on the answer ({@code max_tokens}, {@code max_output_tokens} and so
     *     on); empty if it set none, whatever limit the target then gets
     * @param stopSequences whether it has {@code stop}
     */
    public static AnswerRules of(boolean emptyAllowed, int n, OptionalLong maxTokens, boolean stopSequences) {
        return new AnswerRules(
                emptyAllowed,
                Math.max(1, n),
                maxTokens.isPresent(),
                maxTokens.isPresent() && maxTokens.getAsLong() <= 1,
                stopSequences);
    }

    /** The same, where an answer with nothing in it is welcome. */
    public AnswerRules allowingEmpty() {
        return new AnswerRules(true, choices, limited, shortOnPurpose, stopSequences);
    }

    /**
     * Whether an answer with nothing in it is valid, given the reason for which it ended; empty if it gave none. {@code
     * length} is a reason only under a limit of the caller's: without one it is the target that had no room, mostly
     * because a model reasoned until nothing was left for the answer.
     */
    public boolean allowBlank(String finishReason) {
        return emptyAllowed || shortOnPurpose || stopSequences || (limited && finishReason.equals("length"));
    }
}
