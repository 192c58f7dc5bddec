package dev.understudy.simulator.settings;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The keys of one mapping. An invalid value is reported, and the default is used in its place. */
final class YamlSection {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?) ?(ms|s|m|h|d)");
    private static final Pattern SHARE = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,6})?) ?%");

    private final String path;
    private final Problems problems;
    private final Map<String, Node> values = new LinkedHashMap<>();

    private YamlSection(String path, Problems problems) {
        this.path = path;
        this.problems = problems;
    }

    static YamlSection empty(Problems problems) {
        return new YamlSection("", problems);
    }

    /** The keys of a node; none if it is no mapping, which is then noted. */
    static YamlSection of(Node node, String path, Problems problems) {
        YamlSection section = new YamlSection(path, problems);
        if (node instanceof MappingNode mapping) {
            for (NodeTuple pair : mapping.getValue()) {
                if (pair.getKeyNode() instanceof ScalarNode key) {
                    if (section.values.put(key.getValue(), pair.getValueNode()) != null) {
                        problems.at(pair.getKeyNode(), section.pathOf(key.getValue()), "this key is there twice");
                    }
                } else {
                    problems.at(pair.getKeyNode(), path, "a key must be a single word");
                }
            }
        } else {
            problems.at(node, path, "a group of keys is expected here");
        }
        return section;
    }

    /** Notes every key that is none of these. */
    YamlSection only(String... known) {
        List<String> names = List.of(known);
        values.forEach((key, node) -> {
            if (!names.contains(key)) {
                problems.at(node, pathOf(key), "unknown key; the keys here are " + String.join(", ", names));
            }
        });
        return this;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** The sections below, by their keys. */
    Map<String, YamlSection> sections() {
        Map<String, YamlSection> sections = new LinkedHashMap<>();
        values.forEach((key, node) -> sections.put(key, of(node, pathOf(key), problems)));
        return sections;
    }

    /** The section of a key; an empty one if the key is not there. */
    YamlSection section(String key) {
        Node node = values.get(key);
        return node == null ? new YamlSection(pathOf(key), problems) : of(node, pathOf(key), problems);
    }

    Duration duration(String key, Duration otherwise) {
        return parsed(key, otherwise, YamlSection::durationOf);
    }

    /** A duration that is more than none. */
    Duration positive(String key, Duration otherwise) {
        return parsed(key, otherwise, text -> {
            Duration duration = durationOf(text);
            if (duration.isZero()) {
                throw new IllegalArgumentException("must be more than 0");
            }
            return duration;
        });
    }

    /** A percentage, as a share from 0 to 1. */
    double share(String key, double otherwise) {
        return parsed(key, otherwise, text -> {
            Matcher share = SHARE.matcher(text);
            if (!share.matches() || Double.parseDouble(share.group(1)) > 100) {
                throw new IllegalArgumentException("is no percentage from 0% to 100%");
            }
            return Double.parseDouble(share.group(1)) / 100;
        });
    }

    double number(String key, double least, double otherwise) {
        return parsed(key, otherwise, text -> {
            double number;
            try {
                number = Double.parseDouble(text);
            } catch (NumberFormatException broken) {
                throw new IllegalArgumentException("is no number", broken);
            }
            if (!(number >= least) || Double.isInfinite(number)) {
                throw new IllegalArgumentException(
                        "must be at least " + BigDecimal.valueOf(least).toPlainString());
            }
            return number;
        });
    }

    int whole(String key, int least, int otherwise) {
        return (int) number(key, least, otherwise);
    }

    boolean flag(String key, boolean otherwise) {
        return parsed(key, otherwise, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("is neither true nor false");
        });
    }

    /** Whatever a text can be turned into; the parser's message follows the text. */
    <T> T parsed(String key, T otherwise, Function<String, T> parser) {
        return text(key)
                .map(text -> {
                    try {
                        return parser.apply(text);
                    } catch (IllegalArgumentException broken) {
                        problem(key, "`" + text + "` " + broken.getMessage());
                        return otherwise;
                    }
                })
                .orElse(otherwise);
    }

    Optional<String> text(String key) {
        Node node = values.get(key);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return Optional.of(scalar.getValue().strip());
        }
        problem(key, "a single value is expected here");
        return Optional.empty();
    }

    /** The items of a list: each a text, or a section of keys. */
    List<Item> items(String key) {
        List<Item> items = new ArrayList<>();
        if (values.get(key) instanceof SequenceNode sequence) {
            for (Node node : sequence.getValue()) {
                String itemPath = pathOf(key) + "[" + items.size() + "]";
                items.add(
                        node instanceof ScalarNode scalar
                                ? new Item(scalar.getValue(), Optional.empty())
                                : new Item("", Optional.of(of(node, itemPath, problems))));
            }
        } else if (has(key)) {
            problem(key, "a list is expected here");
        }
        return items;
    }

    /**
     * An item of a list.
     *
     * @param text empty if it is a section
     */
    record Item(String text, Optional<YamlSection> section) {}

    /** Notes a fault of a key's value, or of the section if the key is not there. */
    void problem(String key, String message) {
        Node node = values.get(key);
        if (node == null) {
            problems.at(path.isEmpty() ? pathOf(key) : path, message);
        } else {
            problems.at(node, pathOf(key), message);
        }
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** A duration with its unit. */
    static Duration durationOf(String text) {
        Matcher duration = DURATION.matcher(text.strip());
        if (!duration.matches()) {
            throw new IllegalArgumentException("is not a duration; write a number with ms, s, m, h or d, such as 30s");
        }
        long unit = switch (duration.group(2)) {
            case "ms" -> 1L;
            case "s" -> 1_000L;
            case "m" -> 60_000L;
            case "h" -> 3_600_000L;
            default -> 86_400_000L;
        };
        return Duration.ofNanos(new BigDecimal(duration.group(1))
                .multiply(BigDecimal.valueOf(unit * 1_000_000))
                .min(BigDecimal.valueOf(Duration.ofDays(3_650).toNanos()))
                .longValue());
    }
}
