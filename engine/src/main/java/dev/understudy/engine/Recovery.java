package dev.understudy.engine;

import java.util.Locale;

/** How a stream is recovered that breaks after its first bytes have reached the caller (mid-stream recovery). */
public enum Recovery {
    /** The next target continues where the text stops; where that is not possible, as {@link #TERMINATE}. */
    CONTINUE,
    /** The next target answers from the start, and a mark in the stream says so. */
    RESTART,
    /** The stream ends with an error. */
    TERMINATE;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in settings and requests. */
    public String wireName() {
        return wireName;
    }

    /** Whether an attempt that broke with this failure may be followed by another one. */
    boolean allows(Attempt broken, Failure failure) {
        boolean anotherMayManage = switch (failure.kind().disposition().next()) {
            case YES, REFUSAL -> true;
            case NEVER, ONCE_PER_CALL, LARGER_WINDOW, OPT_IN -> false;
        };
        return anotherMayManage && allows(broken);
    }

    /** Whether another target may be started beside an attempt, before that has failed. */
    boolean allows(Attempt stalled) {
        return switch (this) {
            case CONTINUE -> stalled.canBeContinued();
            case RESTART -> true;
            case TERMINATE -> false;
        };
    }

    AttemptKind attemptKind() {
        return this == RESTART ? AttemptKind.RESTART : AttemptKind.CONTINUATION;
    }
}
