package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.neutral.Part;
import java.io.IOException;

/** Writes the blocks of content that requests and answers have in common. */
final class Blocks {
    private Blocks() {}

    static void text(JsonGenerator json, Part.Text text) throws IOException {
        json.writeStartObject();
        if (text.citations().isEmpty()) {
            json.writeStringField("text", text.text());
        } else {
            json.writeObjectFieldStart("citationsContent");
            json.writeArrayFieldStart("content");
            text(json, Part.Text.of(text.text()));
            json.writeEndArray();
            json.writeArrayFieldStart("citations");
            for (Part.Citation citation : text.citations()) {
                Citations.write(json, citation);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    /** @param input a JSON object */
    static void toolUse(JsonGenerator json, String id, String name, String input) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("toolUse");
        json.writeStringField("toolUseId", id);
        json.writeStringField("name", name);
        json.writeFieldName("input");
        json.writeRawValue(input);
        json.writeEndObject();
        json.writeEndObject();
    }

    /** The words for everybody; seals and hidden forms only where they mean something. */
    static void thinking(JsonGenerator json, Part.Reasoning thinking) throws IOException {
        boolean own = thinking.origin().equals(BedrockDialect.NAME);
        if (!thinking.text().isEmpty() || (own && !thinking.signature().isEmpty())) {
            json.writeStartObject();
            json.writeObjectFieldStart("reasoningContent");
            json.writeObjectFieldStart("reasoningText");
            json.writeStringField("text", thinking.text());
            if (own && !thinking.signature().isEmpty()) {
                json.writeStringField("signature", thinking.signature());
            }
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
        }
        if (own && !thinking.hidden().isEmpty()) {
            json.writeStartObject();
            json.writeObjectFieldStart("reasoningContent");
            json.writeStringField("redactedContent", thinking.hidden());
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    /** Whether it is an image in a format that Bedrock has. */
    static boolean isImage(Part.Media media) {
        return media.kind() == Part.Media.Kind.IMAGE
                && media.source() instanceof Part.Source.Inline inline
                && Dictionary.format(media.kind(), inline.mediaType()).isPresent();
    }

    static void image(JsonGenerator json, Part.Source.Inline inline) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("image");
        json.writeStringField("format", format(inline));
        json.writeObjectFieldStart("source");
        json.writeStringField("bytes", inline.base64());
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    static String format(Part.Source.Inline image) {
        return Dictionary.format(Part.Media.Kind.IMAGE, image.mediaType()).orElse("png");
    }
}
