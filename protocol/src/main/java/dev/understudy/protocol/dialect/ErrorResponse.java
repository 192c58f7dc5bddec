package dev.understudy.protocol.dialect;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.FailureKind;
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

    /**
     * One attempt of the call.
     *
     * @param target the target's name, {@code provider/model}
     * @param outcome its outcome, such as {@code rate_limited}
     * @param status the HTTP status of the response; 0 if there was none
     * @param message the provider's message, or ours; empty if there is none
     * @param millis how long it took, in milliseconds
     */
    public record AttemptLine(String target, String outcome, int status, String message, long millis) {}
}
