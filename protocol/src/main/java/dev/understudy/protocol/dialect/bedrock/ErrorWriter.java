package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.eventstream.EventStreamText;
import dev.understudy.protocol.json.JsonOut;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Writes errors as Bedrock does: {@code {"message"}}, named by a header of the response or of the frame. The name stands
 * in the body too, as {@code __type}; {@code attempts} is an addition that clients pass over.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors">
 *     Errors of Converse</a>
 */
final class ErrorWriter {
    private ErrorWriter() {}

    static byte[] body(ErrorResponse error) {
        return JsonOut.bytes(json -> write(json, type(error), error));
    }

    static byte[] frame(ErrorResponse error) {
        String type = streamType(error);
        ByteArrayOutputStream frame = new ByteArrayOutputStream(512);
        EventStreamText.appendException(frame, type, json -> write(json, type, error));
        return frame.toByteArray();
    }

    /** The name of the exception. */
    static String type(ErrorResponse error) {
        return switch (error.kind()) {
            case RATE_LIMITED -> "ThrottlingException";
            case QUOTA -> "ServiceQuotaExceededException";
            // A key that the provider refuses is the caller's only if the caller is told so.
            case FORBIDDEN -> "AccessDeniedException";
            case AUTH -> error.status() < 500 ? "AccessDeniedException" : "InternalServerException";
            case UNKNOWN_MODEL -> "ResourceNotFoundException";
            case NOT_READY -> "ModelNotReadyException";
            case CONNECTION, OVERLOADED -> "ServiceUnavailableException";
            case TIMEOUT_CONNECT, TIMEOUT_FIRST_TOKEN, TIMEOUT_IDLE, DEADLINE -> "ModelTimeoutException";
            case BAD_REQUEST, CONTEXT_LENGTH, CONTENT_POLICY, UNSUPPORTED -> "ValidationException";
            case MALFORMED, EMPTY, TRUNCATED, INVALID_OUTPUT, CONTINUATION_REFUSED -> "ModelErrorException";
            case SERVER_ERROR, CANCELLED -> "InternalServerException";
        };
    }

    /** The same among the five that a stream has. */
    private static String streamType(ErrorResponse error) {
        return switch (type(error)) {
            case "ThrottlingException", "ServiceQuotaExceededException" -> "throttlingException";
            case "ServiceUnavailableException", "ModelNotReadyException" -> "serviceUnavailableException";
            case "ValidationException" -> "validationException";
            case "ModelTimeoutException", "ModelErrorException" -> "modelStreamErrorException";
            default -> "internalServerException";
        };
    }

    private static void write(JsonGenerator json, String type, ErrorResponse error) throws IOException {
        json.writeStartObject();
        json.writeStringField("__type", type);
        json.writeStringField("message", error.words().message());
        if (!error.attempts().isEmpty()) {
            json.writeArrayFieldStart("attempts");
            for (ErrorResponse.AttemptLine attempt : error.attempts()) {
                json.writeStartObject();
                json.writeStringField("target", attempt.target());
                json.writeStringField("outcome", attempt.outcome());
                json.writeNumberField("status", attempt.status());
                json.writeStringField("message", attempt.message());
                json.writeNumberField("duration_ms", attempt.millis());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }
}
