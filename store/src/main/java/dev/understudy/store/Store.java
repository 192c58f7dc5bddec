package dev.understudy.store;

import java.util.function.Consumer;

/**
 * Versions of the settings, keys of callers, records of calls and the history of health. Safe for use by many threads.
 *
 * <p>{@link CallRecords#add}, {@link CallContents#add}, {@link StoredKeys#mayExist} and {@link #status} never block and never throw. All else reads or waits for the database, and throws
 * {@link StoreUnavailable} when it cannot be reached.
 */
public interface Store extends AutoCloseable {
    /** The records of calls. */
    CallRecords calls();

    /** The contents of calls; empty unless they are added. */
    CallContents contents();

    /** The versions of the settings. */
    SettingsVersions settings();

    /** The keys that were made for callers at run time. */
    StoredKeys keys();

    /** The changes of targets' health. */
    HealthHistory health();

    /**
     * Follows what gateways change that share this database, this one among them; nothing where a database cannot be shared. After a
     * time in which the database could not be reached, all that can be read again is told as changed.
     *
     * @param listener called on a thread of its own, which may wait for the store
     * @return ends it, without waiting
     */
    Following follow(Consumer<StoreChange> listener);

    /** Ends following. */
    interface Following extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Tells the gateways that share this database of a change that is not in the store. Changes of settings and keys are told by
     * the methods that make them. May wait.
     *
     * @throws StoreUnavailable if they were not told
     */
    void tell(StoreChange.HealthReset reset) throws StoreUnavailable;

    /** How the store is; from memory, without a look into the database. */
    StoreStatus status();

    /** Writes what waits to be written, for at most five seconds, and closes the database. What could not be written is lost. */
    @Override
    void close();
}
