package dev.understudy.protocol.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A JSON schema within the subset that structured outputs support: objects are closed, and limits of numbers and
 * lengths are unknown. Such limits move into the description, as in Anthropic's own clients. Claude
 * models have it at Anthropic and on Bedrock.
 *
 * @see <a
 *     href="https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations">JSON
 *     schema limitations</a>
 */
public final class ClaudeSchema {
    private static final Set<String> UNKNOWN = Set.of(
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minLength",
            "maxLength",
            "maxItems",
            "uniqueItems",
            "minProperties",
            "maxProperties");

    private boolean loosened;
    private boolean open;

    private ClaudeSchema() {}

    /**
     * A schema within the subset.
     *
     * @param loosened whether limits moved into a description
     */
    public record Fitted(JsonNode schema, boolean loosened) {}

    /** Empty if the schema has open objects, which the subset does not have. */
    public static Optional<Fitted> of(JsonNode schema) {
        ClaudeSchema fitting = new ClaudeSchema();
        JsonNode fitted = schema.deepCopy();
        fitting.fit(fitted);
        return fitting.open ? Optional.empty() : Optional.of(new Fitted(fitted, fitting.loosened));
    }

    private void fit(JsonNode node) {
        if (node instanceof ArrayNode list) {
            list.forEach(this::fit);
        }
        if (!(node instanceof ObjectNode schema)) {
            return;
        }
        close(schema);
        limitsToWords(schema);
        for (String of : List.of("properties", "$defs", "definitions", "patternProperties")) {
            schema.path(of).forEach(this::fit);
        }
        for (String of : List.of("items", "anyOf", "allOf", "oneOf", "not")) {
            fit(schema.path(of));
        }
    }

    private void close(ObjectNode schema) {
        JsonNode more = schema.path("additionalProperties");
        boolean object = schema.path("type").asText("").equals("object") || schema.has("properties");
        if (!object) {
            return;
        }
        boolean closed = more.isBoolean() && !more.booleanValue();
        if (more.isObject()
                || more.asBoolean(false)
                || (!closed && schema.path("properties").isEmpty())) {
            open = true;
        } else {
            schema.put("additionalProperties", false);
        }
    }

    private void limitsToWords(ObjectNode schema) {
        List<String> words = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : List.copyOf(schema.properties())) {
            boolean list =
                    member.getKey().equals("minItems") && member.getValue().asInt(0) > 1;
            if (list || UNKNOWN.contains(member.getKey())) {
                words.add(member.getKey() + ": " + member.getValue());
            }
        }
        if (words.isEmpty()) {
            return;
        }
        loosened = true;
        words.forEach(word -> schema.remove(word.substring(0, word.indexOf(':'))));
        String said = schema.path("description").asText("");
        schema.put("description", (said.isEmpty() ? "" : said + " ") + "(" + String.join(", ", words) + ")");
    }

    /** Whether the schema is within the subset as it is, which strict tools require. */
    public static boolean holds(JsonNode schema) {
        Optional<Fitted> fitted = of(schema);
        return fitted.isPresent() && fitted.get().schema().equals(schema);
    }
}
