package dev.understudy.protocol.neutral;

/**
 * Why an answer ended.
 *
 * @param reason in the neutral form
 * @param word the vendor's own reason, kept for its own dialect and for logs
 * @param stopSequence the text that ended it, if the vendor reports it; empty otherwise
 * @param message the vendor's explanation of a breakdown, such as Gemini's {@code finishMessage}; empty if it gave none
 */
public record Finish(Reason reason, String word, String stopSequence, String message) {

    /** The reasons that vendors have in common. */
    public enum Reason {
        /** The model was done. */
        STOP,
        /** A stop sequence of the caller. */
        STOP_SEQUENCE,
        /** The output limit was reached, or the context window was full. */
        LENGTH,
        /** The model waits for results of tools. */
        TOOL_CALLS,
        /** A filter withheld the answer or the rest of it. */
        CONTENT_FILTER,
        /** The model refused. */
        REFUSAL,
        /** The vendor paused a long turn, which can be continued (Anthropic's {@code pause_turn}). */
        PAUSE,
        /** The provider failed, or its model produced what it cannot pass on; the answer has no proper end. */
        BREAKDOWN,
        /** Any other reason; only the vendor's word describes it. */
        OTHER
    }

    public Finish(Reason reason, String word, String stopSequence) {
        this(reason, word, stopSequence, "");
    }

    public static Finish of(Reason reason, String word) {
        return new Finish(reason, word, "");
    }

    /** The same with the vendor's explanation. */
    public Finish explained(String text) {
        return new Finish(reason, word, stopSequence, text);
    }
}
