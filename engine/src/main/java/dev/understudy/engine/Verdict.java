package dev.understudy.engine;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a caller is told when nobody could answer.
 *
 * @param status the HTTP status that is of most use to the caller
 * @param shown the failure whose words the caller reads
 * @param retryAfter nanoseconds until the soonest target may be asked again, where waiting is what helps
 */
public record Verdict(int status, Failure shown, OptionalLong retryAfter) {

    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;
    private static final int GATEWAY_TIMEOUT = 504;
    private static final int TOO_MANY_REQUESTS = 429;

    /**
     * Judges a call by the failures of its attempts.
     *
     * @param failures in the order in which they happened; not empty
     * @param soonest nanoseconds until the first of the chain's targets has cooled down, if any is cooling
     */
    static Verdict of(List<Failure> failures, OptionalLong soonest) {
        Failure first = failures.getFirst();
        Failure last = failures.getLast();
        if (last.kind().disposition().next() == Disposition.Next.NEVER
                && last.kind().isCallersToMend()) {
            return new Verdict(statusOf(last), last, OptionalLong.empty());
        }
        boolean agreed = failures.stream().allMatch(failure -> statusOf(failure) == statusOf(first));
        int status = agreed ? statusOf(first) : last.kind() == FailureKind.DEADLINE ? GATEWAY_TIMEOUT : UNAVAILABLE;
        boolean waitingHelps = status == TOO_MANY_REQUESTS || status == UNAVAILABLE;
        return new Verdict(status, first, waitingHelps ? soonest : OptionalLong.empty());
    }

    private static int statusOf(Failure failure) {
        return switch (failure.kind()) {
            case CONNECTION, SERVER_ERROR, OVERLOADED, NOT_READY -> UNAVAILABLE;
            case RATE_LIMITED, QUOTA -> TOO_MANY_REQUESTS;
            case TIMEOUT_CONNECT, TIMEOUT_FIRST_TOKEN, TIMEOUT_IDLE, DEADLINE -> GATEWAY_TIMEOUT;
            case MALFORMED, EMPTY, TRUNCATED, INVALID_OUTPUT, AUTH, CONTINUATION_REFUSED, CANCELLED -> BAD_GATEWAY;
            case UNKNOWN_MODEL -> 404;
            case CONTEXT_LENGTH, CONTENT_POLICY, UNSUPPORTED, BAD_REQUEST, FORBIDDEN ->
                failure.status() >= 400 && failure.status() < 500 ? failure.status() : 400;
        };
    }
}
