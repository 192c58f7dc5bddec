package dev.understudy.calls.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
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
        return text(tree, Map.of());
    }

    /**
     * The text of a tree with comments.
     *
     * @param comments the lines of the comment before a key or an item, by its path as {@link #mapTexts} has it
     */
    public static String text(ObjectNode tree, Map<String, List<String>> comments) {
        StringBuilder text = new StringBuilder();
        new Writer(text, comments).write(tree, "", "");
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
                    .forEach(field ->
                            changed.set(field.getKey(), mapped(below(path, field.getKey()), field.getValue(), change)));
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

    private static String below(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private record Writer(StringBuilder text, Map<String, List<String>> comments) {

        void write(ObjectNode group, String path, String indent) {
            for (Map.Entry<String, JsonNode> field : group.properties()) {
                String key = below(path, field.getKey());
                comment(key, indent);
                text.append(indent).append(scalar(field.getKey())).append(':');
                writeValue(field.getValue(), key, indent);
            }
        }

        private void comment(String path, String indent) {
            for (String line : comments.getOrDefault(path, List.of())) {
                text.append(indent).append("# ").append(line).append('\n');
            }
        }

        private void writeValue(JsonNode value, String path, String indent) {
            if (value instanceof ObjectNode group && !group.isEmpty()) {
                text.append('\n');
                write(group, path, indent + STEP);
            } else if (value.isArray() && !value.isEmpty()) {
                text.append('\n');
                for (int i = 0; i < value.size(); i++) {
                    writeItem(value.get(i), path + "[" + i + "]", indent + STEP);
                }
            } else {
                text.append(' ')
                        .append(value.isObject() ? "{}" : value.isArray() ? "[]" : scalar(value))
                        .append('\n');
            }
        }

        private void writeItem(JsonNode item, String path, String indent) {
            comment(path, indent);
            text.append(indent).append('-');
            if (item instanceof ObjectNode group && !group.isEmpty()) {
                StringBuilder keys = new StringBuilder();
                new Writer(keys, comments).write(group, path, indent + STEP);
                // The first key stands behind the dash.
                text.append(' ').append(keys, indent.length() + STEP.length(), keys.length());
            } else {
                writeValue(item, path, indent);
            }
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
