package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.JsonFields;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Media;
import dev.understudy.protocol.neutral.Part.Source;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the input: a list of items, where other dialects have turns. Adjacent items of the assistant become one turn,
 * and so do adjacent function outputs.
 */
final class ItemsReader {
    /** Items of OpenAI's own tools that belong to the assistant; other dialects may leave them out. */
    private static final Set<String> OWN_TOOLS = Set.of(
            "web_search_call",
            "file_search_call",
            "computer_call",
            "code_interpreter_call",
            "image_generation_call",
            "local_shell_call",
            "shell_call",
            "apply_patch_call",
            "custom_tool_call",
            "tool_search_call",
            "mcp_list_tools",
            "mcp_call",
            "mcp_approval_request",
            "program");

    private final List<Turn> turns = new ArrayList<>();
    private final List<Part> open = new ArrayList<>();
    private Role side = Role.USER;

    private ItemsReader() {}

    /** The turns of an input that is a text or a list. */
    static List<Turn> read(JsonNode input) throws BadRequest {
        ItemsReader reader = new ItemsReader();
        if (input.isTextual()) {
            return List.of(Turn.of(Role.USER, Part.Text.of(input.textValue())));
        }
        if (!input.isArray()) {
            throw JsonFields.wrong("input", "a text or a list of items");
        }
        for (int i = 0; i < input.size(); i++) {
            reader.item(JsonFields.of(input.get(i), "input[" + i + "]"));
        }
        reader.close();
        return reader.turns;
    }

    private void item(JsonFields item) throws BadRequest {
        // An item with only a role and a content is a message, too.
        String type = item.has("type") ? item.requiredString("type") : "message";
        switch (type) {
            case "message" -> message(item);
            case "function_call" -> {
                String arguments = item.string("arguments");
                add(
                        Role.ASSISTANT,
                        Part.ToolCall.of(
                                item.requiredString("call_id"),
                                item.requiredString("name"),
                                arguments.isEmpty() ? "{}" : arguments));
            }
            case "function_call_output" -> result(item);
            case "reasoning" -> reasoning(item);
            default -> foreign(item, type);
        }
    }

    private void message(JsonFields item) throws BadRequest {
        JsonNode content = item.get("content");
        switch (item.requiredString("role")) {
            case "assistant" -> {
                for (Part part : ContentReader.ofAssistant(content, item.path("content"))) {
                    add(Role.ASSISTANT, part);
                }
            }
            case "user" -> turn(Role.USER, content, item);
            case "system", "developer" -> turn(Role.SYSTEM, content, item);
            default -> throw JsonFields.wrong(item.path("role"), "user, assistant, system or developer");
        }
    }

    private void turn(Role role, JsonNode content, JsonFields item) throws BadRequest {
        close();
        Optional<List<Part>> parts = ContentReader.read(content, item.path("content"));
        turns.add(Turn.of(role, parts.orElseGet(() -> List.of(whole(item, "message")))));
    }

    private void result(JsonFields item) throws BadRequest {
        JsonNode output = item.get("output");
        Optional<List<Part>> content = ContentReader.read(output, item.path("output"));
        if (content.isEmpty()) {
            add(Role.USER, whole(item, "function_call_output"));
            return;
        }
        List<Part> said = content.get().stream()
                .filter(part -> !(part instanceof Part.CachePoint))
                .toList();
        add(Role.USER, new Part.ToolResult(item.requiredString("call_id"), item.string("name"), said, false));
    }

    private void reasoning(JsonFields item) throws BadRequest {
        List<String> words = new ArrayList<>();
        for (String list : List.of("summary", "content")) {
            for (JsonNode part : item.get(list)) {
                if (part.path("text").isTextual()) {
                    words.add(part.path("text").textValue());
                }
            }
        }
        add(
                Role.ASSISTANT,
                new Part.Reasoning(
                        String.join("\n\n", words),
                        item.string("id"),
                        item.string("encrypted_content"),
                        ResponsesDialect.NAME));
    }

    /** Items of unknown types belong to the user, so that no dialect leaves them out. */
    private void foreign(JsonFields item, String type) {
        add(OWN_TOOLS.contains(type) ? Role.ASSISTANT : Role.USER, whole(item, type));
    }

    private static Part.Foreign whole(JsonFields item, String kind) {
        return new Part.Foreign(ResponsesDialect.NAME, kind, item.json().toString());
    }

    private void add(Role role, Part part) {
        if (side != role) {
            close();
            side = role;
        }
        open.add(part);
    }

    private void close() {
        if (!open.isEmpty()) {
            turns.add(Turn.of(side, open));
            open.clear();
        }
    }

