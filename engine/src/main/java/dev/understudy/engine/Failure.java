package dev.understudy.engine;

import java.util.OptionalLong;

/**
 * One attempt's failure: its kind, whose fault it is, and what the provider said about it.
 *
 * @param kind what went wrong
 * @param concern whose fault it is; the kind's own concern unless the response said otherwise
 * @param status the HTTP status that came with it; 0 if none did
 * @param details the provider's own error, or our description where the provider sent none
 * @param retryAfter nanoseconds for which the provider asks for no further requests, if it said so
 * @param hasDeliverableAnswer whether a complete answer came all the same (a content filter's, for instance), which may be
 *     delivered if no other target is to be tried
 */
public record Failure(
        FailureKind kind,
        Concern concern,
        int status,
        ErrorDetails details,
        OptionalLong retryAfter,
        boolean hasDeliverableAnswer) {

    public Failure(
            FailureKind kind, int status, ErrorDetails details, OptionalLong retryAfter, boolean hasDeliverableAnswer) {
        this(kind, kind.disposition().concern(), status, details, retryAfter, hasDeliverableAnswer);
    }

    public Failure(FailureKind kind, int status, ErrorDetails details, OptionalLong retryAfter) {
        this(kind, status, details, retryAfter, false);
    }

    /** A failure that no provider described. */
    public static Failure of(FailureKind kind, String message) {
        return new Failure(kind, 0, ErrorDetails.of(message), OptionalLong.empty());
    }

    /** The same failure, where the response says that it has another concern than its kind usually has. */
    public Failure concerning(Concern other) {
        return new Failure(kind, other, status, details, retryAfter, hasDeliverableAnswer);
    }

    /** The provider's error, or our description of it. */
    public String message() {
        return details.message();
    }

    /** Whether it passes by itself, so that a retry may help and the retry budget is spent by it. */
    public boolean isTransient() {
        return concern != Concern.REQUEST && kind.isTransient();
    }
}
