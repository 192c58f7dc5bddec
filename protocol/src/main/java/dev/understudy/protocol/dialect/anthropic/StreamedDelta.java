package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.neutral.Part;
import java.util.Optional;

/** The {@code delta} of an event, of a block or of the message; used again for the next one. */
final class StreamedDelta {
    private String type = "";
    private String text = "";
    private String json = "";
    private String thinking = "";
    private String signature = "";
    private String content = "";
    private String stopReason = "";
    private String stopSequence = "";
    private Optional<Part.Citation> citation = Optional.empty();

    void clear() {
        type = "";
        text = "";
        json = "";
        thinking = "";
        signature = "";
        content = "";
        stopReason = "";
        stopSequence = "";
        citation = Optional.empty();
    }

    void read(String member, JsonWalk walk) throws MalformedJson {
        switch (member) {
            case "type" -> type = walk.text();
            case "text" -> text = walk.text();
            case "partial_json" -> json = walk.text();
            case "thinking" -> thinking = walk.text();
            case "signature" -> signature = walk.text();
            case "citation" -> citation = Optional.of(Citations.read(walk));
            case "content" -> content = walk.isNull() ? "" : walk.json();
            case "stop_reason" -> stopReason = walk.text();
            case "stop_sequence" -> stopSequence = walk.text();
            default -> {}
        }
    }

    String text() {
        return text;
    }

    /** A piece of a tool's input. */
    String json() {
        return json;
    }

    String thinking() {
        return thinking;
    }

    String signature() {
        return signature;
    }

    /** The content of a summary ({@code compaction_delta}), as JSON; empty if there is none. */
    String content() {
        return type.equals("compaction_delta") ? content : "";
    }

    String stopReason() {
        return stopReason;
    }

    String stopSequence() {
        return stopSequence;
    }

    Optional<Part.Citation> citation() {
        return citation;
    }
}
