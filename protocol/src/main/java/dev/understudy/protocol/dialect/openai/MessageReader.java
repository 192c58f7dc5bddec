package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads messages as turns. For one request. */
final class MessageReader {
    private final Map<String, String> toolNames = new HashMap<>();
    private int legacyCalls;
    private String openLegacyCall = "";

    List<Turn> turns(JsonNode messages) throws BadRequest {
        List<Turn> turns = new ArrayList<>();
        int index = 0;
        for (JsonNode message : messages) {
            turns.add(turn(message, "messages[" + index++ + "]"));
        }
        return turns;
    }

    private Turn turn(JsonNode message, String field) throws BadRequest {
        if (!message.isObject()) {
            throw BadRequest.invalid(field, "'" + field + "' must be an object with 'role' and 'content'.");
        }
        String role = message.path("role").asText("");
        List<Part> content = PartReader.content(message.path("content"), field + ".content");
        PartReader.cachePoint(message, content);
        String name = message.path("name").asText("");
        return switch (role) {
            case "system", "developer" -> new Turn(Role.SYSTEM, content, name);
            case "user" -> new Turn(Role.USER, content, name);
            case "assistant" -> new Turn(Role.ASSISTANT, assistant(message, content, field), name);
            case "tool" -> {
                String id = message.path("tool_call_id").asText("");
                yield Turn.of(
                        Role.USER,
                        new Part.ToolResult(
                                id, name.isEmpty() ? toolNames.getOrDefault(id, "") : name, content, false));
            }
            case "function" -> Turn.of(Role.USER, new Part.ToolResult(openLegacyCall, name, content, false));
            default ->
                throw BadRequest.invalid(
                        field + ".role", "'" + field + ".role' must be system, developer, user, assistant or tool.");
        };
    }

    private List<Part> assistant(JsonNode message, List<Part> content, String field) throws BadRequest {
        List<Part> parts = new ArrayList<>(thoughts(message));
        parts.addAll(content);
        if (message.path("refusal").isTextual()) {
            parts.add(new Part.Refusal(message.path("refusal").asText()));
        }
        if (message.path("audio").isObject()) {
            parts.add(new Part.Foreign(
                    OpenAiDialect.NAME, "audio", message.path("audio").toString()));
        }
        int index = 0;
        for (JsonNode call : message.path("tool_calls")) {
            parts.add(call(call, field + ".tool_calls[" + index++ + "]"));
        }
        JsonNode legacy = message.path("function_call");
        if (legacy.isObject()) {
            openLegacyCall = "call_legacy_" + legacyCalls++;
            parts.add(Part.ToolCall.of(openLegacyCall, legacy.path("name").asText(""), arguments(legacy)));
        }
        return parts;
    }

    private Part call(JsonNode call, String field) throws BadRequest {
        JsonNode function = call.path("function");
        if (!function.isObject()) {
            String type = call.path("type").asText("");
            if (type.isEmpty()) {
                throw BadRequest.missing(field + ".function", "'" + field + "' has no 'function'.");
            }
            return new Part.Foreign(OpenAiDialect.NAME, type, call.toString());
        }
        String id = call.path("id").asText("");
        String name = function.path("name").asText("");
        toolNames.put(id, name);
        return new Part.ToolCall(id, name, arguments(function), signature(call));
    }

    /** Where Google's own endpoint puts it, or LiteLLM. */
    private static String signature(JsonNode call) {
        JsonNode google = call.path("extra_content").path("google").path("thought_signature");
        return google.asText(
                call.path("provider_specific_fields").path("thought_signature").asText(""));
    }

    /** Text of JSON; some clients send the object itself. */
    private static String arguments(JsonNode function) {
        JsonNode arguments = function.path("arguments");
        String text = arguments.isObject() ? arguments.toString() : arguments.asText("");
        return text.isBlank() ? "{}" : text;
    }

    /** Blocks have all that plain text has, and the seal beside it: where there are blocks, the text is passed over. */
    private static List<Part> thoughts(JsonNode message) {
        List<Part> thoughts = new ArrayList<>();
        for (JsonNode block : message.path("thinking_blocks")) {
            Part.Reasoning thought = new Part.Reasoning(
                    block.path("thinking").asText(""),
                    block.path("signature").asText(""),
                    block.path("data").asText(""),
                    // Written by ourselves where it is not Anthropic's, as it is everywhere else.
                    block.path("origin").asText("anthropic"));
            if (!thought.text().isEmpty() || AnswerWriter.isSealed(thought)) {
                thoughts.add(thought);
            }
        }
        String text = message.path("reasoning_content")
                .asText(message.path("reasoning").asText(""));
        if (thoughts.isEmpty() && !text.isEmpty()) {
            thoughts.add(new Part.Reasoning(text, "", "", OpenAiDialect.NAME));
        }
        return thoughts;
    }
}
