package dev.understudy.engine;

import java.util.Optional;

/**
 * An attempt that is over, as it is remembered for people: what came of it, when, and how long it took.
 *
 * @param failure what went wrong; empty if an answer came. An attempt that was called off, because its caller left or
 *     another one was faster, counts as {@link FailureKind#CANCELLED}
 * @param endedAt the time at which it was over, to the millisecond
 * @param duration nanoseconds from its start to its end, to the millisecond, at most about an hour
 */
public record PastAttempt(Optional<FailureKind> failure, long endedAt, long duration) {

    /** One word, as in trails: {@code ok}, {@code cancelled}, a failure kind. */
    public String outcome() {
        return failure.map(FailureKind::wireName).orElse("ok");
    }
}
