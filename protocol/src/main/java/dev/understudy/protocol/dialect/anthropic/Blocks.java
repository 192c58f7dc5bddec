package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.neutral.Part;
import java.io.IOException;
import java.util.List;

/** Writes the blocks that requests and answers have in common. */
final class Blocks {

    private Blocks() {}

    static void text(JsonGenerator json, Part.Text text) throws IOException {
        json.writeStartObject();
        textMembers(json, text);
        json.writeEndObject();
    }

    static void textMembers(JsonGenerator json, Part.Text text) throws IOException {
        json.writeStringField("type", "text");
        json.writeStringField("text", text.text());
        List<Part.Citation> own = text.citations().stream()
                .filter(citation -> citation.dialect().equals(AnthropicDialect.NAME))
                .toList();
        if (!own.isEmpty()) {
            json.writeArrayFieldStart("citations");
            for (Part.Citation citation : own) {
                json.writeRawValue(citation.json());
            }
            json.writeEndArray();
        }
    }

    static void thinking(JsonGenerator json, Part.Reasoning thinking) throws IOException {
        json.writeStartObject();
        if (isRedacted(thinking)) {
            json.writeStringField("type", "redacted_thinking");
            json.writeStringField("data", thinking.hidden());
        } else {
            json.writeStringField("type", "thinking");
            json.writeStringField("thinking", thinking.text());
            json.writeStringField("signature", thinking.signature());
        }
        json.writeEndObject();
    }

    private static boolean isRedacted(Part.Reasoning thinking) {
        return thinking.text().isEmpty()
                && thinking.signature().isEmpty()
                && !thinking.hidden().isEmpty();
    }
}
