package dev.understudy.protocol.dialect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.engine.ErrorDetails;
import dev.understudy.protocol.failure.AttemptLine;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes an error in the form that clients of OpenAI's APIs understand, with the attempts that led to it.
 *
 * <p>{@code {"error":{"message","type","param","code","attempts":[…]}}}; an absent text is {@code null}, as OpenAI writes
 * it. {@code attempts} is an addition, which clients ignore.
 */
public final class OpenAiErrorBody {
    private static final JsonFactory JSON = new JsonFactory();

    private OpenAiErrorBody() {}

    /** The body of an error response, as UTF-8. */
    public static byte[] json(ErrorResponse error) {
        return text(error.words(), error.attempts()).getBytes(StandardCharsets.UTF_8);
    }

    /** The same as one event of a stream that has already begun, blank line included. */
    public static byte[] event(ErrorResponse error) {
        // JSON text holds no raw line breaks, so one data line is always enough.
        return ("data: " + text(error.words(), error.attempts()) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String text(ErrorDetails words, List<AttemptLine> attempts) {
        // By way of characters: half a surrogate pair in a provider's message becomes a question mark, not an
        // exception.
        StringWriter text = new StringWriter(512);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeObjectFieldStart("error");
            json.writeStringField("message", words.message());
            textOrNull(json, "type", words.type());
            textOrNull(json, "param", words.param());
            textOrNull(json, "code", words.code());
            AttemptLine.writeAll(json, attempts);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException impossible) {
            // The target is memory.
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static void textOrNull(JsonGenerator json, String name, String text) throws IOException {
        if (text.isEmpty()) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, text);
        }
    }
}
