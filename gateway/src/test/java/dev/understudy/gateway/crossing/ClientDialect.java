package dev.understudy.gateway.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.calls.config.Api;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.testing.wire.RawAnswer;
import java.util.ArrayList;
import java.util.List;

/** The dialects of clients: path and body of a request, and how a response is divided into frames. */
public enum ClientDialect {
    CHAT(Api.CHAT, "\"messages\":[{\"role\":\"user\",\"content\":\"Count\"}]"),
    RESPONSES(Api.RESPONSES, "\"input\":\"Count\""),
    MESSAGES(Api.MESSAGES, "\"max_tokens\":500,\"messages\":[{\"role\":\"user\",\"content\":\"Count\"}]"),
    GEMINI(Api.GEMINI, "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Count\"}]}]"),
    GEMINI_ARRAY(Api.GEMINI_ARRAY, "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Count\"}]}]"),
    CONVERSE(Api.CONVERSE, "\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"Count\"}]}]");

    private final Api api;
    private final String members;

    ClientDialect(Api api, String members) {
        this.api = api;
        this.members = members;
    }

    public Api api() {
        return api;
    }

    boolean namesModelInPath() {
        return api.path().isEmpty();
    }

    public String path(String model, boolean stream) {
        return switch (this) {
            case CHAT, RESPONSES, MESSAGES -> "/v1/" + api.path();
            case GEMINI -> "/v1beta/models/" + model + (stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
            case GEMINI_ARRAY -> "/v1beta/models/" + model + (stream ? ":streamGenerateContent" : ":generateContent");
            case CONVERSE -> "/model/" + model + (stream ? "/converse-stream" : "/converse");
        };
    }

    /** The usual request, with further members if there are any. */
    public String body(String model, boolean stream, String... further) {
        return bodyOf(members, model, stream, further);
    }

    public String bodyOf(String conversation, String model, boolean stream, String... further) {
        List<String> all = new ArrayList<>();
        if (!namesModelInPath()) {
            all.add("\"model\":\"" + model + "\"");
            if (stream) {
                all.add("\"stream\":true");
            }
        }
        all.add(conversation);
        all.addAll(List.of(further));
        return "{" + String.join(",", all) + "}";
    }

    /** The frames of a streamed answer. */
    public List<ParsedFrame> frames(RawAnswer answer) {
        return switch (this) {
            case CONVERSE -> AmazonFrames.of(answer.bytes());
            case GEMINI_ARRAY -> elements(answer.body());
            default -> events(answer.body());
        };
    }

    private static List<ParsedFrame> elements(String body) {
        JsonNode array = JsonTrees.of(body);
        assertThat(array.isArray()).as("a whole JSON array: %s", body).isTrue();
        List<ParsedFrame> elements = new ArrayList<>();
        array.forEach(element -> elements.add(new ParsedFrame("", false, element.toString())));
        return elements;
    }

    private static List<ParsedFrame> events(String body) {
        assertThat(body).endsWith("\n\n");
        List<ParsedFrame> events = new ArrayList<>();
        for (String block : body.split("\n\n")) {
            String name = "";
            String data = "";
            for (String line : block.split("\n")) {
                if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data += line.substring(6);
                } else {
                    assertThat(line).as("a line of an event").startsWith(":");
                }
            }
            if (!data.isEmpty()) {
                events.add(new ParsedFrame(name, false, data));
            }
        }
        return events;
    }
}
