package dev.understudy.protocol.dialect;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.failure.AttemptLine;
import java.util.List;

/**
 * An error to be written.
 *
 * @param status its HTTP status, also where the response has begun
 * @param kind the failure kind, for the vendor's own error names
 * @param words message, type, param and code in OpenAI's terms
 * @param attempts the attempts of the call
 */
public record ErrorResponse(int status, FailureKind kind, ErrorDetails words, List<AttemptLine> attempts) {
    public ErrorResponse {
        attempts = List.copyOf(attempts);
    }
}
