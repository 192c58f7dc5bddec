package dev.understudy.store;

import java.util.List;
import java.util.Optional;

/** The keys that were made at run time for callers. A change that was confirmed survives a crash of the process and of the machine. */
public interface StoredKeys {
    /**
     * Whether there may be keys; without a look into the database, for a start at which it cannot be read. A file of SQLite has a
     * mark beside it as long as there are keys. With PostgreSQL there may always be some.
     */
    boolean mayExist();

    /** The number that each change of a key increments; 0 before the first. */
    long version() throws StoreUnavailable;

    /** All keys, oldest first. */
    List<StoredKey> all() throws StoreUnavailable;

    /**
     * Adds a key.
     *
     * @param key whose version does not matter
     * @return the key with its version; empty if another has this name, in which case nothing was changed
     */
    Optional<StoredKey> add(StoredKey key) throws StoreUnavailable;

    /**
     * Changes the limits of a key.
     *
     * @param limits see {@link StoredKey#limits}
     * @param expected the version of the key to which the change is made
     * @throws VersionConflict if it has another version, which is 0 if there is no such key any more; nothing was changed
     */
    StoredKey change(String id, String limits, long expected) throws VersionConflict, StoreUnavailable;

    /** Removes a key, whatever its version. Returns whether it was there. */
    boolean remove(String id) throws StoreUnavailable;
}
