package dev.understudy.gateway.rehearsal;

import java.util.List;
import java.util.Optional;

/**
 * What became of a call, as the demo tells it.
 *
 * @param description what the call was about
 * @param attempts in the order in which they began
 * @param answeredBy the target whose answer the caller got; empty if none
 * @param totalMillis from the caller's request to the end of the answer
 * @param status the HTTP status that the caller got
 */
public record FinishedCall(
        String description, List<Attempt> attempts, Optional<String> answeredBy, long totalMillis, int status) {

    /**
     * @param target as {@code provider/model}
     * @param outcome {@code ok}, or the wire name of a {@link dev.understudy.engine.FailureKind}
     * @param millis how long it took
     */
    public record Attempt(String target, String outcome, long millis) {}

    public FinishedCall {
        attempts = List.copyOf(attempts);
    }
}
