package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;

/**
 * Makes a JSON schema of Gemini's {@code Schema}, which is OpenAPI 3.0's with types in capitals: {@code nullable} becomes
 * one more type, counts that came as strings (as ProtoJSON spells 64-bit numbers) become numbers, and
 * {@code propertyOrdering}, which no other vendor knows, is left out.
 *
 * @see <a href="https://ai.google.dev/api/caching#Schema">Gemini API: Schema</a>
 */
final class SchemaReader {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private SchemaReader() {}

    /** @param schema of bounded depth; what is no object says nothing */
    static JsonNode jsonSchema(JsonNode schema) {
        ObjectNode read = NODES.objectNode();
        for (Map.Entry<String, JsonNode> member : schema.properties()) {
            member(Spelling.camel(member.getKey()), member.getValue(), read);
        }
        if (Spelling.get(schema, "nullable").asBoolean(false)) {
            orNull(read);
        }
        return read;
    }

    private static void member(String name, JsonNode value, ObjectNode read) {
        switch (name) {
            case "type" -> type(value, read);
            case "nullable", "propertyOrdering" -> {}
            case "format" -> {
                // Gemini's mark of strings that have an enum; no format elsewhere.
                if (!value.asText("").equals("enum")) {
                    read.set("format", value);
                }
            }
            case "example" -> read.set("examples", NODES.arrayNode().add(value));
            case "minItems", "maxItems", "minProperties", "maxProperties", "minLength", "maxLength" ->
                read.set(name, count(value));
            case "items" -> read.set("items", value.isObject() ? jsonSchema(value) : value);
            case "anyOf" -> {
                ArrayNode all = read.putArray("anyOf");
                value.forEach(one -> all.add(jsonSchema(one)));
            }
            case "properties" -> {
                ObjectNode all = read.putObject("properties");
                for (Map.Entry<String, JsonNode> property : value.properties()) {
                    all.set(property.getKey(), jsonSchema(property.getValue()));
                }
            }
            default -> read.set(name, value);
        }
    }

    private static void type(JsonNode type, ObjectNode read) {
        if (type.isTextual()) {
            if (!type.textValue().equals("TYPE_UNSPECIFIED")) {
                read.put("type", type.textValue().toLowerCase(Locale.ROOT));
            }
        } else {
            read.set("type", type);
        }
    }

    private static void orNull(ObjectNode read) {
        if (read.path("type").isTextual()) {
            String type = read.path("type").textValue();
            read.putArray("type").add(type).add("null");
            if (read.get("enum") instanceof ArrayNode values) {
                read.set("enum", values.deepCopy().addNull());
            }
        } else if (read.get("anyOf") instanceof ArrayNode all) {
            all.add(NODES.objectNode().put("type", "null"));
        }
    }

    private static JsonNode count(JsonNode value) {
        String digits = value.asText("");
        boolean isCount = value.isTextual()
                && !digits.isEmpty()
                && digits.length() <= 9
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return isCount ? NODES.numberNode(Integer.parseInt(digits)) : value;
    }
}
