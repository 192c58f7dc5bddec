package dev.understudy.protocol.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What two readers make of the same bytes, as lists that can be compared. A text that is refused has none. */
final class OracleWalk {
    private OracleWalk() {}

    /** Each token with its place and, of names, strings and numbers, its text; of the one value that there must be. */
    static List<String> byCursor(byte[] json, int deepest) {
        List<String> tokens = new ArrayList<>();
        JsonCursor cursor = new JsonCursor(deepest).over(json, 0, json.length);
        try {
            int depth = 0;
            do {
                Token token = cursor.next();
                depth += change(token == Token.START_OBJECT || token == Token.START_ARRAY);
                depth -= change(token == Token.END_OBJECT || token == Token.END_ARRAY);
                String text = token == Token.NAME || token == Token.STRING
                        ? cursor.string().decoded() + " " + cursor.string().length()
                        : token == Token.NUMBER
                                ? new String(
                                        json, cursor.start(), cursor.end() - cursor.start(), JsonCursorFuzzTest.BYTES)
                                : "";
                tokens.add(token + "@" + cursor.start() + " " + text);
            } while (depth > 0);
            return cursor.isAtEnd() ? tokens : List.of();
        } catch (MalformedJson refused) {
            return List.of();
        }
    }

    /** The same, read by the library. */
    static List<String> byLibrary(byte[] json, int deepest) {
        if (Utf8.firstFault(json, 0) >= 0) {
            return List.of();
        }
        List<String> tokens = new ArrayList<>();
        try (JsonParser parser = Parsers.over(json, 0, json.length)) {
            int depth = 0;
            do {
                JsonToken token = parser.nextToken();
                if (token == null) {
                    return List.of();
                }
                depth += change(token.isStructStart());
                depth -= change(token.isStructEnd());
                if (depth > deepest) {
                    return List.of();
                }
                long start = parser.currentTokenLocation().getByteOffset();
                String text = token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING
                        ? parser.getText() + " " + parser.getTextLength()
                        : token.isNumeric() ? parser.getText() : "";
                tokens.add(nameOf(token) + "@" + start + " " + text);
            } while (depth > 0);
            return parser.nextToken() == null ? tokens : List.of();
        } catch (IOException refused) {
            return List.of();
        }
    }

    private static int change(boolean happens) {
        return happens ? 1 : 0;
    }

    private static Token nameOf(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> Token.START_OBJECT;
            case END_OBJECT -> Token.END_OBJECT;
            case START_ARRAY -> Token.START_ARRAY;
            case END_ARRAY -> Token.END_ARRAY;
            case FIELD_NAME -> Token.NAME;
            case VALUE_STRING -> Token.STRING;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Token.NUMBER;
            case VALUE_TRUE -> Token.TRUE;
            case VALUE_FALSE -> Token.FALSE;
            case VALUE_NULL -> Token.NULL;
            case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> throw new IllegalStateException("not JSON: " + token);
        };
    }
}
