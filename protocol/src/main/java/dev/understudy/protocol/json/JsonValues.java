package dev.understudy.protocol.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes {@link JsonValue}s. */
final class JsonValues {
    /** Options and events are flat; anything deeper is a mistake or an attack on the stack. */
    private static final int DEEPEST = 64;

    private JsonValues() {}

    static JsonValue read(String what, byte[] json, int from, int to) throws BadRequest {
        JsonCursor cursor = new JsonCursor(DEEPEST).over(json, from, to);
        if (cursor.isAtEnd()) {
            throw BadRequest.notJson(what + " is empty. Send JSON.");
        }
        try {
            JsonValue value = value(json, cursor, cursor.next());
            if (!cursor.isAtEnd()) {
                throw BadRequest.notJson(what + " continues after the end of its value. Send one value only.");
            }
            return value;
        } catch (MalformedJson malformed) {
            throw malformed.fault() == JsonFault.TOO_DEEP
                    ? BadRequest.notJson(what + " is nested more than " + DEEPEST + " levels deep. Send a flatter one.")
                    : malformed.asBadRequest(what);
        }
    }

    private static JsonValue value(byte[] json, JsonCursor cursor, Token token) throws MalformedJson {
        return switch (token) {
            case STRING -> new JsonValue.Text(cursor.string().decoded());
            case NUMBER ->
                new JsonValue.Num(
                        new String(json, cursor.start(), cursor.end() - cursor.start(), StandardCharsets.US_ASCII));
            case TRUE -> new JsonValue.Bool(true);
            case FALSE -> new JsonValue.Bool(false);
            case NULL -> new JsonValue.Null();
            case START_OBJECT -> {
                Map<String, JsonValue> members = new LinkedHashMap<>();
                while (cursor.next() == Token.NAME) {
                    String name = cursor.string().decoded();
                    members.put(name, value(json, cursor, cursor.next()));
                }
                yield new JsonValue.Obj(members);
            }
            case START_ARRAY -> {
                List<JsonValue> items = new ArrayList<>();
                for (Token next = cursor.next(); next != Token.END_ARRAY; next = cursor.next()) {
                    items.add(value(json, cursor, next));
                }
                yield new JsonValue.Arr(items);
            }
            case END_OBJECT, END_ARRAY, NAME -> throw new IllegalStateException("no value begins with " + token);
        };
    }

    static void write(StringBuilder json, JsonValue value) {
        switch (value) {
            case JsonValue.Text text -> JsonOut.appendQuoted(json, text.value());
            case JsonValue.Num number -> json.append(number.spelling());
            case JsonValue.Bool bool -> json.append(bool.value());
            case JsonValue.Null ignored -> json.append("null");
            case JsonValue.Arr array -> {
                String separator = "[";
                for (JsonValue item : array.items()) {
                    json.append(separator);
                    write(json, item);
                    separator = ",";
                }
                json.append(array.items().isEmpty() ? "[]" : "]");
            }
            case JsonValue.Obj object -> {
                String separator = "{";
                for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
                    json.append(separator);
                    JsonOut.appendQuoted(json, member.getKey());
                    json.append(':');
                    write(json, member.getValue());
                    separator = ",";
                }
                json.append(object.members().isEmpty() ? "{}" : "}");
            }
        }
    }
}
