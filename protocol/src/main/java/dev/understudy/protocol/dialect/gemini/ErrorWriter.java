package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.ErrorResponse.AttemptLine;
import dev.understudy.protocol.json.JsonOut;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes errors as Google's APIs do, with the attempts that led to them in an addition that clients pass over.
 *
 * @see <a href="https://cloud.google.com/apis/design/errors">Google: errors</a>
 */
final class ErrorWriter {

    private ErrorWriter() {}

    /** The body of a response; alone in an array for those who wait for one. */
    static byte[] body(Form form, ErrorResponse error) {
        byte[] json = JsonOut.bytes(out -> write(out, error));
        return switch (form) {
            case EVENTS -> json;
            case ARRAY -> around("[", json, "]");
        };
    }

    /** The last frame of a stream of which at least one chunk is out. */
    static byte[] lastFrame(Form form, ErrorResponse error) {
        byte[] json = JsonOut.bytes(out -> write(out, error));
        return switch (form) {
            case EVENTS -> around("data: ", json, "\n\n");
            case ARRAY -> around(",\n", json, "]");
        };
    }

    private static byte[] around(String before, byte[] json, String after) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(json.length + 16);
        frame.writeBytes(before.getBytes(StandardCharsets.US_ASCII));
        frame.writeBytes(json);
        frame.writeBytes(after.getBytes(StandardCharsets.US_ASCII));
        return frame.toByteArray();
    }

    private static void write(JsonGenerator json, ErrorResponse error) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("error");
        json.writeNumberField("code", error.status());
        json.writeStringField("message", error.words().message());
        json.writeStringField("status", status(error.status()));
        json.writeArrayFieldStart("attempts");
        for (AttemptLine attempt : error.attempts()) {
            json.writeStartObject();
            json.writeStringField("target", attempt.target());
            json.writeStringField("outcome", attempt.outcome());
            if (attempt.status() == 0) {
                json.writeNullField("status");
            } else {
                json.writeNumberField("status", attempt.status());
            }
            if (attempt.message().isEmpty()) {
                json.writeNullField("message");
            } else {
                json.writeStringField("message", attempt.message());
            }
            json.writeNumberField("duration_ms", attempt.millis());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    /** The {@code google.rpc.Code} that goes with an HTTP status. */
    private static String status(int http) {
        return switch (http) {
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 409 -> "ABORTED";
            case 402, 429 -> "RESOURCE_EXHAUSTED";
            case 499 -> "CANCELLED";
            case 501 -> "UNIMPLEMENTED";
            case 502, 503, 529 -> "UNAVAILABLE";
            case 408, 504 -> "DEADLINE_EXCEEDED";
            default -> http >= 500 ? "INTERNAL" : "INVALID_ARGUMENT";
        };
    }
}
