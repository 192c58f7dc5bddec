package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.neutral.AnswerAssembly;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.List;

/** What a written stream says to one who reads it again. */
record AnswerOf(List<Part> parts, String stopReason) {

    static AnswerOf events(List<JsonNode> events) {
        AnswerAssembly assembly = new AnswerAssembly();
        String lines = String.join("\n", events.stream().map(JsonNode::toString).toList());
        for (StreamEvent event : Json.events(lines)) {
            assembly.take(event);
        }
        var choice = assembly.answer().choices().getFirst();
        return new AnswerOf(choice.parts(), choice.finish().word());
    }
}
