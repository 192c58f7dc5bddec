package dev.understudy.testing.faults;

import dev.understudy.engine.FailureKind;

/**
 * The expected behaviour for a failure kind, whatever its bytes: the table of failures from the caller's side.
 *
 * @param attempts the number of attempts at the target if there is a fallback
 * @param reach how many targets of three are tried when all of them fail in this way
 * @param status the caller's status when no target is left
 */
public record Promise(int attempts, int reach, int status) {

    public static Promise of(FailureKind kind) {
        return switch (kind) {
            case CONNECTION, SERVER_ERROR, NOT_READY -> new Promise(2, 3, 503);
            case OVERLOADED -> new Promise(1, 3, 503);
            case RATE_LIMITED, QUOTA -> new Promise(1, 3, 429);
            case FORBIDDEN -> new Promise(1, 3, 403);
            // Never the caller's own 401: it is the gateway's key that was refused.
            case AUTH -> new Promise(1, 3, 502);
            case UNKNOWN_MODEL -> new Promise(1, 3, 404);
            case TIMEOUT_CONNECT, TIMEOUT_FIRST_TOKEN, TIMEOUT_IDLE -> new Promise(1, 3, 504);
            case DEADLINE -> new Promise(1, 1, 504);
            case CONTEXT_LENGTH, UNSUPPORTED -> new Promise(1, 3, 400);
            case CONTENT_POLICY -> new Promise(1, 1, 400);
            case BAD_REQUEST -> new Promise(1, 3, 400);
            case MALFORMED, TRUNCATED -> new Promise(2, 3, 502);
            // Two models that say nothing are believed.
            case EMPTY -> new Promise(1, 2, 502);
            case INVALID_OUTPUT, CONTINUATION_REFUSED, GATEWAY_BUSY, CANCELLED ->
                throw new IllegalArgumentException("no upstream can cause " + kind);
        };
    }

    /** Whether another target is tried at all. */
    public boolean next() {
        return reach > 1;
    }
}
