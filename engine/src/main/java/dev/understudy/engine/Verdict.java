package dev.understudy.engine;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a caller is told when no target could answer.
 *
 * @param status the HTTP status that the caller can best act on
 * @param shown the failure whose words the caller reads
 * @param retryAfter nanoseconds for which the soonest target asks to be left alone, where waiting is what helps
 * @param worthRetrying whether the same request may succeed later; false where the gateway's own account or key has to be
 *     mended first, or the caller has waited its full time already
 */
public record Verdict(int status, Failure shown, OptionalLong retryAfter, boolean worthRetrying) {

    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;
    private static final int GATEWAY_TIMEOUT = 504;
    private static final int TOO_MANY_REQUESTS = 429;

    /** What the caller can do about a failure; the most useful first. */
    private enum Remedy {
        /** Send the same request again, later. */
        RETRY,
        /** Send another request. */
        CHANGE_THE_REQUEST,
        /** Nothing: it is for the gateway's operator to mend. */
        NONE
    }

    /**
     * Judges a call by the failures of its attempts. A refusal never hides a failure that passes: what can be retried is
     * told first, then the first refusal, and last what only the operator can mend.
     *
     * @param failures in the order of the attempts; not empty
     * @param hint nanoseconds until the first target that asked to be left alone may be tried; empty if one of those that
     *     were tried may be tried at once
     */
    static Verdict of(List<Failure> failures, OptionalLong hint) {
        for (Remedy remedy : Remedy.values()) {
            List<Failure> those = failures.stream()
                    .filter(failure -> remedy(failure) == remedy)
                    .toList();
            if (!those.isEmpty()) {
                return of(those, remedy, hint);
            }
        }
        throw new IllegalArgumentException("no verdict without a failure");
    }

    private static Verdict of(List<Failure> failures, Remedy remedy, OptionalLong hint) {
        Failure first = failures.getFirst();
        if (remedy != Remedy.RETRY) {
            return new Verdict(statusOf(first), first, OptionalLong.empty(), false);
        }
        boolean agreed = failures.stream().allMatch(failure -> statusOf(failure) == statusOf(first));
        boolean timeIsUp = failures.getLast().kind() == FailureKind.DEADLINE;
        int status = agreed ? statusOf(first) : timeIsUp ? GATEWAY_TIMEOUT : UNAVAILABLE;
        boolean waitingHelps = status == TOO_MANY_REQUESTS || status == UNAVAILABLE;
        // The official SDKs would begin the same wait again; who has waited this long decides for itself.
        return new Verdict(status, first, waitingHelps ? hint : OptionalLong.empty(), status != GATEWAY_TIMEOUT);
    }

    private static Remedy remedy(Failure failure) {
        return switch (failure.kind()) {
            case AUTH, CONTINUATION_REFUSED, CANCELLED -> Remedy.NONE;
            case BAD_REQUEST, CONTEXT_LENGTH, CONTENT_POLICY, UNSUPPORTED, UNKNOWN_MODEL, FORBIDDEN ->
                Remedy.CHANGE_THE_REQUEST;
            case QUOTA -> failure.concern() == Concern.REQUEST ? Remedy.CHANGE_THE_REQUEST : Remedy.NONE;
            case RATE_LIMITED -> failure.concern() == Concern.REQUEST ? Remedy.CHANGE_THE_REQUEST : Remedy.RETRY;
            default -> Remedy.RETRY;
        };
    }

    private static int statusOf(Failure failure) {
        return switch (failure.kind()) {
            case CONNECTION, SERVER_ERROR, OVERLOADED, NOT_READY -> UNAVAILABLE;
            case RATE_LIMITED, QUOTA ->
                failure.concern() == Concern.REQUEST ? ownStatus(failure, TOO_MANY_REQUESTS) : TOO_MANY_REQUESTS;
            case TIMEOUT_CONNECT, TIMEOUT_FIRST_TOKEN, TIMEOUT_IDLE, DEADLINE -> GATEWAY_TIMEOUT;
            case MALFORMED, EMPTY, TRUNCATED, INVALID_OUTPUT, AUTH, CONTINUATION_REFUSED, CANCELLED -> BAD_GATEWAY;
            case UNKNOWN_MODEL -> 404;
            case FORBIDDEN -> ownStatus(failure, 403);
            case CONTEXT_LENGTH, CONTENT_POLICY, UNSUPPORTED, BAD_REQUEST -> ownStatus(failure, 400);
        };
    }

    private static int ownStatus(Failure failure, int otherwise) {
        return failure.status() >= 400 && failure.status() < 500 ? failure.status() : otherwise;
    }
}
