package dev.understudy.protocol.dialect.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.JsonTrees;

/** JSON to compare as trees. */
final class Json {

    private Json() {}

    static JsonNode of(String json) {
        JsonNode tree = JsonTrees.of(json);
        if (tree.isMissingNode()) {
            throw new AssertionError("not JSON: " + json);
        }
        return tree;
    }

    static JsonNode of(byte[] json) {
        return of(new String(json, UTF_8));
    }
}
