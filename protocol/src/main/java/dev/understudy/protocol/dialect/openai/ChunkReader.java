package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Reads a chunk of an answer, or a whole answer, which has the same members. */
final class ChunkReader {
    /** Answers are flat but for the arguments of tools; whatever is deeper than this is an attack. */
    private static final int DEEPEST = 1_000;

    private static final NameTable MEMBERS = NameTable.of(
            "id", "created", "model", "choices", "usage", "error", "object", "type", "service_tier", "x_groq");
    private static final NameTable ERROR = NameTable.of("error");
    private static final NameTable GROQ = NameTable.of("error", "usage");

    private final JsonWalk walk = new JsonWalk(DEEPEST);
    private final ChoiceReader reader = new ChoiceReader(walk);
    private final List<StreamEvent> said = new ArrayList<>();
    private String id = "";
    private String model = "";
    private String tier = "";
    private long created = -1;
    private int choices = -1;
    private boolean error;

    /** Reads the next one; false if it is not one whole JSON object. */
    boolean read(byte[] array, int offset, int length) {
        said.clear();
        error = false;
        try {
            walk.over(array, offset, offset + length);
            boolean object = walk.token() == Token.START_OBJECT;
            walk.object(MEMBERS, this::member);
            return object && walk.isAtEnd();
        } catch (MalformedJson broken) {
            // What is told of it is that it is broken; where is of no use to whoever asked.
            return false;
        } finally {
            walk.release();
        }
    }

    private void member(String name) throws MalformedJson {
        switch (name) {
            case "id" -> id = id.isEmpty() ? walk.text() : id;
            case "model" -> model = model.isEmpty() ? walk.text() : model;
            case "service_tier" -> tier = walk.text();
            // Azure says 0 before the first real chunk.
            case "created" -> created = created > 0 ? created : walk.whole(-1);
            case "choices" -> readChoices();
            case "usage" -> usage();
            case "error" -> error |= isError(walk);
            case "object", "type" -> error |= !walk.among(ERROR).isEmpty();
            // Groq's own member: why it stopped early, and the tokens where it counts them nowhere else.
            case "x_groq" ->
                walk.object(GROQ, member -> {
                    switch (member) {
                        case "error" -> error |= isError(walk);
                        case "usage" -> usage();
                        default -> {}
                    }
                });
            default -> {}
        }
    }

    private void readChoices() throws MalformedJson {
        // null, as some send it with the usage, is no choice at all.
        choices = walk.token() == Token.START_ARRAY || walk.isNull() ? 0 : choices;
        walk.array(() -> {
            if (walk.token() == Token.START_OBJECT) {
                reader.read(choices++, said::add);
                error |= reader.isError();
            }
        });
    }

    private void usage() throws MalformedJson {
        if (walk.token() == Token.START_OBJECT) {
            said.add(new StreamEvent.Counted(UsageMembers.read(walk)));
        }
    }

    /** Whether an error stands here: some say with every chunk that there is none. */
    static boolean isError(JsonWalk walk) throws MalformedJson {
        return switch (walk.token()) {
            case NULL, FALSE -> false;
            case STRING -> !walk.text().isEmpty();
            default -> true;
        };
    }

    /** What the last one says. */
    List<StreamEvent> said() {
        return said;
    }

    /** Whether the last one tells an error. */
    boolean isError() {
        return error;
    }

    /** Whether a tool call has begun and is not complete. */
    boolean isCallOpen() {
        return reader.isCallOpen();
    }

    /** How many choices the last one with choices has; -1 if there was none. */
    int choices() {
        return choices;
    }

    /** The first id that was given; empty if none was. */
    String id() {
        return id;
    }

    /** The first model that was named; empty if none was. */
    String model() {
        return model;
    }

    OptionalLong created() {
        return created > 0 ? OptionalLong.of(created) : OptionalLong.empty();
    }

    String tier() {
        return tier;
    }
}
