package dev.understudy.protocol.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.protocol.eventstream.EventStreamText;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** Frames of a stream as tests write them down, and as they lie on the wire. */
final class Streamed {

    /**
     * One frame.
     *
     * @param name of the event; empty if its dialect gives none
     * @param json its data
     */
    record Line(String name, String json) {

        /** Finds the name where the dialect has it: Amazon's clients wrap the data in it, the others repeat it inside. */
        static Line of(Dialect dialect, String json) {
            if (dialect.framing() == Framing.EVENT_STREAM) {
                int colon = json.indexOf("\":");
                return new Line(json.substring(2, colon), json.substring(colon + 2, json.lastIndexOf('}')));
            }
            String type = "\"type\":\"";
            boolean named = dialect.name().equals("anthropic") || dialect.name().equals("openai-responses");
            int at = named ? json.indexOf(type) + type.length() : -1;
            return new Line(named ? json.substring(at, json.indexOf('"', at)) : "", json);
        }
    }

    private Streamed() {}

    static List<Line> lines(Dialect dialect, String... frames) {
        return List.of(frames).stream().map(json -> Line.of(dialect, json)).toList();
    }

    /** The bytes of a stream. */
    static byte[] bytes(Framing framing, List<Line> lines) {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        for (Line line : lines) {
            switch (framing) {
                case SSE -> {
                    String name = line.name().isEmpty() ? "" : "event: " + line.name() + "\n";
                    to.writeBytes((name + "data: " + line.json() + "\n\n").getBytes(UTF_8));
                }
                case EVENT_STREAM ->
                    EventStreamText.append(to, line.name(), json -> json.writeRawValue(line.json()));
            }
        }
        return to.toByteArray();
    }
}
