package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.engine.ErrorDetails;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.OpenAiErrorBody;
import dev.understudy.protocol.sse.SseText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes errors. */
final class ErrorWriter {

    private ErrorWriter() {}

    /** All of OpenAI's APIs have one form for them. */
    static byte[] body(ErrorResponse error) {
        return OpenAiErrorBody.json(error);
    }

    /**
     * An {@code error} event. OpenAI's reference describes it with flat members, and its servers send an object {@code
     * error}; the official clients for Python, Node and Java throw for the object, and take the flat form for an event
     * like any other. So both are there. Its number is 0: an error may come from somebody who has not counted.
     *
     * @see <a href="https://platform.openai.com/docs/api-reference/responses-streaming/error">error</a>
     */
    static byte[] event(ErrorResponse error) {
        ErrorDetails words = error.words();
        String object = new String(body(error), StandardCharsets.UTF_8);
        ByteArrayOutputStream event = new ByteArrayOutputStream(object.length() + 256);
        SseText.append(event, "error", json -> {
            json.writeStartObject();
            json.writeStringField("type", "error");
            json.writeNumberField("sequence_number", 0);
            textOrNull(json, "code", words.code().isEmpty() ? words.type() : words.code());
            json.writeStringField("message", words.message());
            textOrNull(json, "param", words.param());
            // Its one member, without the braces around it.
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
