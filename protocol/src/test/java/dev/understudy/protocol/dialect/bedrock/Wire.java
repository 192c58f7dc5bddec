package dev.understudy.protocol.dialect.bedrock;

import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.eventstream.EventStreamDecoder;
import dev.understudy.protocol.eventstream.EventStreamFrame;
import dev.understudy.protocol.eventstream.EventStreamHandler;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.model.ModelTable;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Short ways to speak the dialect in tests. */
final class Wire {
    static final BedrockDialect BEDROCK = new BedrockDialect();
    static final String CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

    private Wire() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static NeutralRequest read(String body) throws BadRequest {
        return BEDROCK.readRequest(bytes(body), false);
    }

    static WrittenRequest write(NeutralRequest request, String model) throws UntranslatableRequest {
        return BEDROCK.writeRequest(request, model, ModelCapabilities.UNKNOWN.withTraits(ModelTable.traitsOf(model)));
    }

    /** JSON as it would be read. */
    static Object tree(byte[] json) {
        return JsonTrees.of(new String(json, StandardCharsets.UTF_8));
    }

    static Object tree(String json) {
        return JsonTrees.of(json);
    }

    /** What the frames {@code name json} say; {@code !name json} for an exception. */
    static List<StreamEvent> events(StreamReader reader, String... frames) {
        List<StreamEvent> events = new ArrayList<>();
        for (String frame : frames) {
            boolean exception = frame.startsWith("!");
            int space = frame.indexOf(' ');
            byte[] data = bytes("xx" + frame.substring(space + 1));
            if (!reader.read(
                    new Frame(frame.substring(exception ? 1 : 0, space), exception, data, 2, data.length - 2),
                    events::add)) {
                throw new AssertionError("cannot be read: " + frame);
            }
        }
        return events;
    }

    static byte[] written(StreamWriter writer, List<StreamEvent> events) {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        events.forEach(event -> writer.write(event, to));
        return to.toByteArray();
    }

    /** The frames as {@code name json}; {@code !name json} for an exception. */
    static List<String> frames(byte[] stream) {
        List<String> frames = new ArrayList<>();
        EventStreamHandler handler = new EventStreamHandler() {
            @Override
            public void frame(EventStreamFrame frame) {
                frames.add((frame.exception() ? "!" : "") + frame.name() + " "
                        + new String(frame.data(), frame.dataOffset(), frame.dataLength(), StandardCharsets.UTF_8));
            }

            @Override
            public void cut(byte[] array, int offset, int length) {
                frames.add("cut");
            }

            @Override
            public void malformed(String why) {
                frames.add(why);
            }
        };
        EventStreamDecoder decoder = new EventStreamDecoder(1 << 20);
        decoder.feed(stream, 0, stream.length, handler);
        decoder.end(handler);
        return frames;
    }
}
