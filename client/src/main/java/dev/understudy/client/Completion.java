package dev.understudy.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.client.chain.CallTrail;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to a {@link CompletionRequest}.
 *
 * @param id the answer's id
 * @param model the model that answered, as its provider names it
 * @param text the answer's text; empty if it has none
 * @param finishReason why it ended, such as {@code stop} or {@code tool_calls}
 * @param toolCalls the tools that the model calls
 * @param usage how many tokens it cost
 * @param target the target that answered: {@code provider/model}
 * @param trail the attempts and skips of the call
 * @param warnings the parts of the request that this target was not sent, and what else the caller should know, one text each
 * @param json the whole answer, as a chat completion
 */
public record Completion(
        String id,
        String model,
        String text,
        String finishReason,
        List<ToolCall> toolCalls,
        TokenUsage usage,
        String target,
        CallTrail trail,
        List<String> warnings,
        String json) {
    public Completion {
        toolCalls = List.copyOf(toolCalls);
        warnings = List.copyOf(warnings);
    }

    /**
     * A call of a tool by the model.
     *
     * @param arguments a JSON object
     */
    public record ToolCall(String id, String name, String arguments) {}

    /** How many tokens a call cost, as the provider counted them; 0 where it did not. */
    public record TokenUsage(long promptTokens, long completionTokens) {}

    static Completion of(JsonNode answer, String target, CallTrail trail, List<String> warnings) {
        JsonNode choice = answer.path("choices").path(0);
        JsonNode message = choice.path("message");
        List<ToolCall> calls = new ArrayList<>();
        for (JsonNode call : message.path("tool_calls")) {
            calls.add(new ToolCall(
                    call.path("id").asText(),
                    call.path("function").path("name").asText(),
                    call.path("function").path("arguments").asText()));
        }
        return new Completion(
                answer.path("id").asText(),
                answer.path("model").asText(),
                message.path("content").asText(""),
                choice.path("finish_reason").asText(""),
                calls,
                usage(answer.path("usage")),
                target,
                trail,
                warnings,
                answer.toString());
    }

    static TokenUsage usage(JsonNode usage) {
        return new TokenUsage(
                usage.path("prompt_tokens").asLong(),
                usage.path("completion_tokens").asLong());
    }
}
