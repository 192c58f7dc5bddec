package dev.understudy.protocol.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.protocol.eventstream.EventStreamDecoder;
import dev.understudy.protocol.eventstream.EventStreamFrame;
import dev.understudy.protocol.eventstream.EventStreamHandler;
import dev.understudy.protocol.eventstream.EventStreamText;
import dev.understudy.protocol.neutral.AnswerAssembly;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.sse.SseEvents;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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
                case EVENT_STREAM -> EventStreamText.append(to, line.name(), json -> json.writeRawValue(line.json()));
            }
        }
        return to.toByteArray();
    }

    /** The frames of a stream. */
    static List<Line> linesOf(Framing framing, byte[] bytes) {
        List<Line> lines = new ArrayList<>();
        each(
                framing,
                bytes,
                frame -> lines.add(
                        new Line(frame.name(), new String(frame.array(), frame.offset(), frame.length(), UTF_8))));
        return lines;
    }

    /** What a stream tells, from its bytes. */
    static NeutralAnswer answer(Dialect dialect, byte[] bytes) {
        AnswerAssembly assembly = new AnswerAssembly();
        StreamReader reader = dialect.streamReader();
        each(dialect.framing(), bytes, frame -> {
            if (!reader.read(frame, assembly::take)) {
                throw new AssertionError(dialect.name() + " cannot read: "
                        + new String(frame.array(), frame.offset(), frame.length(), UTF_8));
            }
        });
        return assembly.answer();
    }

    private static void each(Framing framing, byte[] bytes, Consumer<Frame> to) {
        switch (framing) {
            case SSE ->
                SseEvents.each(
                        bytes,
                        0,
                        bytes.length,
                        event -> to.accept(
                                new Frame(event.name(), false, event.data(), event.dataOffset(), event.dataLength())));
            case EVENT_STREAM -> {
                EventStreamDecoder decoder = new EventStreamDecoder(Math.max(64, bytes.length));
                EventStreamHandler handler = new EventStreamHandler() {
                    @Override
                    public void frame(EventStreamFrame frame) {
                        to.accept(new Frame(
                                frame.name(), frame.exception(), frame.data(), frame.dataOffset(), frame.dataLength()));
                    }

                    @Override
                    public void cut(byte[] array, int offset, int length) {
                        throw new AssertionError("cut");
                    }

                    @Override
                    public void malformed(String why) {
                        throw new AssertionError(why);
                    }
                };
                decoder.feed(bytes, 0, bytes.length, handler);
                decoder.end(handler);
            }
        }
    }
}