    /** Reads the content of a message or of a function output: a text, or a list of parts. */
    static final class ContentReader {
        private final List<Part> parts = new ArrayList<>();
        private boolean unknown;
        private boolean keepsUnknown;

        private ContentReader() {}

        /**
         * Reads the parts.
         *
         * @param content a string or a list
         * @param path the path of the content, for errors
         * @return empty if one of them is of a type that only OpenAI has
         */
        static Optional<List<Part>> read(JsonNode content, String path) throws BadRequest {
            ContentReader reader = new ContentReader();
            reader.content(content, path);
            return reader.unknown ? Optional.empty() : Optional.of(reader.parts);
        }

        /** The same for the assistant's messages: a part of an unknown type is a message of its own, which only OpenAI has. */
        static List<Part> ofAssistant(JsonNode content, String path) throws BadRequest {
            ContentReader reader = new ContentReader();
            reader.keepsUnknown = true;
            reader.content(content, path);
            return reader.parts;
        }

        private void unknown(JsonFields part, String type) {
            unknown = true;
            if (keepsUnknown) {
                parts.add(new Part.Foreign(
                        ResponsesDialect.NAME,
                        type,
                        "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[" + part.json() + "]}"));
            }
        }

        private void content(JsonNode content, String path) throws BadRequest {
            if (content.isTextual()) {
                parts.add(Part.Text.of(content.textValue()));
                return;
            }
            if (content.isNull() || content.isMissingNode()) {
                return;
            }
            if (!content.isArray()) {
                throw JsonFields.wrong(path, "a text or a list of parts");
            }
            for (int i = 0; i < content.size(); i++) {
                part(JsonFields.of(content.get(i), path + "[" + i + "]"));
            }
        }

        private void part(JsonFields part) throws BadRequest {
            String type = part.requiredString("type");
            switch (type) {
                case "input_text", "text", "summary_text" -> parts.add(Part.Text.of(part.string("text")));
                case "output_text" -> parts.add(new Part.Text(part.string("text"), citations(part.get("annotations"))));
                case "refusal" -> parts.add(new Part.Refusal(part.string("refusal")));
                case "input_image" -> parts.add(image(part));
                case "input_file" -> parts.add(file(part));
                case "input_audio" -> parts.add(audio(part));
                default -> unknown(part, type);
            }
            if (part.get("prompt_cache_breakpoint").isObject()) {
                parts.add(new Part.CachePoint(
                        part.get("prompt_cache_breakpoint").path("ttl").asText("")));
            }
        }

        private static List<Part.Citation> citations(JsonNode annotations) {
            List<Part.Citation> citations = new ArrayList<>();
            for (JsonNode annotation : annotations) {
                if (annotation.isObject()) {
                    citations.add(Annotations.of(annotation.toString()));
                }
            }
            return citations;
        }

        private static Media image(JsonFields part) throws BadRequest {
            Source source = part.has("file_id") ? stored(part) : address(part.requiredString("image_url"), "image/png");
            return new Media(Media.Kind.IMAGE, source, "", part.string("detail"));
        }

        private static Media file(JsonFields part) throws BadRequest {
            String name = part.string("filename");
            Source source;
            if (part.has("file_id")) {
                source = stored(part);
            } else if (part.has("file_url")) {
                source = new Source.Url(part.string("file_url"));
            } else {
                String data = part.requiredString("file_data");
                // The reference documents base64; the guide and the servers require a data URL.
                source = data.startsWith("data:")
                        ? address(data, "application/pdf")
                        : new Source.Inline("application/pdf", data);
            }
            return new Media(Media.Kind.DOCUMENT, source, name, part.string("detail"));
        }

        private static Media audio(JsonFields part) throws BadRequest {
            JsonFields audio = JsonFields.of(part.get("input_audio"), part.path("input_audio"));
            String format = audio.requiredString("format").toLowerCase(Locale.ROOT);
            String type = format.equals("mp3") ? "audio/mpeg" : "audio/" + format;
            return Media.of(Media.Kind.AUDIO, new Source.Inline(type, audio.requiredString("data")));
        }

        private static Source stored(JsonFields part) throws BadRequest {
            return new Source.Stored(ResponsesDialect.NAME, part.string("file_id"), "");
        }

        /** A URL; the content of a {@code data:} URL is inline. */
        private static Source address(String url, String usualType) {
            int comma = url.indexOf(',');
            if (!url.startsWith("data:")
                    || comma < 0
                    || !url.substring(0, comma).endsWith(";base64")) {
                return new Source.Url(url);
            }
            String type = url.substring("data:".length(), url.indexOf(';'));
            return new Source.Inline(type.isEmpty() ? usualType : type, url.substring(comma + 1));
        }
    }
}
