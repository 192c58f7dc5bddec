package dev.understudy.protocol.neutral;

/**
 * Why an answer ended.
 *
 * @param reason in the neutral form
 * @param word the vendor's own; kept for its own dialect and for logs
 * @param stopSequence the text that ended it, if the vendor says which; empty otherwise
 */
public record Finish(Reason reason, String word, String stopSequence) {

    /** The reasons that vendors have in common. */
    public enum Reason {
        /** The model was done. */
        STOP,
        /** A stop sequence of the caller's. */
        STOP_SEQUENCE,
        /** The limit of tokens, or the context window was full. */
        LENGTH,
        /** It waits for results of tools. */
        TOOL_CALLS,
        /** A filter withheld the answer or the rest of it. */
        CONTENT_FILTER,
        /** The model declined. */
        REFUSAL,
        /** A long turn was paused by the vendor and may be taken up again (Anthropic's {@code pause_turn}). */
        PAUSE,
        /** The provider gave up: not an end of the model's. */
        BREAKDOWN,
        /** Something that only the vendor's word tells. */
        OTHER
    }

    public static Finish of(Reason reason, String word) {
        return new Finish(reason, word, "");
    }
}
