package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.eventstream.EventStreamText;
import dev.understudy.protocol.failure.AttemptLine;
import dev.understudy.protocol.json.JsonOut;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Writes errors in Bedrock's form: {@code {"message"}}, with the exception name in a header of the response or of the
 * frame. The name is in the body too, as {@code __type}, and so are the attempts of the call.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors">
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

    /** The exception name. */
    static String type(ErrorResponse error) {
        return switch (error.kind()) {
            case RATE_LIMITED -> "ThrottlingException";
            case QUOTA -> "ServiceQuotaExceededException";
            // A provider's refusal of a key is reported as the caller's error only if the status says so.
            case FORBIDDEN -> "AccessDeniedException";
            case AUTH -> error.status() < 500 ? "AccessDeniedException" : "InternalServerException";
            case UNKNOWN_MODEL -> "ResourceNotFoundException";
            case NOT_READY -> "ModelNotReadyException";
            case CONNECTION, OVERLOADED, GATEWAY_BUSY -> "ServiceUnavailableException";
            case TIMEOUT_CONNECT, TIMEOUT_FIRST_TOKEN, TIMEOUT_IDLE, DEADLINE -> "ModelTimeoutException";
            case BAD_REQUEST, CONTEXT_LENGTH, CONTENT_POLICY, UNSUPPORTED -> "ValidationException";
            case MALFORMED, EMPTY, TRUNCATED, INVALID_OUTPUT, CONTINUATION_REFUSED -> "ModelErrorException";
            case SERVER_ERROR, CANCELLED -> "InternalServerException";
        };
    }

    /** The nearest of the five exceptions of streams. */
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
        AttemptLine.writeAll(json, error.attempts());
        json.writeEndObject();
    }
}
