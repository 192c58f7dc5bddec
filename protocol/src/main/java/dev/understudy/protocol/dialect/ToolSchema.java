package dev.understudy.protocol.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * JSON schemas in the form that all vendors accept, and what a vendor's strict mode requires of them.
 *
 * <p>Vendors refuse an array without {@code items} and an object without {@code properties}, which JSON schema allows, and
 * types in upper case, which Google's older schemas have. Each is replaced by its equivalent, so the meaning stays the same.
 * A schema that needs no change is returned as it came.
 */
public final class ToolSchema {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final Set<String> TYPES =
            Set.of("object", "array", "string", "number", "integer", "boolean", "null");

    /** Counts, which Google's clients write as text, since they are 64-bit numbers in a protocol buffer. */
    private static final List<String> COUNTS =
            List.of("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties");

    private static final List<String> UNIONS = List.of("anyOf", "oneOf", "allOf");
    private static final List<String> NAMED_SCHEMAS =
            List.of("properties", "$defs", "definitions", "patternProperties");
    private static final List<String> SCHEMAS = List.of(
            "items", "additionalProperties", "not", "if", "then", "else", "anyOf", "oneOf", "allOf", "prefixItems");

    /** Members that say what an object's members are, so that it needs no {@code properties}. */
    private static final List<String> DESCRIBES_MEMBERS =
            List.of("properties", "additionalProperties", "patternProperties", "$ref", "anyOf", "oneOf", "allOf");

    /**
     * What OpenAI accepts in a strict schema.
     *
     * @see <a href="https://platform.openai.com/docs/guides/structured-outputs#supported-schemas">Supported schemas</a>
     */
    private static final Set<String> STRICT_AT_OPENAI = Set.of(
            "type",
            "title",
            "description",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "enum",
            "const",
            "anyOf",
            "$ref",
            "$defs",
            "definitions",
            "$schema",
            "pattern",
            "format",
            "multipleOf",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "minItems",
            "maxItems");

    private ToolSchema() {}

    /** The schema of a function's arguments, which are an object; an empty schema is returned as it is. */
    public static JsonNode ofArguments(JsonNode schema) {
        JsonNode normal = normal(schema);
        boolean untyped =
                normal instanceof ObjectNode && !normal.isEmpty() && !normal.has("type") && !normal.has("$ref");
        boolean bare = isObject(normal) && !normal.has("properties");
        if (!untyped && !bare) {
            return normal;
        }
        ObjectNode root = normal.deepCopy();
        root.put("type", "object");
        if (!root.has("properties")) {
            root.putObject("properties");
        }
        return root;
    }

    /** The schema with an equivalent in place of what vendors refuse. */
    public static JsonNode normal(JsonNode schema) {
        if (isNormal(schema)) {
            return schema;
        }
        JsonNode copy = schema.deepCopy();
        normalize(copy);
        return copy;
    }

