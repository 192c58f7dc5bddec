package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What an answer, or one chunk of it, says as a whole. */
final class Envelope {
    /** Answers are flat but for the arguments of tools; whatever is deeper than this is an attack. */
    private static final int DEEPEST = 1_000;

    private static final NameTable MEMBERS = NameTable.of(
            "choices", "model", "usage", "error", "object", "type", "x_groq", "id", "created", "service_tier");
    private static final NameTable GROQ = NameTable.of("error", "usage");
    private static final NameTable ERROR = NameTable.of("error");

    private final JsonWalk walk = new JsonWalk(DEEPEST);
    List<MessagePieces> choices = List.of();
    boolean hasChoices;
    boolean error;
    String id = "";
    String model = "";
    String serviceTier = "";
    OptionalLong created = OptionalLong.empty();
    Tokens tokens = Tokens.NONE;

    /** Reads anew; false if the bytes are not one whole JSON object. */
    boolean read(byte[] array, int offset, int length) {
        choices = new ArrayList<>(1);
        hasChoices = false;
        error = false;
        id = "";
        model = "";
        serviceTier = "";
        created = OptionalLong.empty();
        tokens = Tokens.NONE;
        try {
            walk.over(array, offset, offset + length);
            boolean object = walk.token() == Token.START_OBJECT;
            walk.object(MEMBERS, this::member);
            return object && walk.isAtEnd();
        } catch (MalformedJson notJson) {
            // What is told of it is that it is broken; where is of no use to whoever asked.
            return false;
        } finally {
            walk.release();
        }
    }

    private void member(String name) throws MalformedJson {
        switch (name) {
            case "choices" -> {
                // null, as some send it with the usage, is no choice at all.
                hasChoices = walk.token() == Token.START_ARRAY || walk.isNull();
                walk.array(this::choice);
            }
            case "id" -> id = walk.text();
            case "model" -> model = walk.text();
            case "created" -> created = seconds(walk.whole(-1));
            case "service_tier" -> serviceTier = walk.text();
            case "usage" -> tokens = UsageReader.read(walk).or(tokens);
            case "error" -> error();
            case "object", "type" -> error |= !walk.among(ERROR).isEmpty();
            // Groq says in its own member why it stopped early, and used to count there.
            case "x_groq" ->
                walk.object(GROQ, member -> {
                    switch (member) {
                        case "error" -> error();
                        case "usage" -> tokens = tokens.or(UsageReader.read(walk));
                        default -> {}
                    }
                });
            default -> {}
        }
    }

    private void choice() throws MalformedJson {
        if (walk.token() == Token.START_OBJECT) {
            MessagePieces choice = MessagePieces.choice(walk, choices.size());
            error |= choice.error;
            choices.add(choice);
        }
    }

    private void error() throws MalformedJson {
        error |= switch (walk.token()) {
            case NULL, FALSE -> false;
            case STRING -> !walk.text().isEmpty();
            default -> true;
        };
    }

    /** Zero is what Azure says before the first real chunk. */
    private static OptionalLong seconds(long created) {
        return created > 0 ? OptionalLong.of(created) : OptionalLong.empty();
    }
}
