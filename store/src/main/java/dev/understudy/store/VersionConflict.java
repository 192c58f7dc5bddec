package dev.understudy.store;

/** The settings, or a key, were changed by another writer since the version on which a change was based. */
public final class VersionConflict extends Exception {
    private static final long serialVersionUID = 1;

    private final long current;

    VersionConflict(long expected, long current) {
        this("the settings are at version " + current + ", and the change was made to version " + expected, current);
    }

    private VersionConflict(String message, long current) {
        super(message);
        this.current = current;
    }

    static VersionConflict ofKey(long expected, long current) {
        return new VersionConflict(
                current == 0
                        ? "the key is not there any more"
                        : "the key is at version " + current + ", and the change was made to version " + expected,
                current);
    }

    /** The version that is in force; 0 if the settings were never changed, or there is no such key. */
    public long current() {
        return current;
    }
}
