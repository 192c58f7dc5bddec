package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Media;
import dev.understudy.protocol.neutral.Part.Source;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads messages, and their content, as turns. One object serves one request. */
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
        List<Part> content = content(message.path("content"), field + ".content");
        cachePoint(message, content);
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
        List<Part> parts = new ArrayList<>(reasoning(message));
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

    /** Blocks have the same text as the plain member, with its signature: where there are blocks, the plain text is not read. */
    private static List<Part> reasoning(JsonNode message) {
        List<Part> reasoning = new ArrayList<>();
        for (JsonNode block : message.path("thinking_blocks")) {
            Part.Reasoning read = new Part.Reasoning(
                    block.path("thinking").asText(""),
                    block.path("signature").asText(""),
                    block.path("data").asText(""),
                    // Written by ourselves where it is not Anthropic's, as it is everywhere else.
                    block.path("origin").asText("anthropic"));
            if (!read.text().isEmpty() || AnswerWriter.isSealed(read)) {
                reasoning.add(read);
            }
        }
        String text = message.path("reasoning_content")
                .asText(message.path("reasoning").asText(""));
        if (reasoning.isEmpty() && !text.isEmpty()) {
            reasoning.add(new Part.Reasoning(text, "", "", OpenAiDialect.NAME));
        }
        return reasoning;
    }

    // The content of a message: a string, or parts.

    private static List<Part> content(JsonNode content, String field) throws BadRequest {
        List<Part> parts = new ArrayList<>();
        if (content.isTextual()) {
            if (!content.asText().isEmpty()) {
                parts.add(Part.Text.of(content.asText()));
            }
        } else if (content.isArray()) {
            int index = 0;
            for (JsonNode part : content) {
                parts.add(part(part, field + "[" + index++ + "]"));
                cachePoint(part, parts);
            }
        } else if (!content.isNull() && !content.isMissingNode()) {
            throw BadRequest.invalid(field, "'" + field + "' must be a string or a list of parts.");
        }
        return parts;
    }

    /** Anthropic's mark, which OpenRouter and LiteLLM take too. */
    private static void cachePoint(JsonNode marked, List<Part> parts) {
        JsonNode mark = marked.path("cache_control");
        if (mark.isObject()) {
            parts.add(new Part.CachePoint(mark.path("ttl").asText("")));
        }
    }

    private static Part part(JsonNode part, String field) throws BadRequest {
        if (part.isTextual()) {
            return Part.Text.of(part.asText());
        }
        String type = part.path("type").asText("");
        return switch (type) {
            case "text", "input_text", "output_text" ->
                Part.Text.of(part.path("text").asText(""));
            case "refusal" -> new Part.Refusal(part.path("refusal").asText(""));
            case "image_url" -> image(part.path("image_url"), field);
            case "video_url" -> Media.of(Media.Kind.VIDEO, DataUrl.source(url(part, type, field)));
            case "document_url" -> Media.of(Media.Kind.DOCUMENT, DataUrl.source(url(part, type, field)));
            case "input_audio" -> audio(part.path("input_audio"), field);
            case "file" -> file(part.path("file"), field);
            case "thinking" -> new Part.Reasoning(reasoningText(part.path("thinking")), "", "", OpenAiDialect.NAME);
            case "" -> throw BadRequest.missing(field + ".type", "'" + field + "' has no 'type', such as \"text\".");
            default -> new Part.Foreign(OpenAiDialect.NAME, type, part.toString());
        };
    }

    /** An object with an {@code url}, or, at Mistral, the address itself. */
    private static String url(JsonNode part, String name, String field) throws BadRequest {
        JsonNode value = part.path(name);
        String url = value.isTextual() ? value.asText() : value.path("url").asText("");
        if (url.isEmpty()) {
            throw BadRequest.missing(field + "." + name, "'" + field + "." + name + "' has no 'url'.");
        }
        return url;
    }

    private static Part image(JsonNode image, String field) throws BadRequest {
        String url = image.isTextual() ? image.asText() : image.path("url").asText("");
        if (url.isEmpty()) {
            throw BadRequest.missing(field + ".image_url.url", "'" + field + ".image_url' has no 'url'.");
        }
        return new Media(
                Media.Kind.IMAGE, DataUrl.source(url), "", image.path("detail").asText(""));
    }

    private static Part audio(JsonNode audio, String field) throws BadRequest {
        String data = audio.path("data").asText("");
        if (data.isEmpty()) {
            throw BadRequest.missing(field + ".input_audio.data", "'" + field + ".input_audio' has no 'data'.");
        }
        String format = audio.path("format").asText("wav").toLowerCase(Locale.ROOT);
        String mediaType = "audio/" + (format.equals("mp3") ? "mpeg" : format);
        return Media.of(Media.Kind.AUDIO, new Source.Inline(mediaType, data));
    }

    private static Part file(JsonNode file, String field) throws BadRequest {
        String name = file.path("filename").asText("");
        String data = file.path("file_data").asText("");
        String id = file.path("file_id").asText("");
        Source source;
        if (!data.isEmpty()) {
            boolean address = data.startsWith("data:") || data.startsWith("http");
            source = address ? DataUrl.source(data) : new Source.Inline("application/pdf", data);
        } else if (id.isEmpty()) {
            throw BadRequest.missing(field + ".file", "'" + field + ".file' has neither 'file_data' nor 'file_id'.");
        } else {
            source = new Source.Stored(OpenAiDialect.NAME, id, "");
        }
        Media.Kind kind =
                source instanceof Source.Inline inline ? DataUrl.kind(inline.mediaType()) : Media.Kind.DOCUMENT;
        return new Media(kind, source, name, "");
    }

    /** A string, or parts at Mistral. */
    private static String reasoningText(JsonNode thinking) {
        if (thinking.isTextual()) {
            return thinking.asText();
        }
        StringBuilder text = new StringBuilder();
        thinking.forEach(part -> text.append(part.path("text").asText("")));
        return text.toString();
    }
}
