package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.neutral.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What goes over the wire, as trees. */
final class Wire {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Wire() {}

    static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (java.io.IOException broken) {
            throw new AssertionError(json, broken);
        }
    }

    static JsonNode tree(byte[] json) {
        return tree(new String(json, StandardCharsets.UTF_8));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static RequestContext context(String body) {
        return new RequestContext(utf8(body), true, 1_700_000_000);
    }

    static boolean read(StreamReader reader, String json, List<StreamEvent> to) {
        // Not at the beginning of its array, as in a buffer.
        byte[] bytes = utf8("xx" + json + "y");
        return reader.read(new Frame("", false, bytes, 2, bytes.length - 3), to::add);
    }

    static List<StreamEvent> events(String... frames) {
        StreamReader reader = new FrameReader();
        List<StreamEvent> events = new ArrayList<>();
        for (String frame : frames) {
            if (!read(reader, frame, events)) {
                throw new AssertionError("not read: " + frame);
            }
        }
        return events;
    }

    /** The events that a writer makes of these, each checked to stand in one line under its own name. */
    static List<JsonNode> written(StreamWriter writer, StreamEvent... events) {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        for (StreamEvent event : events) {
            writer.write(event, to);
        }
        return frames(to.toByteArray());
    }

    static List<JsonNode> frames(byte[] sse) {
        ArrayNode frames = JSON.createArrayNode();
        for (String block : new String(sse, StandardCharsets.UTF_8).split("\n\n")) {
            if (block.isEmpty()) {
                continue;
            }
            String[] lines = block.split("\n");
            if (lines.length != 2 || !lines[0].startsWith("event: ") || !lines[1].startsWith("data: ")) {
                throw new AssertionError("no event with a name and one line of data: " + block);
            }
            JsonNode data = tree(lines[1].substring("data: ".length()));
            if (!data.path("type").asText().equals(lines[0].substring("event: ".length()))) {
                throw new AssertionError("two names: " + block);
            }
            frames.add(data);
        }
        List<JsonNode> list = new ArrayList<>();
        frames.forEach(list::add);
        return list;
    }

    static List<String> types(List<JsonNode> frames) {
        return frames.stream().map(frame -> frame.path("type").asText()).toList();
    }
}
