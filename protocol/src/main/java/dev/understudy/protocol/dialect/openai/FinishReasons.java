package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Finish.Reason;
import java.util.Locale;
import java.util.Set;

/** {@code finish_reason}, both ways; proxies let the words of other vendors through. */
final class FinishReasons {
    /** Some proxies repeat the reason of the vendor behind them where vLLM names the text that ended the answer. */
    private static final Set<String> NO_TEXTS = Set.of("end_turn", "stop", "stop_sequence", "eos");

    private FinishReasons() {}

    /**
     * @param stopSequence the text that ended the answer; empty if it was not said
     * @param called whether the answer calls tools: one that was forced ends with {@code stop}
     */
    static Finish read(String word, String stopSequence, boolean called) {
        Reason reason = reason(word.toLowerCase(Locale.ROOT));
        if (reason != Reason.STOP) {
            return Finish.of(reason, word);
        }
        if (called) {
            return Finish.of(Reason.TOOL_CALLS, word);
        }
        return stopSequence.isEmpty() || NO_TEXTS.contains(stopSequence)
                ? Finish.of(reason, word)
                : new Finish(Reason.STOP_SEQUENCE, word, stopSequence);
    }

    private static Reason reason(String word) {
        return switch (word) {
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
            default -> Reason.OTHER;
        };
    }

    /**
     * @param called whether the answer calls tools
     * @param refused whether the answer itself tells the refusal, which then needs no other word
     */
    static String of(Finish finish, boolean called, boolean refused) {
        return switch (finish.reason()) {
            case STOP, STOP_SEQUENCE, OTHER -> called ? "tool_calls" : "stop";
            // Paused is not done, and there is no other word for that.
            case LENGTH, PAUSE -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER -> "content_filter";
            case REFUSAL -> refused ? "stop" : "content_filter";
            case BREAKDOWN -> "error";
        };
    }
}
