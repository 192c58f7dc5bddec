package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.JsonFields;
import dev.understudy.protocol.dialect.ToolCallIds;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Reads the conversation.
 *
 * <p>Gemini's function calls may have no ids: a response then belongs to the first call of that function that has no
 * response yet. Such a call gets an id from its position, and its response the same one.
 */
final class ContentsReader {
    private final Deque<Part.ToolCall> open = new ArrayDeque<>();
    private int made;

    /** Appends the turns of {@code contents}: a list, or its only item. */
    void read(JsonNode contents, List<Turn> turns) throws BadRequest {
        if (contents.isTextual()) {
            turns.add(Turn.of(Role.USER, Part.Text.of(contents.textValue())));
            return;
        }
        if (!contents.isArray() && !contents.isObject()) {
            throw JsonFields.wrong("contents", "a list of contents");
        }
        int index = 0;
        for (JsonNode content : contents.isArray() ? contents : List.of(contents)) {
            turns.add(turn(content, index));
            index++;
        }
    }

    private Turn turn(JsonNode json, int index) throws BadRequest {
        String field = "contents[" + index + "]";
        if (!json.isObject()) {
            throw JsonFields.wrong(field, "an object with 'role' and 'parts'");
        }
        JsonFields content = JsonFields.of(json, field).protoJson();
        Role role = content.text("role").equals("model") ? Role.ASSISTANT : Role.USER;
        JsonNode parts = content.get("parts");
        if (!parts.isMissingNode() && !parts.isArray() && !parts.isObject()) {
            throw content.wrongMember("parts", "a list of parts");
        }
        List<Part> read = new ArrayList<>();
        int place = 0;
        for (JsonNode part : parts.isArray() ? parts : List.of(parts)) {
            String path = content.path("parts") + "[" + place++ + "]";
            if (part.isObject()) {
                part(JsonFields.of(part, path).protoJson(), index, read);
            } else if (!part.isMissingNode()) {
                throw JsonFields.wrong(path, "an object, such as {\"text\": \"Hello\"}");
            }
        }
        return Turn.of(role, read);
    }

    private void part(JsonFields part, int turn, List<Part> read) throws BadRequest {
        String signature = ContentsWriter.Signatures.real(part.text("thoughtSignature"));
        JsonNode text = part.get("text");
        if (text.isTextual() && part.get("thought").asBoolean(false)) {
            read.add(new Part.Reasoning(text.textValue(), signature, "", GeminiDialect.NAME));
        } else if (text.isTextual()) {
            if (!text.textValue().isEmpty()) {
                read.add(Part.Text.of(text.textValue()));
            }
            if (!signature.isEmpty()) {
                read.add(new Part.Reasoning("", signature, "", GeminiDialect.NAME));
            }
        } else if (isMedia(part)) {
            read.add(media(part));
        } else if (part.has("functionCall")) {
            read.add(call(part.at("functionCall"), signature, turn));
        } else if (part.has("functionResponse")) {
            read.add(result(part.at("functionResponse"), turn));
        } else {
            foreign(part.json(), read);
        }
    }

    private static boolean isMedia(JsonFields part) {
        return part.has("inlineData") || part.has("fileData");
    }

    private static Part.Media media(JsonFields part) {
        JsonFields inline = part.at("inlineData");
        JsonFields file = part.at("fileData");
        return part.has("inlineData")
                ? MediaTypes.inline(inline.text("mimeType"), inline.text("data"))
                : MediaTypes.file(file.text("mimeType"), file.text("fileUri"));
    }

    private Part.ToolCall call(JsonFields call, String signature, int turn) throws BadRequest {
        String id = call.text("id");
        JsonNode args = call.get("args");
        Part.ToolCall read = new Part.ToolCall(
                id.isEmpty() ? ToolCallIds.ofPosition(turn, made++) : id,
                name(call),
                args.isMissingNode() || args.isNull() ? "{}" : args.toString(),
                signature);
        open.add(read);
        return read;
    }

    private Part.ToolResult result(JsonFields result, int turn) throws BadRequest {
        String name = name(result);
        String id = idOfCall(result.text("id"), name, turn);
        JsonNode response = result.get("response");
        JsonNode error = response.path("error");
        boolean failed = response.size() == 1 && !error.isMissingNode();
        List<Part> content = new ArrayList<>();
        String text = failed ? textOf(error) : unwrapped(response);
        if (!text.isEmpty()) {
            content.add(Part.Text.of(text));
        }
        for (JsonNode json : result.get("parts")) {
            JsonFields part = JsonFields.lenient(json, result.path("parts")).protoJson();
            if (isMedia(part)) {
                content.add(media(part));
            }
        }
        return new Part.ToolResult(id, name, content, failed);
    }

    /** Google's clients wrap a result that is one text in an object. */
    private static String unwrapped(JsonNode response) {
        if (response.size() == 1) {
            for (String wrap : List.of("result", "output")) {
                if (response.path(wrap).isTextual()) {
                    return response.path(wrap).textValue();
                }
            }
        }
        return response.isMissingNode() ? "" : textOf(response);
    }

    private static String textOf(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }

    private String idOfCall(String id, String name, int turn) {
        for (Iterator<Part.ToolCall> calls = open.iterator(); calls.hasNext(); ) {
            Part.ToolCall call = calls.next();
            if (id.isEmpty() ? call.name().equals(name) : call.id().equals(id)) {
                calls.remove();
                return call.id();
            }
        }
        return id.isEmpty() ? ToolCallIds.ofPosition(turn, made++) : id;
    }

    private static String name(JsonFields function) throws BadRequest {
        String name = function.text("name");
        if (name.isEmpty()) {
            throw function.missing("name");
        }
        return name;
    }

    private static void foreign(JsonNode part, List<Part> read) {
        for (var member : part.properties()) {
            String kind = JsonFields.camelCase(member.getKey());
            if (!kind.equals("thoughtSignature") && !kind.equals("thought") && !kind.equals("videoMetadata")) {
                read.add(new Part.Foreign(GeminiDialect.NAME, kind, part.toString()));
                return;
            }
        }
    }
}
