package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Finish.Reason;
import java.util.Locale;
import java.util.Set;

/** {@code finish_reason}, both ways. */
final class Finishes {
    /** Some proxies repeat the reason of the vendor behind them where vLLM names the text that ended the answer. */
    private static final Set<String> NO_TEXTS = Set.of("end_turn", "stop", "stop_sequence", "eos");

    private Finishes() {}

    static Finish read(String word, String stopSequence, boolean toolCalls) {
        Reason reason = switch (word.toLowerCase(Locale.ROOT)) {
            // A call that was forced ends with stop.
            case "stop", "eos", "eos_token", "end_turn" -> toolCalls ? Reason.TOOL_CALLS : Reason.STOP;
            case "stop_sequence" -> Reason.STOP_SEQUENCE;
            // model_length: Mistral's full context window.
            case "length", "max_tokens", "model_length" -> Reason.LENGTH;
            case "tool_calls", "function_call", "tool_use" -> Reason.TOOL_CALLS;
            case "content_filter", "safety", "recitation" -> Reason.CONTENT_FILTER;
            case "refusal" -> Reason.REFUSAL;
            // OpenRouter, vLLM, DeepSeek.
            case "error", "abort", "insufficient_system_resource" -> Reason.BREAKDOWN;
            default -> Reason.OTHER;
        };
        boolean text = reason == Reason.STOP && !stopSequence.isEmpty() && !NO_TEXTS.contains(stopSequence);
        return text ? new Finish(Reason.STOP_SEQUENCE, word, stopSequence) : Finish.of(reason, word);
    }

    static String write(Finish finish, boolean toolCalls) {
        return switch (finish.reason()) {
            case STOP, STOP_SEQUENCE, OTHER -> toolCalls ? "tool_calls" : "stop";
            // Paused is not done, and there is no other word for that.
            case LENGTH, PAUSE -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER, REFUSAL -> "content_filter";
            case BREAKDOWN -> "error";
        };
    }
}
