package dev.understudy.rehearsal;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * The name of an act with parameters, such as {@code throttled?after=30}, that has been checked: the rehearsal plays it.
 *
 * <p>For programs that choose acts on behalf of people and have to tell them at once what is wrong.
 */
public final class ActName {
    private static final String ANY_REQUEST = "{\"model\":\"ok\",\"messages\":[]}";

    private final String text;
    private final Act act;
    private final Map<String, String> given;
    private final Parameters parameters;

    private ActName(String text, Act act, Map<String, String> given) {
        this.text = text;
        this.act = act;
        this.given = given;
        this.parameters = Parameters.of(act, given);
    }

    /**
     * Reads a name.
     *
     * @throws IllegalArgumentException if the act, a parameter or a value does not exist; the message says which, in a sentence
     */
    public static ActName parse(String text) {
        int query = text.indexOf('?');
        String name = query < 0 ? text : text.substring(0, query);
        try {
            Act act = Act.named(name)
                    .orElseThrow(() -> new BadCue(
                            "model", "The act '" + name + "' does not exist; there is " + Act.allNames() + "."));
            ActName parsed = new ActName(text, act, Parameters.parse(query < 0 ? "" : text.substring(query + 1)));
            // The scenes check the values, when they write their scripts.
            act.play(new Cue(
                    ChatRequestReader.read(Buffer.buffer(ANY_REQUEST.getBytes(StandardCharsets.UTF_8))),
                    parsed.parameters,
                    "check",
                    Instant.EPOCH.getEpochSecond(),
                    new Memory()));
            return parsed;
        } catch (BadCue bad) {
            throw new IllegalArgumentException(bad.sentence(), bad);
        }
    }

    /** The act. */
    public Act act() {
        return act;
    }

    /** The names of the parameters that are stated. */
    public Set<String> stated() {
        return Set.copyOf(given.keySet());
    }

    /** A parameter that is a time, or its default. */
    public Duration duration(String parameter) {
        return parameters.duration(parameter);
    }

    /** A parameter that is a number of words, or its default. */
    public int count(String parameter) {
        return parameters.count(parameter);
    }

    /** The name as it was read. */
    @Override
    public String toString() {
        return text;
    }
}
