package dev.understudy.engine;

import java.util.Locale;

/** What becomes of a stream that breaks after its first bytes have reached the caller. */
public enum Recovery {
    /** The next target is asked to go on where the text stops; where that cannot be asked, as {@link #TERMINATE}. */
    CONTINUE,
    /** The next target answers from the start, and the caller is told so in the stream. */
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

    /** Whether an attempt may be relieved by another one before it has failed. */
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
