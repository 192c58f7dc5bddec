package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.failure.AttemptLine;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.sse.SseText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Writes errors in Anthropic's form, with the attempts of the call: {@code
 * {"type":"error","error":{"type","message","attempts":[…]}}}.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/errors">Errors</a>
 */
final class ErrorWriter {

    private ErrorWriter() {}

    static byte[] body(ErrorResponse error) {
        return JsonOut.bytes(json -> write(json, error));
    }

    static byte[] event(ErrorResponse error) {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        SseText.append(event, "error", json -> write(json, error));
        return event.toByteArray();
    }

    private static void write(JsonGenerator json, ErrorResponse error) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "error");
        json.writeObjectFieldStart("error");
        json.writeStringField("type", type(error));
        json.writeStringField("message", error.words().message());
        AttemptLine.writeAll(json, error.attempts());
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Clients choose an exception by the status, people read this type: the two must agree. */
    private static String type(ErrorResponse error) {
        return switch (error.status()) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 408, 504 -> "timeout_error";
            case 529 -> "overloaded_error";
            default -> error.status() >= 500 || error.status() < 400 ? broken(error.kind()) : "invalid_request_error";
        };
    }

    private static String broken(FailureKind kind) {
        if (kind.isTimeout()) {
            return "timeout_error";
        }
        return kind == FailureKind.OVERLOADED ? "overloaded_error" : "api_error";
    }
}
