package dev.understudy.protocol.dialect.bedrock;

import dev.understudy.protocol.neutral.Finish;

/**
 * Why answers end, in Bedrock's words and in the neutral form.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseResponse.html">stopReason</a>
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

    /** The word for it; what Bedrock has none for is an ordinary end. */
    static String write(Finish finish) {
        return switch (finish.reason()) {
            case STOP, PAUSE, OTHER -> "end_turn";
            case STOP_SEQUENCE -> "stop_sequence";
            case LENGTH -> "max_tokens";
            case TOOL_CALLS -> "tool_use";
            case CONTENT_FILTER, REFUSAL -> "content_filtered";
            case BREAKDOWN -> "malformed_model_output";
        };
    }
}
