package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.databind.JsonNode;
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
 * <p>Gemini's calls may have no ids: a result belongs to the first call of its name that has none yet. Such a call gets an
 * id made of its place, and its result the same one.
 */
final class ContentsReader {
    private final Deque<Part.ToolCall> open = new ArrayDeque<>();
    private int made;

    /** Appends the turns of {@code contents}: a list, or the one item of it. */
    void read(JsonNode contents, List<Turn> turns) throws BadRequest {
        if (contents.isTextual()) {
            turns.add(Turn.of(Role.USER, Part.Text.of(contents.textValue())));
            return;
        }
        if (!contents.isArray() && !contents.isObject()) {
            throw BadRequest.invalid("contents", "'contents' must be a list of contents.");
        }
        int index = 0;
        for (JsonNode content : contents.isArray() ? contents : List.of(contents)) {
            turns.add(turn(content, index));
            index++;
        }
    }

    private Turn turn(JsonNode content, int index) throws BadRequest {
        String field = "contents[" + index + "]";
        if (!content.isObject()) {
            throw BadRequest.invalid(field, "'" + field + "' must be an object with 'role' and 'parts'.");
        }
        Role role = Spelling.text(content, "role").equals("model") ? Role.ASSISTANT : Role.USER;
        JsonNode parts = Spelling.get(content, "parts");
        if (!parts.isMissingNode() && !parts.isArray() && !parts.isObject()) {
            throw BadRequest.invalid(field + ".parts", "'" + field + ".parts' must be a list of parts.");
        }
        List<Part> read = new ArrayList<>();
        int place = 0;
        for (JsonNode part : parts.isArray() ? parts : List.of(parts)) {
            if (part.isObject()) {
                part(part, field + ".parts[" + place + "]", index, read);
            } else if (!part.isMissingNode()) {
                String where = field + ".parts[" + place + "]";
                throw BadRequest.invalid(where, "'" + where + "' must be an object, such as {\"text\": \"Hello\"}.");
            }
            place++;
        }
        return Turn.of(role, read);
    }

    private void part(JsonNode part, String field, int turn, List<Part> read) throws BadRequest {
        String signature = ContentsWriter.Signatures.real(Spelling.text(part, "thoughtSignature"));
        JsonNode text = part.path("text");
        if (text.isTextual() && Spelling.get(part, "thought").asBoolean(false)) {
            read.add(new Part.Reasoning(text.textValue(), signature, "", GeminiDialect.NAME));
        } else if (text.isTextual()) {
            if (!text.textValue().isEmpty()) {
                read.add(Part.Text.of(text.textValue()));
            }
            if (!signature.isEmpty()) {
                read.add(new Part.Reasoning("", signature, "", GeminiDialect.NAME));
            }
        } else if (!Spelling.get(part, "inlineData").isMissingNode()) {
            read.add(inline(Spelling.get(part, "inlineData")));
        } else if (!Spelling.get(part, "fileData").isMissingNode()) {
            read.add(file(Spelling.get(part, "fileData")));
        } else if (!Spelling.get(part, "functionCall").isMissingNode()) {
            read.add(call(Spelling.get(part, "functionCall"), signature, field, turn));
        } else if (!Spelling.get(part, "functionResponse").isMissingNode()) {
            read.add(result(Spelling.get(part, "functionResponse"), field, turn));
        } else {
            foreign(part, read);
        }
    }

    private static Part.Media inline(JsonNode data) {
        return MediaTypes.inline(Spelling.text(data, "mimeType"), Spelling.text(data, "data"));
    }

    private static Part.Media file(JsonNode data) {
        return MediaTypes.file(Spelling.text(data, "mimeType"), Spelling.text(data, "fileUri"));
    }

    private Part.ToolCall call(JsonNode call, String signature, String field, int turn) throws BadRequest {
        String name = name(call, field + ".functionCall");
        String id = Spelling.text(call, "id");
        JsonNode args = Spelling.get(call, "args");
        Part.ToolCall read = new Part.ToolCall(
                id.isEmpty() ? CallIds.ofPlace(turn, made++) : id,
                name,
                args.isObject() ? args.toString() : "{}",
                signature);
        open.add(read);
        return read;
    }

    private Part.ToolResult result(JsonNode result, String field, int turn) throws BadRequest {
        String name = name(result, field + ".functionResponse");
        String id = idOfCall(Spelling.text(result, "id"), name, turn);
        JsonNode response = Spelling.get(result, "response");
        JsonNode error = response.path("error");
        boolean failed = response.size() == 1 && !error.isMissingNode();
        List<Part> content = new ArrayList<>();
        String words = failed ? textOf(error) : words(response);
        if (!words.isEmpty()) {
            content.add(Part.Text.of(words));
        }
        for (JsonNode part : Spelling.get(result, "parts")) {
            if (!Spelling.get(part, "inlineData").isMissingNode()) {
                content.add(inline(Spelling.get(part, "inlineData")));
            } else if (!Spelling.get(part, "fileData").isMissingNode()) {
                content.add(file(Spelling.get(part, "fileData")));
            }
        }
        return new Part.ToolResult(id, name, content, failed);
    }

    /** What Google's clients wrap a result in that is only words is taken off again. */
    private static String words(JsonNode response) {
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
        return id.isEmpty() ? CallIds.ofPlace(turn, made++) : id;
    }

    private static String name(JsonNode object, String field) throws BadRequest {
        String name = Spelling.text(object, "name");
        if (name.isEmpty()) {
            throw BadRequest.missing(field + ".name", "'" + field + "' has no 'name'. Name the function.");
        }
        return name;
    }

    private static void foreign(JsonNode part, List<Part> read) {
        for (var member : part.properties()) {
            String kind = Spelling.camel(member.getKey());
            if (!kind.equals("thoughtSignature") && !kind.equals("thought") && !kind.equals("videoMetadata")) {
                read.add(new Part.Foreign(GeminiDialect.NAME, kind, part.toString()));
                return;
            }
        }
    }
}
