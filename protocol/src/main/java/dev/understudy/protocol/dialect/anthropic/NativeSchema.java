package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A JSON schema in the part of the language to which Anthropic holds an answer: objects have no other members than those
 * that are named, and limits of numbers and lengths are unknown. Such limits become words of the description, as
 * Anthropic's own clients do it.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations">JSON
 *     schema limitations</a>
 */
final class NativeSchema {
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

    private NativeSchema() {}

    /**
     * A schema that is accepted.
     *
     * @param loosened whether limits became words
     */
    record Fitted(JsonNode schema, boolean loosened) {}

    /** Empty if objects may have members that the schema does not name: that cannot be said. */
    static Optional<Fitted> of(JsonNode schema) {
        NativeSchema fitting = new NativeSchema();
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
}
