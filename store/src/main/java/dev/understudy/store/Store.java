package dev.understudy.store;

/**
 * Versions of the settings, keys of callers, records of calls and the history of health. Safe for use by many threads.
 *
 * <p>{@link CallRecords#add}, {@link StoredKeys#mayExist} and {@link #status} never block and never throw. All else reads or waits for the database, and throws
 * {@link StoreUnavailable} when it cannot be reached.
 */
public interface Store extends AutoCloseable {
    /** The records of calls. */
    CallRecords calls();

    /** The versions of the settings. */
    SettingsVersions settings();

    /** The keys that were made for callers at run time. */
    StoredKeys keys();

    /** The changes of targets' health. */
    HealthHistory health();

    /** How the store is; from memory, without a look into the database. */
    StoreStatus status();

    /** Writes what waits to be written, for at most five seconds, and closes the database. What could not be written is lost. */
    @Override
    void close();
}
