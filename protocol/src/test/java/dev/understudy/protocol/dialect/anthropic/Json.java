package dev.understudy.protocol.dialect.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the tests of this dialect have in common. */
final class Json {
    static final RequestContext ASKED = new RequestContext("{}".getBytes(UTF_8), true, 1_700_000_000);

    private Json() {}

    static JsonNode tree(String json) {
        return JsonTrees.of(json);
    }

    static JsonNode tree(byte[] json) {
        return tree(new String(json, UTF_8));
    }

    static Frame frame(String name, String data) {
        byte[] padded = ("##" + data + "#").getBytes(UTF_8);
        return new Frame(name, false, padded, 2, padded.length - 3);
    }

    /** What a reader makes of these lines, each the data of one event. */
    static List<StreamEvent> events(String lines) {
        List<StreamEvent> events = new ArrayList<>();
        FrameReader reader = new FrameReader();
        for (String line : lines.lines().filter(text -> !text.isBlank()).toList()) {
            if (!reader.read(frame("", line.strip()), events::add)) {
                throw new AssertionError("cannot be read: " + line);
            }
        }
        return events;
    }

    /** The data of what a writer makes of these events. */
    static List<JsonNode> written(FrameWriter writer, List<StreamEvent> events) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        events.forEach(event -> writer.write(event, out));
        List<JsonNode> written = new ArrayList<>();
        for (String line : out.toString(UTF_8).lines().toList()) {
            if (line.startsWith("data: ")) {
                written.add(tree(line.substring(6)));
            }
        }
        return written;
    }

    static List<JsonNode> written(List<StreamEvent> events) {
        return written(new FrameWriter(ASKED, Optional.empty()), events);
    }

    /** The same without the braces of a list of lines. */
    static List<JsonNode> trees(String lines) {
        return lines.lines().filter(line -> !line.isBlank()).map(Json::tree).toList();
    }
}
