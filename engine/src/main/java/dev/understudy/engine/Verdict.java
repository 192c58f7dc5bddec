package dev.understudy.engine;

import java.util.List;
import java.util.OptionalLong;

/**
 * The error that a caller gets when no target could answer.
 *
 * @param status the HTTP status that the caller can best act on
 * @param shown the failure whose message the caller reads
 * @param retryAfter nanoseconds until the soonest target accepts requests again by its own hint, where waiting helps
 * @param worthRetrying whether the same request may succeed later; false where the operator has to fix
 *     the account or key first, or the caller has waited its full time already
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
        /** Nothing: the gateway's operator has to act. */
        NONE
    }

    /**
     * Chooses the error of a call from the failures of its attempts. A refusal never hides a transient failure: failures that can be
     * retried come first, then the first refusal, and last what only the operator can fix.
     *
     * @param failures in the order of the attempts; not empty
     * @param hint nanoseconds until the first target with a provider's hint may be tried; empty if one of the tried
     *     targets may be tried at once
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
        // The official SDKs would begin the same wait again; a caller that has waited this long decides for itself.
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
            case CONNECTION, SERVER_ERROR, OVERLOADED, NOT_READY, GATEWAY_BUSY -> UNAVAILABLE;
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
