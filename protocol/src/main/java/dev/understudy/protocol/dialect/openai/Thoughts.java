package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.neutral.Part;
import java.io.IOException;
import java.util.List;

/**
 * Writes thoughts in the two members that have come into use: the words in {@code reasoning_content}, as DeepSeek has it,
 * and what their vendor wants back in {@code thinking_blocks}, as LiteLLM has it.
 */
final class Thoughts {
    private Thoughts() {}

    static void write(JsonGenerator json, List<Part.Thinking> thoughts) throws IOException {
        StringBuilder words = new StringBuilder();
        thoughts.forEach(thought -> words.append(thought.text()));
        if (!words.isEmpty()) {
            json.writeStringField("reasoning_content", words.toString());
        }
        List<Part.Thinking> sealed = thoughts.stream()
                .filter(thought ->
                        !thought.signature().isEmpty() || !thought.hidden().isEmpty())
                .toList();
        if (sealed.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("thinking_blocks");
        for (Part.Thinking thought : sealed) {
            block(json, thought.text(), thought.signature(), thought.hidden(), thought.origin());
        }
        json.writeEndArray();
    }

    /** @param origin the vendor to whom it means something, which Anthropic's own form has no member for */
    static void block(JsonGenerator json, String text, String signature, String hidden, String origin)
            throws IOException {
        json.writeStartObject();
        if (signature.isEmpty()) {
            json.writeStringField("type", "redacted_thinking");
            json.writeStringField("data", hidden);
        } else {
            json.writeStringField("type", "thinking");
            json.writeStringField("thinking", text);
            json.writeStringField("signature", signature);
        }
        json.writeStringField("origin", origin);
        json.writeEndObject();
    }
}
