package dev.understudy.store;

/** The settings were changed by another writer since the version on which a change was based. */
public final class VersionConflict extends Exception {
    private static final long serialVersionUID = 1;

    private final long current;

    VersionConflict(long expected, long current) {
        super("the settings are at version " + current + ", and the change was made to version " + expected);
        this.current = current;
    }

    /** The version that is in force; 0 if the settings were never changed. */
    public long current() {
        return current;
    }
}
