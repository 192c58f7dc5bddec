package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * Members under either of the names that Google's JSON reader takes: {@code inlineData} and {@code inline_data}.
 *
 * @see <a href="https://protobuf.dev/programming-guides/json/">ProtoJSON: names of fields</a>
 */
final class Spelling {

    private Spelling() {}

    /** The member in either spelling; a missing node where it is absent or null. */
    static JsonNode get(JsonNode object, String camel) {
        JsonNode value = object.path(camel);
        if (value.isMissingNode() || value.isNull()) {
            value = object.path(snake(camel));
        }
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    /** The text of a member; empty where there is none. */
    static String text(JsonNode object, String camel) {
        return get(object, camel).asText("");
    }

    /** {@code generation_config} as {@code generationConfig}; a name without underscores stays as it is. */
    static String camel(String name) {
        if (name.indexOf('_') <= 0) {
            return name;
        }
        StringBuilder camel = new StringBuilder(name.length());
        boolean up = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_') {
                up = true;
            } else {
                camel.append(up ? Character.toUpperCase(c) : c);
                up = false;
            }
        }
        return camel.toString();
    }

    private static String snake(String camel) {
        StringBuilder snake = new StringBuilder(camel.length() + 4);
        for (int i = 0; i < camel.length(); i++) {
            char c = camel.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                snake.append('_').append((char) (c + ('a' - 'A')));
            } else {
                snake.append(c);
            }
        }
        return snake.toString();
    }
}