    private static boolean isNormal(JsonNode node) {
        if (node.isArray()) {
            for (JsonNode item : node) {
                if (!isNormal(item)) {
                    return false;
                }
            }
            return true;
        }
        if (!(node instanceof ObjectNode schema)) {
            return true;
        }
        if (!hasNormalTypes(schema)
                || lacksProperties(schema)
                || lacksItems(schema)
                || schema.path("items").isArray()) {
            return false;
        }
        for (String count : COUNTS) {
            if (schema.path(count).isTextual()) {
                return false;
            }
        }
        for (String name : NAMED_SCHEMAS) {
            for (JsonNode named : schema.path(name)) {
                if (!isNormal(named)) {
                    return false;
                }
            }
        }
        for (String name : SCHEMAS) {
            if (!isNormal(schema.path(name))) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasNormalTypes(ObjectNode schema) {
        JsonNode type = schema.path("type");
        if (type.isTextual()) {
            return isNormalType(type.textValue());
        }
        for (JsonNode one : type) {
            if (one.isTextual() && !isNormalType(one.textValue())) {
                return false;
            }
        }
        return true;
    }

    /** Unknown types are unchanged: the vendor's own error tells the caller more. */
    private static boolean isNormalType(String type) {
        return TYPES.contains(type)
                || !(TYPES.contains(type.toLowerCase(Locale.ROOT)) || type.equals("TYPE_UNSPECIFIED"));
    }

    private static boolean isObject(JsonNode schema) {
        return schema.path("type").asText("").equals("object");
    }

    private static boolean lacksProperties(ObjectNode schema) {
        return isObject(schema) && DESCRIBES_MEMBERS.stream().noneMatch(schema::has);
    }

    private static boolean lacksItems(ObjectNode schema) {
        JsonNode type = schema.path("type");
        boolean array = type.asText("").equals("array");
        for (JsonNode one : type) {
            array |= one.asText("").equals("array");
        }
        return array && !schema.has("items") && !schema.has("prefixItems") && !schema.has("$ref");
    }

    private static void normalize(JsonNode node) {
        if (node.isArray()) {
            node.forEach(ToolSchema::normalize);
        }
        if (!(node instanceof ObjectNode schema)) {
            return;
        }
        types(schema);
        if (lacksProperties(schema)) {
            schema.putObject("properties");
        }
        if (lacksItems(schema)) {
            schema.putObject("items");
        } else if (schema.path("items") instanceof ArrayNode tuple) {
            // The older form of a tuple. Its length is not part of the schema either.
            schema.set(
                    "items",
                    tuple.size() == 1 ? tuple.get(0) : NODES.objectNode().set("anyOf", tuple));
        }
        for (String name : COUNTS) {
            String digits = schema.path(name).asText("");
            if (schema.path(name).isTextual() && digits.matches("[0-9]{1,9}")) {
                schema.put(name, Integer.parseInt(digits));
            }
        }
        for (String name : NAMED_SCHEMAS) {
            schema.path(name).forEach(ToolSchema::normalize);
        }
        for (String name : SCHEMAS) {
            normalize(schema.path(name));
        }
    }

    private static void types(ObjectNode schema) {
        JsonNode type = schema.path("type");
        if (type.isTextual() && !isNormalType(type.textValue())) {
            if (type.textValue().equals("TYPE_UNSPECIFIED")) {
                schema.remove("type");
            } else {
                schema.put("type", type.textValue().toLowerCase(Locale.ROOT));
            }
        } else if (type.isArray() && !hasNormalTypes(schema)) {
            ArrayNode lower = NODES.arrayNode();
            type.forEach(one -> lower.add(one.asText("").toLowerCase(Locale.ROOT)));
            schema.set("type", lower);
        }
    }

    /** Whether the schema has alternatives at its top, which most vendors refuse for a function's arguments. */
    public static boolean hasRootUnion(JsonNode schema) {
        return UNIONS.stream().anyMatch(schema::has);
    }

    /**
     * One object with the members of all alternatives at the schema's top. A member is required if every alternative requires
     * it. The result accepts whatever the schema accepts, and more.
     */
    public static JsonNode withoutRootUnion(JsonNode schema) {
        ObjectNode root = schema.deepCopy();
        ObjectNode properties = root.path("properties") instanceof ObjectNode own ? own : root.putObject("properties");
        Set<String> required = names(root.path("required"));
        for (String union : UNIONS) {
            JsonNode branches = root.path(union);
            boolean all = union.equals("allOf");
            Set<String> common = new LinkedHashSet<>();
            boolean first = true;
            Set<String> references = new HashSet<>();
            for (JsonNode branch : branches) {
                String reference = branch.path("$ref").asText("");
                if (!reference.isEmpty() && !references.add(reference)) {
                    // It adds nothing, and many references to one large schema would take a time that is quadratic.
                    continue;
                }
                JsonNode resolved = resolved(root, branch);
                for (Map.Entry<String, JsonNode> property :
                        resolved.path("properties").properties()) {
                    if (!properties.has(property.getKey())) {
                        properties.set(property.getKey(), property.getValue());
                    }
                }
                Set<String> its = names(resolved.path("required"));
                if (all || first) {
                    common.addAll(its);
                } else {
                    common.retainAll(its);
                }
                first = false;
            }
            required.addAll(common);
            root.remove(union);
        }
        required.removeIf(name -> !properties.has(name));
        root.put("type", "object");
        if (required.isEmpty()) {
            root.remove("required");
        } else {
            ArrayNode names = root.putArray("required");
            required.forEach(names::add);
        }
        return root;
    }

    private static JsonNode resolved(JsonNode root, JsonNode branch) {
        String reference = branch.path("$ref").asText("");
        return reference.startsWith("#/") && !reference.contains("~") ? root.at(reference.substring(1)) : branch;
    }

    private static Set<String> names(JsonNode list) {
        Set<String> names = new LinkedHashSet<>();
        list.forEach(name -> names.add(name.asText("")));
        return names;
    }

    /**
     * The schema for OpenAI's strict mode, in which every object is closed and requires all its members. Objects that say
     * nothing about further members are closed, since strict arguments have none. Empty for a schema that strict mode does not
     * have: with optional or arbitrary members, or with a keyword that OpenAI does not support.
     */
    public static Optional<JsonNode> strictAtOpenAi(JsonNode schema) {
        if (!isObject(schema) || hasRootUnion(schema)) {
            return Optional.empty();
        }
        JsonNode closed = schema.deepCopy();
        close(closed);
        return isStrict(closed) ? Optional.of(closed) : Optional.empty();
    }

    /** The same of the arguments of a function, which may be none. */
    public static Optional<JsonNode> strictArgumentsAtOpenAi(JsonNode schema) {
        ObjectNode root = schema.isEmpty() ? NODES.objectNode().put("type", "object") : schema.deepCopy();
        if (isObject(root) && root.path("properties").isEmpty() && !root.has("additionalProperties")) {
            root.putObject("properties");
            root.putArray("required");
            root.put("additionalProperties", false);
        }
        return strictAtOpenAi(root);
    }

    private static void close(JsonNode node) {
        if (node.isArray()) {
            node.forEach(ToolSchema::close);
        }
        if (!(node instanceof ObjectNode schema)) {
            return;
        }
        if (!schema.path("properties").isEmpty() && !schema.has("additionalProperties")) {
            schema.put("additionalProperties", false);
        }
        for (String name : NAMED_SCHEMAS) {
            schema.path(name).forEach(ToolSchema::close);
        }
        for (String name : SCHEMAS) {
            close(schema.path(name));
        }
    }

    private static boolean isStrict(JsonNode node) {
        if (!(node instanceof ObjectNode schema)) {
            return false;
        }
        for (Map.Entry<String, JsonNode> member : schema.properties()) {
            if (!STRICT_AT_OPENAI.contains(member.getKey())) {
                return false;
            }
        }
        boolean object = isObject(schema) || schema.has("properties");
        if (object) {
            JsonNode more = schema.path("additionalProperties");
            Set<String> required = names(schema.path("required"));
            Set<String> members = new LinkedHashSet<>();
            schema.path("properties").fieldNames().forEachRemaining(members::add);
            if (!more.isBoolean() || more.booleanValue() || !required.equals(members)) {
                return false;
            }
        }
        for (String name : List.of("properties", "$defs", "definitions")) {
            for (JsonNode named : schema.path(name)) {
                if (!isStrict(named)) {
                    return false;
                }
            }
        }
        for (JsonNode alternative : schema.path("anyOf")) {
            if (!isStrict(alternative)) {
                return false;
            }
        }
        return !schema.has("items") || isStrict(schema.path("items"));
    }
}
