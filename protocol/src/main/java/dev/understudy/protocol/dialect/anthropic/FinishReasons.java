package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Finish.Reason;

/**
 * Maps {@code stop_reason} to the neutral finish reason and back.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons">Handling stop reasons</a>
 */
final class FinishReasons {

    private FinishReasons() {}

    /** @param stopSequence the stop sequence that ended the answer; empty if none did */
    static Finish finish(String word, String stopSequence) {
        return new Finish(reason(word), word, stopSequence);
    }

    /**
     * The {@code stop_reason} of an answer from any dialect.
     *
     * @param calls whether the answer calls tools, which some vendors do not report as the reason
     * @param refused whether the answer has a refusal
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
            // A compaction waits for the caller to accept the summary and is continued in the same way.
            case "pause_turn", "compaction" -> Reason.PAUSE;
            default -> Reason.OTHER;
        };
    }
}
