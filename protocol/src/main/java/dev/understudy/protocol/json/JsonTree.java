package dev.understudy.protocol.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes {@link JsonValue}s. */
final class JsonTree {
    /** Settings and events are flat; whatever is deeper than this is a mistake or an attack on the stack. */
    private static final int DEEPEST = 64;

    private JsonTree() {}

    static JsonValue read(String what, byte[] json, int from, int to) throws BadRequest {
        try (JsonParser parser = Parsers.over(json, from, to)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw BadRequest.notJson(what + " is empty. Send JSON.");
            }
            JsonValue value = value(what, parser, first, 1);
            if (parser.nextToken() != null) {
                throw BadRequest.notJson(
                        what + " goes on after the end of its value. Send one value and nothing else.");
            }
            return value;
        } catch (JsonProcessingException malformed) {
            throw Parsers.asBadRequest(what, from, malformed);
        } catch (IOException cannotBe) {
            throw new UncheckedIOException("an array in memory could not be read", cannotBe);
        } catch (IllegalStateException collisions) {
            // The parser's table of names defends itself against names that are made to collide.
            throw BadRequest.notJson(what + " has too many different names. Send fewer.");
        }
    }

    private static JsonValue value(String what, JsonParser parser, JsonToken token, int depth)
            throws IOException, BadRequest {
        if (depth > DEEPEST) {
            throw BadRequest.notJson(what + " is nested more than " + DEEPEST + " levels deep. Send a flatter one.");
        }
        return switch (token) {
            case VALUE_STRING -> new JsonValue.Text(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonValue.Num(parser.getText());
            case VALUE_TRUE -> new JsonValue.Bool(true);
            case VALUE_FALSE -> new JsonValue.Bool(false);
            case VALUE_NULL -> new JsonValue.Null();
            case START_OBJECT -> {
                Map<String, JsonValue> members = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    members.put(name, value(what, parser, parser.nextToken(), depth + 1));
                }
                yield new JsonValue.Obj(members);
            }
            case START_ARRAY -> {
                List<JsonValue> items = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    items.add(value(what, parser, next, depth + 1));
                }
                yield new JsonValue.Arr(items);
            }
            case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new IllegalStateException("no value begins with " + token);
        };
    }

    static String stringIn(byte[] json, int from, int to, String name) throws BadRequest {
        try (JsonParser parser = Parsers.over(json, from, to)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = parser.currentName().equals(name);
                JsonToken token = parser.nextToken();
                if (wanted) {
                    return token == JsonToken.VALUE_STRING ? parser.getText() : "";
                }
                parser.skipChildren();
            }
            return "";
        } catch (JsonProcessingException malformed) {
            throw Parsers.asBadRequest("The request body", from, malformed);
        } catch (IOException cannotBe) {
            throw new UncheckedIOException("an array in memory could not be read", cannotBe);
        }
    }

    static void write(StringBuilder json, JsonValue value) {
        switch (value) {
            case JsonValue.Text text -> JsonText.appendQuoted(json, text.value());
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
                    JsonText.appendQuoted(json, member.getKey());
                    json.append(':');
                    write(json, member.getValue());
                    separator = ",";
                }
                json.append(object.members().isEmpty() ? "{}" : "}");
            }
        }
    }
}
