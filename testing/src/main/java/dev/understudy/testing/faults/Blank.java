package dev.understudy.testing.faults;

import dev.understudy.testing.wire.Reply;
import java.util.List;

/**
 * A complete answer with nothing in it.
 *
 * @param body what the caller reads when there is no better answer
 */
public record Blank(String name, Delivery delivery, Reply reply, String body) {
    @Override
    public String toString() {
        return name;
    }

    /** All of them. */
    public static List<Blank> blanks() {
        return List.of(
                whole("answers with an empty text", "\"content\":\"\""),
                whole("answers with null", "\"content\":null"),
                whole("answers with blanks", "\"content\":\" \\n \""),
                whole("runs into a limit that the caller did not set", "\"content\":\"\"", "length"),
                stream("streams a limit that the caller did not set", Answers.role(), Answers.finish("length")),
                stream("finishes without content", Answers.role(), Answers.finish("stop")),
                stream("streams blanks", Answers.role(), Answers.content(" "), Answers.finish("stop")),
                stream("streams null", Answers.delta("\"content\":null"), Answers.finish("stop")));
    }

    private static Blank whole(String name, String message) {
        return whole(name, message, "stop");
    }

    private static Blank whole(String name, String message, String finish) {
        String body = Answers.message("w-1", message, finish);
        return new Blank(name, Delivery.WHOLE, Reply.json(200, body), body);
    }

    private static Blank stream(String name, String... events) {
        String body = Answers.events(events) + Answers.events(Answers.DONE);
        return new Blank(name, Delivery.STREAM, Reply.eventStream().chunk(body).lastChunk(), body);
    }
}
