package dev.understudy.testing.faults;

/** How far an answer was when it failed. */
public enum Moment {
    /** The request has not been read. */
    BEFORE_CONNECTION("before a connection"),
    BEFORE_FIRST_BYTE("before the first byte"),
    BEFORE_COMMIT("before commit"),
    AFTER_COMMIT("after commit");

    private final String words;

    Moment(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
