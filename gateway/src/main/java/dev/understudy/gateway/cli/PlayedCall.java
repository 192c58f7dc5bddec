package dev.understudy.gateway.cli;

import dev.understudy.engine.AttemptKind;
import java.util.List;
import java.util.Optional;

/**
 * The result of one call of the demo.
 *
 * @param description what the call was about
 * @param attempts in the order in which they began
 * @param answeredBy the target whose answer the caller got, or that continued another's; empty if none
 * @param totalMillis from the caller's request to the end of the answer
 * @param status the HTTP status that the caller got
 */
public record PlayedCall(
        String description, List<Attempt> attempts, Optional<String> answeredBy, long totalMillis, int status) {

    /**
     * @param target as {@code provider/model}
     * @param outcome {@code ok}, or the wire name of a {@link dev.understudy.engine.FailureKind}
     * @param attemptKind why it was made
     * @param millis how long it took
     */
    public record Attempt(String target, String outcome, AttemptKind attemptKind, long millis) {

        boolean answered() {
            return outcome.equals("ok");
        }
    }

    public PlayedCall {
        attempts = List.copyOf(attempts);
    }

    /** How it ended. */
    public DemoCall.Ends ends() {
        if (answeredBy.isEmpty()) {
            return DemoCall.Ends.IN_AN_ERROR;
        }
        boolean continued = attempts.stream()
                .anyMatch(attempt -> attempt.answered() && attempt.attemptKind().isRecovery());
        return continued ? DemoCall.Ends.CONTINUED : DemoCall.Ends.ANSWERED;
    }
}
