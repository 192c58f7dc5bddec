package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.JsonTrees;
import java.io.IOException;

/** Writes the members of parts that requests and answers have in common. */
final class PartJson {

    private PartJson() {}

    /** @param id not written if empty */
    static void call(JsonGenerator json, String id, String name, String arguments, String signature)
            throws IOException {
        json.writeObjectFieldStart("functionCall");
        if (!id.isEmpty()) {
            json.writeStringField("id", id);
        }
        json.writeStringField("name", name);
        json.writeFieldName("args");
        // A model's arguments may be cut short or no JSON at all; a broken body would help nobody.
        JsonNode args = JsonTrees.of(arguments);
        json.writeRawValue(args.isObject() ? args.toString() : "{}");
        json.writeEndObject();
        signature(json, signature);
    }

    /** A thought; where only a signature is known, an empty text that carries it, as Gemini itself sends them. */
    static void thought(JsonGenerator json, String text, String signature) throws IOException {
        json.writeStringField("text", text);
        if (!text.isEmpty()) {
            json.writeBooleanField("thought", true);
        }
        signature(json, signature);
    }

    static void inline(JsonGenerator json, String mimeType, String base64) throws IOException {
        json.writeObjectFieldStart("inlineData");
        json.writeStringField("mimeType", mimeType);
        json.writeStringField("data", base64);
        json.writeEndObject();
    }

    private static void signature(JsonGenerator json, String signature) throws IOException {
        if (!signature.isEmpty()) {
            json.writeStringField("thoughtSignature", signature);
        }
    }
}
