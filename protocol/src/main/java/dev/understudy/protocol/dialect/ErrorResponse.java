package dev.understudy.protocol.dialect;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.failure.AttemptLine;
import java.util.List;

/**
 * An error to be written.
 *
 * @param status the HTTP status that goes with it, also where the head of the response is out already
 * @param kind what went wrong; vendors have names of their own for it
 * @param words its message, and type, param and code in OpenAI's terms
 * @param attempts what led to it
 */
public record ErrorResponse(int status, FailureKind kind, ErrorDetails words, List<AttemptLine> attempts) {
    public ErrorResponse {
        attempts = List.copyOf(attempts);
    }
}
