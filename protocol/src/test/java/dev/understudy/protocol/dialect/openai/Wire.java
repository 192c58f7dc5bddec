package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.model.ModelTable;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What goes over the wire, as trees. */
final class Wire {
    static final Dialect CHAT = new OpenAiDialect();
    static final RequestContext ASKED = new RequestContext(utf8("{}"), true, 1_700_000_000);

    private Wire() {}

    static JsonNode tree(String json) {
        JsonNode tree = JsonTrees.of(json);
        if (tree.isMissingNode()) {
            throw new AssertionError("not JSON: " + json);
        }
        return tree;
    }

    static JsonNode tree(byte[] json) {
        return tree(new String(json, StandardCharsets.UTF_8));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static NeutralRequest request(String json) throws BadRequest {
        return CHAT.readRequest(utf8(json), false);
    }

    /** A request of one message of the user's with these members beside it. */
    static NeutralRequest asking(String members) throws BadRequest {
        return request("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]" + (members.isEmpty() ? "" : ",")
                + members + "}");
    }

    static WrittenRequest written(NeutralRequest request, String model) throws UntranslatableRequest {
        return CHAT.writeRequest(request, model, ModelCapabilities.UNKNOWN.withTraits(ModelTable.traitsOf(model)));
    }

    static JsonNode body(NeutralRequest request) throws UntranslatableRequest {
        return tree(written(request, "gpt-4o").body());
    }

    static NeutralAnswer answer(Dialect dialect, String json) throws InvalidAnswer {
        // Not at the beginning of its array, as in a buffer.
        byte[] bytes = utf8("xx" + json + "y");
        return dialect.readAnswer(bytes, 2, bytes.length - 3);
    }

    static boolean read(StreamReader reader, String name, String data, List<StreamEvent> to) {
        byte[] bytes = utf8("xx" + data + "y");
        return reader.read(new Frame(name, false, bytes, 2, bytes.length - 3), to::add);
    }

    static List<StreamEvent> events(Dialect dialect, String... frames) {
        StreamReader reader = dialect.streamReader();
        List<StreamEvent> events = new ArrayList<>();
        for (String frame : frames) {
            if (!read(reader, "", frame, events)) {
                throw new AssertionError("not read: " + frame);
            }
        }
        return events;
    }

    /** The events that chunks with these deltas make, without the first, which tells whose they are. */
    static List<StreamEvent> deltas(String... deltas) {
        StreamReader reader = CHAT.streamReader();
        List<StreamEvent> events = new ArrayList<>();
        for (String delta : deltas) {
            if (!read(reader, "", "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}", events)) {
                throw new AssertionError("not read: " + delta);
            }
        }
        return events.isEmpty() ? events : events.subList(1, events.size());
    }

    /** The chunks that a writer makes of these; the mark of the end as a text. */
    static List<JsonNode> chunks(StreamWriter writer, StreamEvent... events) {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        for (StreamEvent event : events) {
            writer.write(event, to);
        }
        List<JsonNode> chunks = new ArrayList<>();
        for (String block : to.toString(StandardCharsets.UTF_8).split("\n\n")) {
            if (block.isEmpty()) {
                continue;
            }
            if (!block.startsWith("data: ") || block.contains("\n")) {
                throw new AssertionError("not one line of data: " + block);
            }
            String data = block.substring("data: ".length());
            chunks.add(tree(data.equals("[DONE]") ? "\"[DONE]\"" : data));
        }
        return chunks;
    }
}
