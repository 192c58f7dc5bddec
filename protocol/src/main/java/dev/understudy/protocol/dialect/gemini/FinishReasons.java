package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Finish.Reason;
import java.util.Set;

/**
 * Why answers end, in Google's words.
 *
 * @see <a href="https://ai.google.dev/api/generate-content#FinishReason">Gemini API: FinishReason</a>
 */
final class FinishReasons {
    /** Those that an answer to a caller of this dialect may repeat. */
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

    /** Whether this says that the answer has ended. */
    static boolean isFinish(String word) {
        return !word.isEmpty() && !word.equals("FINISH_REASON_UNSPECIFIED");
    }

    /** @param calls whether the answer asks for functions, which Gemini tells by the answer alone */
    static Finish read(String word, boolean calls) {
        return Finish.of(reason(word, calls), word);
    }

    private static Reason reason(String word, boolean calls) {
        if (WITHHELD.contains(word)) {
            return Reason.CONTENT_FILTER;
        }
        return switch (word) {
            case "STOP" -> calls ? Reason.TOOL_CALLS : Reason.STOP;
            case "MAX_TOKENS" -> Reason.LENGTH;
            // The model stumbled over its own output; asked again, it mostly does not.
            case "MALFORMED_FUNCTION_CALL",
                    "MALFORMED_RESPONSE",
                    "UNEXPECTED_TOOL_CALL",
                    "TOO_MANY_TOOL_CALLS",
                    "MISSING_THOUGHT_SIGNATURE" -> Reason.BREAKDOWN;
            default -> Reason.OTHER;
        };
    }

    /** A prompt that was refused is an answer that was withheld. */
    static Finish blocked(String blockReason) {
        return Finish.of(Reason.CONTENT_FILTER, blockReason);
    }

    static String written(Finish finish) {
        return switch (finish.reason()) {
            case STOP, STOP_SEQUENCE, TOOL_CALLS, PAUSE -> "STOP";
            case LENGTH -> "MAX_TOKENS";
            case CONTENT_FILTER, REFUSAL -> WITHHELD.contains(finish.word()) ? finish.word() : "SAFETY";
            case BREAKDOWN, OTHER -> "OTHER";
        };
    }
}
