package dev.understudy.calls.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One value of the file, with its line and its path. Every way of reading it either returns the value or notes
 * a problem and gives nothing.
 */
final class Entry {
    /** Prefixes of the keys of well-known providers: such a text is never shown, wherever it stands in the file. */
    private static final Pattern LOOKS_LIKE_A_KEY =
            Pattern.compile("(?i)(Bearer\\s.*|(sk|pk|rk|gsk|xai|fw|tgp|pplx|hf|r8|AIza)[-_A-Za-z0-9].{10,})");

    private static final int LONGEST_ECHO = 60;

    /** Written so, a number is the same when it is written again. */
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,15})(\\.\\d{1,9})?");

    private final Node node;
    private final int keyLine;
    private final String path;
    private final ReadingContext reading;
    /** The keys below, where those of a layer are over those of the file. */
    private final Optional<Section> merged;

    /** @param keyLine the line of the key before the value, where one looks for what is missing inside */
    Entry(Node node, int keyLine, String path, ReadingContext reading) {
        this.node = node;
        this.keyLine = keyLine;
        this.path = path;
        this.reading = reading;
        this.merged = Optional.empty();
    }

    private Entry(Entry key, Section merged) {
        this.node = key.node;
        this.keyLine = key.keyLine;
        this.path = key.path;
        this.reading = key.reading;
        this.merged = Optional.of(merged);
    }

    /** The same key with other keys below it. */
    Entry holding(Section below) {
        return new Entry(this, below);
    }

    String path() {
        return path;
    }

    int keyLine() {
        return keyLine;
    }

    /** A scalar's own line, which an alias shares with its anchor; else the key's. */
    int line() {
        return node instanceof ScalarNode && !isNull() ? YamlText.lineOf(node.getStartMark()) : keyLine;
    }

    void problem(String message) {
        reading.problem(line(), path, message);
    }

    /** Notes a fault of the key itself. */
    void problemOfKey(String message) {
        reading.problem(keyLine, path, message);
    }

    /** No keys, where this entry is. */
    Section noSection() {
        return Section.empty(keyLine, path, reading);
    }

    /** The value as a tree in which variables stay as they are written. Numbers and flags are such; every other value is a text. */
    JsonNode tree() {
        if (isNull() && merged.isEmpty()) {
            return NullNode.getInstance();
        }
        if (isMapping()) {
            return section().orElseThrow().tree();
        }
        if (isList()) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            items().orElseThrow().forEach(item -> list.add(item.tree()));
            return list;
        }
        ScalarNode scalar = (ScalarNode) node;
        String text = scalar.getValue();
        if (!scalar.isPlain()) {
            return TextNode.valueOf(text);
        }
        if (text.equals("true") || text.equals("false")) {
            return BooleanNode.valueOf(text.equals("true"));
        }
        return NUMBER.matcher(text).matches() ? DecimalNode.valueOf(new BigDecimal(text)) : TextNode.valueOf(text);
    }

    boolean isNull() {
        return node.getTag().equals(Tag.NULL)
                || (node instanceof ScalarNode scalar
                        && scalar.isPlain()
                        && scalar.getValue().equals("~"));
    }

    boolean isMapping() {
        return merged.isPresent() || node instanceof MappingNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    /** The keys below; nothing written counts as no keys. */
    Optional<Section> section() {
        if (merged.isPresent()) {
            return merged;
        }
        if (isNull()) {
            return Optional.of(Section.empty(keyLine, path, reading));
        }
        if (node instanceof MappingNode mapping) {
            return Optional.of(Section.of(mapping, keyLine, path, reading));
        }
        problem("keys are expected here, but this is " + kind());
        return Optional.empty();
    }

    /** The entries of a list. */
    Optional<List<Entry>> items() {
        if (node instanceof SequenceNode sequence) {
            List<Entry> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(new Entry(
                        item, YamlText.lineOf(item.getStartMark()), path + "[" + items.size() + "]", reading));
            }
            return Optional.of(items);
        }
        problem("a list is expected here, such as [a, b], but this is " + kind());
        return Optional.empty();
    }

    /** A text that is not blank. */
    Optional<String> text() {
        return scalar("a text").map(Scalar::text);
    }

    /** A text that is never repeated in a message. */
    Optional<Credential> secret() {
        return scalar("a text").flatMap(scalar -> {
            if (!Credential.isPossible(scalar.text())) {
                problem("this key contains white space or an invalid character; check that it was copied completely");
                return Optional.empty();
            }
            return Optional.of(Credential.of(scalar.text()));
        });
    }

    /** A text that {@code parser} understands; its exception's message says what is wrong. */
    <T> Optional<T> parsed(String expected, Parser<T> parser) {
        return scalar(expected).flatMap(scalar -> {
            try {
                return Optional.of(parser.parse(scalar.text()));
            } catch (IllegalArgumentException wrong) {
                problem(scalar.echo() + " " + wrong.getMessage());
                return Optional.empty();
            }
        });
    }

    /** A duration of at least {@code least}. */
    Optional<Duration> duration(Duration least) {
        return parsed("a duration such as 30s", text -> {
            Duration duration = Quantities.duration(text);
            if (duration.compareTo(least) < 0) {
                throw new IllegalArgumentException("is too short; it must be at least " + Quantities.text(least));
            }
            return duration;
        });
    }

    /** A whole number from {@code least} to {@code most}. */
    Optional<Integer> whole(int least, int most) {
        return parsed("a whole number", text -> Quantities.whole(text, least, most));
    }

    Optional<Boolean> flag() {
        return parsed("true or false", text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("is neither true nor false");
        });
    }

    /** One of the names of an enum. */
    <E extends Enum<E> & WireNamed> Optional<E> choice(Class<E> type) {
        List<E> all = Arrays.asList(type.getEnumConstants());
        List<String> names = all.stream().map(WireNamed::wireName).toList();
        return parsed(
                "one of " + String.join(", ", names),
                text -> all.stream()
                        .filter(each -> each.wireName().equals(text))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "is none of " + String.join(", ", names) + Suggestion.of(text, names))));
    }

    private Optional<Scalar> scalar(String expected) {
        if (isNull()) {
            problem("no value; write " + expected + ", or leave the key out");
            return Optional.empty();
        }
        if (!(node instanceof ScalarNode scalar)) {
            problem(expected + " is expected here, but this is " + kind());
            return Optional.empty();
        }
        Interpolation.Result result = Interpolation.of(scalar.getValue(), reading.environment());
        result.faults().forEach(this::problem);
        if (!result.faults().isEmpty()) {
            return Optional.empty();
        }
        String text = result.text().strip();
        if (text.isEmpty()) {
            problem("this is empty; write " + expected + ", or leave the key out");
            return Optional.empty();
        }
        return Optional.of(new Scalar(text, result.isFilled()));
    }

    /** What is there, without repeating it: a key may stand at the wrong place. */
    private String kind() {
        return switch (node) {
            case MappingNode mapping -> "a group of keys";
            case SequenceNode sequence -> "a list";
            default -> isNull() ? "nothing" : "a single value";
        };
    }

    /** Parses a text. The message of its exception follows the text itself. */
    @FunctionalInterface
    interface Parser<T> {
        T parse(String text) throws IllegalArgumentException;
    }

    private record Scalar(String text, boolean isFilled) {
        /** The text for a message, unless it may be a key. */
        String echo() {
            if (isFilled) {
                return "the value filled in here";
            }
            if (text.length() > LONGEST_ECHO
                    || text.contains("@")
                    || text.contains("?")
                    || LOOKS_LIKE_A_KEY.matcher(text).matches()) {
                return "the value here";
            }
            return "`" + text + "`";
        }
    }
}
