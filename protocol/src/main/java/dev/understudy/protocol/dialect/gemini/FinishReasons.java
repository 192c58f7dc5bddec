package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Finish.Reason;
import java.util.Set;

/**
 * Maps {@code finishReason} to the neutral finish reason and back.
 *
 * @see <a href="https://ai.google.dev/api/generate-content#FinishReason">Gemini API: FinishReason</a>
 */
final class FinishReasons {
    /** Reasons of withheld answers, which callers of this dialect may receive unchanged. */
    private static final Set<String> WITHHELD = Set.of(
            "SAFETY",
            "RECITATION",
            "LANGUAGE",
            "BLOCKLIST",
            "PROHIBITED_CONTENT",
            "SPII",
            "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT",
            "IMAGE_RECITATION",
            "ESCALATION",
            "MODEL_ARMOR",
            "JAILBREAK");

    private FinishReasons() {}

    /** Whether the answer has ended. */
    static boolean isFinish(String word) {
        return !word.isEmpty() && !word.equals("FINISH_REASON_UNSPECIFIED");
    }

    /**
     * @param message {@code finishMessage}, which matters only where something went wrong
     * @param calls whether the answer has function calls, for which Gemini has no reason of its own
     */
    static Finish read(String word, String message, boolean calls) {
        Finish finish = Finish.of(reason(word, calls), word);
        return finish.reason() == Reason.BREAKDOWN ? finish.explained(message) : finish;
    }

    private static Reason reason(String word, boolean calls) {
        if (WITHHELD.contains(word)) {
            return Reason.CONTENT_FILTER;
        }
        return switch (word) {
            case "STOP" -> calls ? Reason.TOOL_CALLS : Reason.STOP;
            case "MAX_TOKENS" -> Reason.LENGTH;
            // The model produced malformed output; a retry usually succeeds.
            case "MALFORMED_FUNCTION_CALL",
                    "MALFORMED_RESPONSE",
                    "UNEXPECTED_TOOL_CALL",
                    "TOO_MANY_TOOL_CALLS",
                    "MISSING_THOUGHT_SIGNATURE" -> Reason.BREAKDOWN;
            default -> Reason.OTHER;
        };
    }

    /** A refused prompt is a withheld answer. */
    static Finish blocked(String blockReason) {
        return Finish.of(Reason.CONTENT_FILTER, blockReason);
    }

    static String written(Finish finish) {
        return switch (finish.reason()) {
            case STOP, STOP_SEQUENCE, TOOL_CALLS -> "STOP";
            // A paused turn is not complete, and Gemini has no other reason for that.
            case LENGTH, PAUSE -> "MAX_TOKENS";
            case CONTENT_FILTER, REFUSAL -> WITHHELD.contains(finish.word()) ? finish.word() : "SAFETY";
            case BREAKDOWN, OTHER -> "OTHER";
        };
    }
}
