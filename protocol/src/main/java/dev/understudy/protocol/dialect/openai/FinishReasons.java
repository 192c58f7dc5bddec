package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Finish.Reason;
import java.util.Locale;
import java.util.Set;

/** {@code finish_reason}, read and written; proxies pass on the values of other vendors. */
final class FinishReasons {
    /** Some proxies repeat the reason of the vendor behind them where vLLM names the text that ended the answer. */
    private static final Set<String> NO_TEXTS = Set.of("end_turn", "stop", "stop_sequence", "eos");

    private FinishReasons() {}

    /**
     * @param stopSequence the text that ended the answer; empty if it was not given
     * @param called whether the answer calls tools: one that was forced ends with {@code stop}
     */
    static Finish read(String value, String stopSequence, boolean called) {
        Reason reason = reason(value.toLowerCase(Locale.ROOT));
        if (reason != Reason.STOP) {
            return Finish.of(reason, value);
        }
        if (called) {
            return Finish.of(Reason.TOOL_CALLS, value);
        }
        return stopSequence.isEmpty() || NO_TEXTS.contains(stopSequence)
                ? Finish.of(reason, value)
                : new Finish(Reason.STOP_SEQUENCE, value, stopSequence);
    }

    private static Reason reason(String value) {
        return switch (value) {
            case "stop", "eos", "eos_token", "end_turn", "complete", "completed" -> Reason.STOP;
            case "stop_sequence" -> Reason.STOP_SEQUENCE;
            // model_length: Mistral's full context window.
            case "length", "max_tokens", "model_length", "max_output_tokens" -> Reason.LENGTH;
            case "tool_calls", "function_call", "tool_use" -> Reason.TOOL_CALLS;
            // The others are Google's and, last, Zhipu's.
            case "content_filter", "safety", "prohibited_content", "blocklist", "recitation", "sensitive" ->
                Reason.CONTENT_FILTER;
            case "refusal" -> Reason.REFUSAL;
            // OpenRouter, vLLM, DeepSeek, Zhipu: the provider gave up.
            case "error", "abort", "insufficient_system_resource", "network_error" -> Reason.BREAKDOWN;
            // Gemini behind a server of this dialect.
            case "malformed_function_call", "malformed_response", "unexpected_tool_call" -> Reason.BREAKDOWN;
            default -> Reason.OTHER;
        };
    }

    /**
     * @param called whether the answer calls tools
     * @param refused whether the answer itself tells the refusal, which then needs no other value
     */
    static String of(Finish finish, boolean called, boolean refused) {
        return switch (finish.reason()) {
            case STOP, STOP_SEQUENCE, OTHER -> called ? "tool_calls" : "stop";
            // Paused is not done, and there is no other value for that.
            case LENGTH, PAUSE -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER -> "content_filter";
            case REFUSAL -> refused ? "stop" : "content_filter";
            case BREAKDOWN -> "error";
        };
    }
}
