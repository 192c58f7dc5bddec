package dev.understudy.calls.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** Settings as a tree, and its text in YAML. Texts are written so that {@link Entry#tree} reads the same tree from them. */
public final class YamlTree {
    /** Texts that need no quotes: they cannot be read as anything but a text. */
    private static final Pattern PLAIN = Pattern.compile(
            "[A-Za-z_$./][A-Za-z0-9_./${}:@%+?=&*()-]*(?<!:)|\\d{1,9}(\\.\\d{1,3})?(ms|s|m|h|d|%|B|KB|MB|GB)");

    private static final Set<String> NOT_TEXT = Set.of("true", "false", "null");
    private static final String STEP = "  ";

    private YamlTree() {}

    /** The text of a tree. */
    public static String text(ObjectNode tree) {
        StringBuilder text = new StringBuilder();
        write(text, tree, "");
        return text.toString();
    }

    /** The same tree with other texts: each is replaced by what the function makes of its path and itself. */
    public static ObjectNode mapTexts(ObjectNode tree, BiFunction<String, String, String> change) {
        return (ObjectNode) mapped("", tree, change);
    }

    private static JsonNode mapped(String path, JsonNode node, BiFunction<String, String, String> change) {
        if (node.isObject()) {
            ObjectNode changed = JsonNodeFactory.instance.objectNode();
            node.properties()
                    .forEach(field -> changed.set(
                            field.getKey(),
                            mapped(
                                    path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                                    field.getValue(),
                                    change)));
            return changed;
        }
        if (node.isArray()) {
            ArrayNode changed = JsonNodeFactory.instance.arrayNode();
            node.forEach(item -> changed.add(mapped(path + "[" + changed.size() + "]", item, change)));
            return changed;
        }
        return node.isContainerNode() || node.isNull() || node.isBoolean() ? node : replaced(path, node, change);
    }

    private static JsonNode replaced(String path, JsonNode scalar, BiFunction<String, String, String> change) {
        String changed = change.apply(path, scalar.asText());
        return changed.equals(scalar.asText()) ? scalar : TextNode.valueOf(changed);
    }

    private static void write(StringBuilder text, ObjectNode group, String indent) {
        for (Map.Entry<String, JsonNode> field : group.properties()) {
            text.append(indent).append(scalar(field.getKey())).append(':');
            writeValue(text, field.getValue(), indent);
        }
    }

    private static void writeValue(StringBuilder text, JsonNode value, String indent) {
        if (value instanceof ObjectNode group && !group.isEmpty()) {
            text.append('\n');
            write(text, group, indent + STEP);
        } else if (value.isArray() && !value.isEmpty()) {
            text.append('\n');
            value.forEach(item -> writeItem(text, item, indent + STEP));
        } else {
            text.append(' ')
                    .append(value.isObject() ? "{}" : value.isArray() ? "[]" : scalar(value))
                    .append('\n');
        }
    }

    private static void writeItem(StringBuilder text, JsonNode item, String indent) {
        text.append(indent).append('-');
        if (item instanceof ObjectNode group && !group.isEmpty()) {
            StringBuilder keys = new StringBuilder();
            write(keys, group, indent + STEP);
            // The first key stands behind the dash.
            text.append(' ').append(keys, indent.length() + STEP.length(), keys.length());
        } else {
            writeValue(text, item, indent);
        }
    }

    private static String scalar(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> scalar(value.textValue());
            case NUMBER -> value.decimalValue().toPlainString();
            case NULL -> "null";
            default -> value.asText();
        };
    }

    private static String scalar(String text) {
        return PLAIN.matcher(text).matches() && !NOT_TEXT.contains(text)
                ? text
                : TextNode.valueOf(text).toString();
    }
}
