package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the messages of a request, in their order: the oldest form of calls has no ids, and order tells them apart. */
final class MessageReader {
    /** The older form names a function and nothing else; a call and its result get an id that both have. */
    private int functionCalls;

    Turn turn(JsonNode message, String field) throws BadRequest {
        List<Part> parts = new ArrayList<>();
        String name = message.path("name").asText("");
        return switch (message.path("role").asText("")) {
            case "system", "developer" -> {
                ContentReader.read(message.path("content"), field + ".content", parts);
                yield new Turn(Role.SYSTEM, parts, name);
            }
            case "user" -> {
                ContentReader.read(message.path("content"), field + ".content", parts);
                yield new Turn(Role.USER, parts, name);
            }
            case "assistant" -> {
                assistant(message, field, parts);
                yield new Turn(Role.ASSISTANT, parts, name);
            }
            case "tool" -> {
                ContentReader.read(message.path("content"), field + ".content", parts);
                yield Turn.of(
                        Role.USER,
                        new Part.ToolResult(message.path("tool_call_id").asText(""), name, parts, false));
            }
            case "function" -> {
                ContentReader.read(message.path("content"), field + ".content", parts);
                yield Turn.of(Role.USER, new Part.ToolResult("function_" + functionCalls, name, parts, false));
            }
            default ->
                throw BadRequest.invalid(
                        field + ".role",
                        "'" + field + ".role' must be one of system, developer, user, assistant and tool.");
        };
    }

    private void assistant(JsonNode message, String field, List<Part> parts) throws BadRequest {
        thoughts(message, parts);
        ContentReader.read(message.path("content"), field + ".content", parts);
        if (message.path("refusal").isTextual()) {
            parts.add(new Part.Refusal(message.path("refusal").textValue()));
        }
        for (JsonNode call : message.path("tool_calls")) {
            parts.add(call(call));
        }
        JsonNode function = message.path("function_call");
        if (function.isObject()) {
            functionCalls++;
            parts.add(Part.ToolCall.of(
                    "function_" + functionCalls,
                    function.path("name").asText(""),
                    function.path("arguments").asText("")));
        }
    }

    private static Part call(JsonNode call) {
        JsonNode function = call.path("function");
        if (!function.isObject()) {
            return new Part.Foreign(OpenAiDialect.NAME, call.path("type").asText(""), call.toString());
        }
        return new Part.ToolCall(
                call.path("id").asText(""),
                function.path("name").asText(""),
                function.path("arguments").isTextual()
                        ? function.path("arguments").textValue()
                        : function.path("arguments").toString(),
                signature(call));
    }

    /** Google's place for its signatures, and that of those who tuck them under the provider's fields. */
    private static String signature(JsonNode call) {
        return Optional.of(call.path("extra_content").path("google").path("thought_signature"))
                .filter(JsonNode::isTextual)
                .orElse(call.path("provider_specific_fields").path("thought_signature"))
                .asText("");
    }

    /** Thoughts with their seals, as LiteLLM writes them; those that are mere words need not come back to anybody. */
    private static void thoughts(JsonNode message, List<Part> parts) {
        for (JsonNode block : message.path("thinking_blocks")) {
            String origin = block.path("origin").asText("anthropic");
            switch (block.path("type").asText("")) {
                case "thinking" ->
                    parts.add(new Part.Thinking(
                            block.path("thinking").asText(""),
                            block.path("signature").asText(""),
                            "",
                            origin));
                case "redacted_thinking" ->
                    parts.add(new Part.Thinking("", "", block.path("data").asText(""), origin));
                default -> {
                    // Nobody knows what it would mean to whom.
                }
            }
        }
        JsonNode words = message.path("reasoning_content");
        if (parts.isEmpty() && words.isTextual()) {
            parts.add(new Part.Thinking(words.textValue(), "", "", OpenAiDialect.NAME));
        }
    }
}
