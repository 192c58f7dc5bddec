package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.ErrorResponse.AttemptLine;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.sse.SseText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Writes errors as Anthropic does, with the attempts that led to them: {@code
 * {"type":"error","error":{"type","message","attempts":[…]}}}. {@code attempts} is an addition that clients pass over.
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
        json.writeArrayFieldStart("attempts");
        for (AttemptLine attempt : error.attempts()) {
            line(json, attempt);
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Clients choose their exception by the status, people by this word: they must not contradict each other. */
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

    private static void line(JsonGenerator json, AttemptLine attempt) throws IOException {
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
}
