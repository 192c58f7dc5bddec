package dev.understudy.gateway.faults;

import dev.understudy.engine.FailureKind;

/**
 * What is promised of a kind of failure, whichever bytes brought it: the table of failures as a caller meets it.
 *
 * @param attempts how often the target is asked while another stands by
 * @param reach how many targets of three are asked when all of them fail so
 * @param status what the caller sees when nobody is left
 * @param retryAfter whether that comes with a {@code Retry-After}: waiting is what helps, and the targets cool at once
 */
record Promise(int attempts, int reach, int status, boolean retryAfter) {

    static Promise of(FailureKind kind) {
        return switch (kind) {
            case CONNECTION, SERVER_ERROR, NOT_READY -> new Promise(2, 3, 503, false);
            case OVERLOADED -> new Promise(1, 3, 503, true);
            case RATE_LIMITED, QUOTA -> new Promise(1, 3, 429, true);
            // Never the caller's own 401: it is the gateway's key that was refused.
            case AUTH -> new Promise(1, 3, 502, false);
            case UNKNOWN_MODEL -> new Promise(1, 3, 404, false);
            case TIMEOUT_CONNECT, TIMEOUT_FIRST_TOKEN, TIMEOUT_IDLE -> new Promise(1, 3, 504, false);
            case DEADLINE -> new Promise(1, 1, 504, false);
            case CONTEXT_LENGTH, UNSUPPORTED -> new Promise(1, 3, 400, false);
            case CONTENT_POLICY, BAD_REQUEST -> new Promise(1, 1, 400, false);
            case MALFORMED, TRUNCATED -> new Promise(2, 3, 502, false);
            // Two models that say nothing are believed.
            case EMPTY -> new Promise(1, 2, 502, false);
            case INVALID_OUTPUT, CONTINUATION_REFUSED, CANCELLED ->
                throw new IllegalArgumentException("no upstream can cause " + kind);
        };
    }

    /** Whether another target is asked at all. */
    boolean next() {
        return reach > 1;
    }
}
