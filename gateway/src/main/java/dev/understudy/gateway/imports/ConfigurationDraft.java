package dev.understudy.gateway.imports;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.config.YamlTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A configuration that is being written: its keys, and comments on them. */
final class ConfigurationDraft {
    private static final int WIDTH = 110;

    private final ObjectNode tree = JsonNodeFactory.instance.objectNode();
    private final Map<String, List<String>> comments = new LinkedHashMap<>();
    private final List<String> head = new ArrayList<>();
    private final List<String> tail = new ArrayList<>();
    private final Set<String> variables = new LinkedHashSet<>();

    /** The keys below a path, which are made where they are not there. */
    ObjectNode at(String... path) {
        ObjectNode node = tree;
        for (String key : path) {
            node = node.has(key) ? (ObjectNode) node.get(key) : node.putObject(key);
        }
        return node;
    }

    /** A list below a path, which is made where it is not there. */
    ArrayNode listAt(ObjectNode node, String key) {
        return node.has(key) ? (ArrayNode) node.get(key) : node.putArray(key);
    }

    boolean has(String key) {
        return tree.has(key);
    }

    /** Adds a comment before a key or an item; the same one once. */
    void comment(String path, String text) {
        List<String> lines = comments.computeIfAbsent(path, none -> new ArrayList<>());
        List<String> wrapped = wrapped(text);
        if (Collections.indexOfSubList(lines, wrapped) < 0) {
            lines.addAll(wrapped);
        }
    }

    /** Adds a comment at the beginning of the file. */
    void head(String text) {
        head.addAll(wrapped(text));
    }

    /** Adds a comment at the end, about something that has no place in this configuration. */
    void noCounterpart(String what, String why) {
        tail.addAll(wrapped(what + ": " + why));
    }

    /** The reference to a variable that the configuration needs. */
    String variable(String name) {
        variables.add(name);
        return "${" + name + "}";
    }

    /** The variables that have to be set. */
    Collection<String> variables() {
        return variables;
    }

    /** The whole text. */
    String text() {
        StringBuilder text = new StringBuilder();
        head.forEach(line -> text.append("# ").append(line).append('\n'));
        if (!variables.isEmpty()) {
            wrapped("Needs these environment variables: " + String.join(", ", variables) + ".")
                    .forEach(line -> text.append("# ").append(line).append('\n'));
        }
        text.append('\n').append(YamlTree.text(tree, comments));
        if (!tail.isEmpty()) {
            text.append("\n# Without a counterpart here:\n");
            tail.forEach(line -> text.append("#   ").append(line).append('\n'));
        }
        return text.toString();
    }

    /** What is copied into comments may be anything: it must not end the comment. */
    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.replaceAll("\\p{Cntrl}+", " ").split(" ", -1)) {
            if (line.length() > 0 && line.length() + word.length() >= WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
