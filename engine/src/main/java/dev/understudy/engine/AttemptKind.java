package dev.understudy.engine;

import java.util.Locale;

/** Why an attempt is made, and so how its request and its response are handled. */
public enum AttemptKind {
    /** The first request to the first target of the chain. Its answer begins the caller's, as with the next three. */
    PRIMARY(""),
    /** Another request to a target that failed in this call. */
    RETRY(""),
    /** A request to a target further down the chain, after the targets before it failed or were skipped. */
    FALLBACK(""),
    /** A request beside an attempt that is late and continues; the first of the two to commit wins. */
    HEDGE("overlapping"),
    /** The caller has the beginning of an answer: the request tells the target to continue it. */
    CONTINUATION("continuing"),
    /** The caller has the beginning of an answer and has agreed to get another one from the start. */
    RESTART("restarting");

    private final String wireName = name().toLowerCase(Locale.ROOT);
    private final String manner;

    AttemptKind(String manner) {
        this.manner = manner;
    }

    /** The name in trails and logs. */
    public String wireName() {
        return wireName;
    }

    /** The older name of the same in trails and logs ({@code manner}); empty for the kinds that had none. */
    public String manner() {
        return manner;
    }

    /** Whether the caller already has the beginning of an answer. */
    public boolean isRecovery() {
        return this == CONTINUATION || this == RESTART;
    }

    /** Whether it is the only attempt in flight, and its answer begins the caller's. */
    public boolean isAlone() {
        return this == PRIMARY || this == RETRY || this == FALLBACK;
    }
}
