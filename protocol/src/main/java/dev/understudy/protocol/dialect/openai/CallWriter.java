package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Writes calls of tools, in messages as in deltas. */
final class CallWriter {
    private CallWriter() {}

    /** All of a call; the object is left open for an index. */
    static void open(JsonGenerator json, String id, String name, String arguments, String signature)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id);
        json.writeStringField("type", "function");
        json.writeObjectFieldStart("function");
        json.writeStringField("name", name);
        json.writeStringField("arguments", arguments);
        json.writeEndObject();
        if (!signature.isEmpty()) {
            // Where Google's own translation puts it, and wants it back.
            json.writeObjectFieldStart("extra_content");
            json.writeObjectFieldStart("google");
            json.writeStringField("thought_signature", signature);
            json.writeEndObject();
            json.writeEndObject();
        }
    }
}
