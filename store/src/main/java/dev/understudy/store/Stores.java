package dev.understudy.store;

/** Opens stores. */
public final class Stores {
    private Stores() {}

    /**
     * Opens a store, and creates or updates its tables.
     *
     * <p>A database that cannot be opened is no error here: the store is returned, {@link Store#status()} describes what is wrong,
     * and the writer tries again until it succeeds or the store is closed. Blocks for ten seconds at most.
     */
    public static Store open(StoreOptions options) {
        throw new UnsupportedOperationException("not written yet: " + options.place());
    }
}
