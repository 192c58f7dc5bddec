package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Finish.Reason;

/** {@code finish_reason}, both ways. */
final class FinishWord {
    private FinishWord() {}

    static Finish read(String word) {
        return Finish.of(
                switch (word) {
                    case "stop", "eos", "end_turn" -> Reason.STOP;
                    case "length", "max_tokens", "model_length" -> Reason.LENGTH;
                    case "tool_calls", "function_call" -> Reason.TOOL_CALLS;
                    case "content_filter" -> Reason.CONTENT_FILTER;
                    // OpenRouter, vLLM, DeepSeek: the provider gave up.
                    case "error", "abort", "insufficient_system_resource" -> Reason.BREAKDOWN;
                    default -> Reason.OTHER;
                },
                word);
    }

    /** @param refused whether the answer itself tells the refusal, which then needs no other word */
    static String of(Finish finish, boolean refused) {
        return switch (finish.reason()) {
            case STOP, STOP_SEQUENCE, PAUSE, OTHER -> "stop";
            case LENGTH -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER -> "content_filter";
            case REFUSAL -> refused ? "stop" : "content_filter";
            case BREAKDOWN -> "error";
        };
    }
}
