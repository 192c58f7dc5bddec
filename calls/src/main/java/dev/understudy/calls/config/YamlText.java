package dev.understudy.calls.config;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/**
 * Turns YAML text into nodes that know their lines.
 *
 * <p>The text is run through twice: first as flat events, which cost no stack however deep the text is nested, to
 * refuse what no honest configuration has; then as nodes.
 */
final class YamlText {
    /** A configuration has five levels; the rest is room for anchors kept under {@code x-} keys. */
    private static final int DEEPEST = 30;
    /** Enough for every target of a large file to share its limits. */
    private static final int MOST_ALIASES = 500;
    /** In characters; thousands of models fit. */
    private static final int LONGEST = 2_000_000;

    private static final LoadSettings YAML = LoadSettings.builder()
            // Knows no merge key: the other schema's merges are worked in without any limit, and so make a bomb.
            // Section works them in, with one.
            .setSchema(new JsonSchema())
            // Reported by us, with the line and together with everything else.
            .setAllowNonScalarKeys(true)
            // Counted by us, for the line.
            .setMaxAliasesForCollections(MOST_ALIASES)
            .setCodePointLimit(LONGEST)
            .build();

    private YamlText() {}

    /** The document's root; empty if there is none, or if the text is no YAML, which is then a problem of the reading. */
    static Optional<Node> root(String text, ReadingContext reading) {
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (plain.length() > LONGEST) {
            reading.problem(0, "", "longer than " + LONGEST + " characters");
            return Optional.empty();
        }
        try {
            return isHarmless(plain, reading) ? new Compose(YAML).composeString(plain) : Optional.empty();
        } catch (MarkedYamlEngineException broken) {
            Optional<Mark> mark = broken.getProblemMark().or(broken::getContextMark);
            reading.problem(lineOf(mark), "", "not valid YAML: " + described(broken));
            return Optional.empty();
        } catch (YamlEngineException broken) {
            reading.problem(0, "", "not valid YAML: " + firstLine(String.valueOf(broken.getMessage())));
            return Optional.empty();
        }
    }

    private static boolean isHarmless(String text, ReadingContext reading) {
        int depth = 0;
        int aliases = 0;
        for (Event event : new Parse(YAML).parseString(text)) {
            if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
                reading.problem(lineOf(event.getStartMark()), "", "nested deeper than " + DEEPEST + " levels");
                return false;
            }
            if (event instanceof CollectionEndEvent) {
                depth--;
            }
            if (event instanceof AliasEvent && ++aliases > MOST_ALIASES) {
                reading.problem(lineOf(event.getStartMark()), "", "more than " + MOST_ALIASES + " aliases (*name)");
                return false;
            }
        }
        return true;
    }

    /** The line as people count, from 1; 0 if it is not known. */
    static int lineOf(Optional<Mark> mark) {
        return mark.map(where -> where.getLine() + 1).orElse(0);
    }

    /** Without the snippet of the file that the library would add: there may be a key in it. */
    private static String described(MarkedYamlEngineException broken) {
        StringBuilder message = new StringBuilder();
        String context = broken.getContext();
        if (context != null && !context.isBlank()) {
            message.append(context).append(", ");
        }
        message.append(broken.getProblem());
        if (message.indexOf("flow mapping") >= 0 && message.indexOf("got {") >= 0) {
            message.append(" (inside { }, write \"${NAME}\" in quotes)");
        }
        return message.toString();
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
