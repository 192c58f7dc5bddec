package dev.understudy.engine;

import java.util.Locale;

/** Why an attempt is made, and so how its request and its answer are to be handled. */
public enum AttemptKind {
    /** The caller's request, as it is; its answer begins the caller's. */
    FRESH,
    /** The same, while an attempt that is later than usual goes on; the first of the two to commit wins. */
    OVERLAPPING,
    /** The caller has the beginning of an answer: the request asks to go on from there. */
    CONTINUING,
    /** The caller has the beginning of an answer and has agreed to get another one from the start. */
    RESTARTING;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in trails and logs. */
    public String wireName() {
        return wireName;
    }

    /** Whether the caller has the beginning of an answer already. */
    public boolean isRecovery() {
        return this == CONTINUING || this == RESTARTING;
    }
}
