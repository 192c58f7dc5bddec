package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Finish.Reason;

/**
 * Anthropic's words for why an answer ended.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons">Handling stop reasons</a>
 */
final class FinishReasons {

    private FinishReasons() {}

    /** @param stopSequence which one it was; empty if none */
    static Finish finish(String word, String stopSequence) {
        return new Finish(reason(word), word, stopSequence);
    }

    /**
     * The word for an answer of any vendor's.
     *
     * @param calls whether it asks for tools, which some vendors end like any other answer
     * @param refused whether it holds words of a refusal
     */
    static String word(Finish finish, boolean calls, boolean refused) {
        if (refused) {
            return "refusal";
        }
        if (finish.reason() != Reason.OTHER && reason(finish.word()) == finish.reason()) {
            return finish.word();
        }
        return switch (finish.reason()) {
            case STOP, OTHER, BREAKDOWN -> calls ? "tool_use" : "end_turn";
            case STOP_SEQUENCE -> "stop_sequence";
            case LENGTH -> "max_tokens";
            case TOOL_CALLS -> "tool_use";
            case CONTENT_FILTER, REFUSAL -> "refusal";
            case PAUSE -> "pause_turn";
        };
    }

    private static Reason reason(String word) {
        return switch (word) {
            case "end_turn" -> Reason.STOP;
            case "stop_sequence" -> Reason.STOP_SEQUENCE;
            case "max_tokens", "model_context_window_exceeded" -> Reason.LENGTH;
            case "tool_use" -> Reason.TOOL_CALLS;
            case "refusal" -> Reason.REFUSAL;
            // The second one waits for the caller to look at the summary, and goes on likewise.
            case "pause_turn", "compaction" -> Reason.PAUSE;
            default -> Reason.OTHER;
        };
    }
}
