package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.engine.ErrorDetails;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.OpenAiErrorBody;
import dev.understudy.protocol.sse.SseText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes errors, which have the same form in all of OpenAI's APIs. */
final class ErrorWriter {

    private ErrorWriter() {}

    /** The body of a response. */
    static byte[] body(ErrorResponse error) {
        return OpenAiErrorBody.json(error);
    }

    /**
     * An {@code error} event. OpenAI's reference documents flat members, and its servers send an object {@code error};
     * the official clients for Python, Node and Java throw for the object and ignore the flat form. So both are
     * written.
     *
     * @param sequence the event's number
     * @see <a href="https://platform.openai.com/docs/api-reference/responses-streaming/error">error</a>
     */
    static byte[] event(ErrorResponse error, long sequence) {
        ErrorDetails words = error.words();
        String object = new String(body(error), StandardCharsets.UTF_8);
        ByteArrayOutputStream event = new ByteArrayOutputStream(object.length() + 256);
        SseText.append(event, "error", json -> {
            json.writeStartObject();
            json.writeStringField("type", "error");
            json.writeNumberField("sequence_number", sequence);
            textOrNull(json, "code", words.code().isEmpty() ? words.type() : words.code());
            json.writeStringField("message", words.message());
            textOrNull(json, "param", words.param());
            // Its only member, without the braces.
            json.writeRaw("," + object.substring(1, object.length() - 1));
            json.writeEndObject();
        });
        return event.toByteArray();
    }

    private static void textOrNull(JsonGenerator json, String name, String text) throws IOException {
        if (text.isEmpty()) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, text);
        }
    }
}
