package dev.understudy.calls.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The keys of one mapping, each once, with YAML's merge key ({@code <<: *anchor}) worked in. */
final class Section {
    private static final String MERGE = "<<";
    /** For one group of keys, counted through merges of merges, so that a few lines cannot stand for millions. */
    private static final int MOST_MERGES = 50;

    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9_-]+");

    private final int line;
    private final String path;
    private final ReadingContext reading;
    private final Map<String, Entry> entries;

    private Section(int line, String path, ReadingContext reading, Map<String, Entry> entries) {
        this.line = line;
        this.path = path;
        this.reading = reading;
        this.entries = Collections.unmodifiableMap(entries);
    }

    static Section empty(int line, String path, ReadingContext reading) {
        return new Section(line, path, reading, new LinkedHashMap<>());
    }

    static Section of(MappingNode mapping, int line, String path, ReadingContext reading) {
        return new Section(line, path, reading, read(mapping, path, reading, new Merges()));
    }

    private static Map<String, Entry> read(MappingNode mapping, String path, ReadingContext reading, Merges merges) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        Map<String, Integer> lines = new LinkedHashMap<>();
        Map<String, Entry> merged = new LinkedHashMap<>();
        for (NodeTuple pair : mapping.getValue()) {
            int keyLine = YamlText.lineOf(pair.getKeyNode().getStartMark());
            if (!(pair.getKeyNode() instanceof ScalarNode keyNode)) {
                reading.problem(keyLine, path, "a key must be a single word, not a list or a group of keys");
                continue;
            }
            String key = keyNode.getValue();
            if (key.equals(MERGE) && keyNode.isPlain()) {
                merge(pair.getValueNode(), keyLine, path, reading, merges, merged);
                continue;
            }
            Integer first = lines.putIfAbsent(key, keyLine);
            if (first != null) {
                reading.problem(keyLine, join(path, key), "duplicate key; the first is in line " + first);
                continue;
            }
            entries.put(key, new Entry(pair.getValueNode(), keyLine, join(path, key), reading));
        }
        merged.forEach(entries::putIfAbsent);
        return entries;
    }

    private static void merge(
            Node from, int line, String path, ReadingContext reading, Merges merges, Map<String, Entry> into) {
        List<Node> sources = from instanceof SequenceNode list ? list.getValue() : List.of(from);
        for (Node source : sources) {
            if (++merges.count > MOST_MERGES) {
                reading.problem(line, join(path, MERGE), "more than " + MOST_MERGES + " merges (<<) in one place");
                return;
            }
            if (source instanceof MappingNode mapping) {
                read(mapping, path, reading, merges).forEach(into::putIfAbsent);
            } else {
                reading.problem(line, join(path, MERGE), "only groups of keys can be merged, such as <<: *anchor");
            }
        }
    }

    /** Reports every key that is none of these, with the one that was probably meant. */
    Section only(String... known) {
        return only(key -> false, known);
    }

    /** The same, but lets keys that begin with {@code x-} stand: a place for anchors. */
    Section onlyOrExtension(String... known) {
        return only(key -> key.startsWith("x-"), known);
    }

    private Section only(Predicate<String> isIgnored, String... known) {
        List<String> names = List.of(known);
        entries.forEach((key, entry) -> {
            if (!names.contains(key) && !isIgnored.test(key)) {
                String suggestion = Suggestion.of(key, names);
                entry.problemOfKey("unknown key"
                        + (suggestion.isEmpty() ? "; the keys here are " + String.join(", ", names) : suggestion));
            }
        });
        return this;
    }

    /**
     * These keys with those of a layer over them. A key that has no value in the layer is as if the file had not stated it.
     *
     * @param levels how many levels are merged key by key; below them the layer's value takes the place of the file's
     */
    Section under(Section layer, int levels) {
        Map<String, Entry> all = new LinkedHashMap<>(entries);
        layer.entries.forEach((key, over) -> {
            if (over.isNull()) {
                all.remove(key);
            } else if (levels > 1 && over.isMapping()) {
                Section below = Optional.ofNullable(all.get(key))
                        .filter(Entry::isMapping)
                        .flatMap(Entry::section)
                        .orElseGet(over::noSection);
                all.put(key, over.holding(below.under(over.section().orElseThrow(), levels - 1)));
            } else {
                all.put(key, over);
            }
        });
        return new Section(line, path, reading, all);
    }

    /** The same keys in another order: these first, as far as they are there. */
    Section leading(List<String> first) {
        Map<String, Entry> order = new LinkedHashMap<>();
        first.forEach(key -> get(key).ifPresent(entry -> order.put(key, entry)));
        entries.forEach(order::putIfAbsent);
        return new Section(line, path, reading, order);
    }

    /** The same keys with another value of one of them. */
    Section with(String key, Entry value) {
        Map<String, Entry> all = new LinkedHashMap<>(entries);
        all.put(key, value);
        return new Section(line, path, reading, all);
    }

    /** The keys as a tree in which variables stay as they are written. */
    ObjectNode tree() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        entries.forEach((key, entry) -> tree.set(key, entry.tree()));
        return tree;
    }

    Optional<Entry> get(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    /** The keys below a key that is there. */
    Optional<Section> section(String key) {
        return get(key).flatMap(Entry::section);
    }

    /** All keys, in the file's order. */
    Map<String, Entry> entries() {
        return entries;
    }

    /** A fault of the section as a whole: something that is missing. */
    void problem(String message) {
        reading.problem(line, path, message);
    }

    private static String join(String path, String key) {
        String step = PLAIN_KEY.matcher(key).matches() ? key : "\"" + key + "\"";
        return path.isEmpty() ? step : path + "." + step;
    }

    /** How many merges one group of keys has taken so far. */
    private static final class Merges {
        private int count;
    }
}
