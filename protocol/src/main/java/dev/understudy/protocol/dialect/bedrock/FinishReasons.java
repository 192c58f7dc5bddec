package dev.understudy.protocol.dialect.bedrock;

import dev.understudy.protocol.neutral.Finish;

/**
 * Maps {@code stopReason} to the neutral finish reason and back.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseResponse.html">stopReason</a>
 */
final class FinishReasons {
    private FinishReasons() {}

    static Finish read(String word, String stopSequence) {
        return new Finish(
                switch (word) {
                    case "end_turn" -> Finish.Reason.STOP;
                    case "stop_sequence" -> Finish.Reason.STOP_SEQUENCE;
                    case "max_tokens", "model_context_window_exceeded" -> Finish.Reason.LENGTH;
                    case "tool_use" -> Finish.Reason.TOOL_CALLS;
                    case "guardrail_intervened", "content_filtered" -> Finish.Reason.CONTENT_FILTER;
                    case "refusal" -> Finish.Reason.REFUSAL;
                    case "malformed_model_output", "malformed_tool_use" -> Finish.Reason.BREAKDOWN;
                    default -> Finish.Reason.OTHER;
                },
                word,
                stopSequence);
    }

    /** The {@code stopReason}; {@code end_turn} where Bedrock has none. */
    static String write(Finish finish) {
        return switch (finish.reason()) {
            case STOP, OTHER -> "end_turn";
            case STOP_SEQUENCE -> "stop_sequence";
            // A paused turn is not complete, and Bedrock has no other reason for that.
            case LENGTH, PAUSE -> "max_tokens";
            case TOOL_CALLS -> "tool_use";
            case CONTENT_FILTER, REFUSAL -> "content_filtered";
            case BREAKDOWN -> "malformed_model_output";
        };
    }
}
