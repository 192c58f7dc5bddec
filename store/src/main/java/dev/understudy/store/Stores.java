package dev.understudy.store;

import dev.understudy.store.StoreOptions.Place;
import java.time.InstantSource;

/** Opens stores. */
public final class Stores {
    private Stores() {}

    /**
     * Opens a store, and creates or updates its tables.
     *
     * <p>A database that cannot be opened is no error here: the store is returned, {@link Store#status()} describes what is wrong,
     * and the writer tries again until it succeeds or the store is closed. Blocks for ten seconds at most.
     *
     * @throws IllegalArgumentException if the driver of the database rejects the parameters of the URL
     */
    public static Store open(StoreOptions options) {
        Database database = switch (options.place()) {
            case Place.Folder place -> new SqliteDatabase(place.folder());
            case Place.PostgreSql place -> new PostgresDatabase(place);
        };
        return new DatabaseStore(database, options, InstantSource.system()).opened();
    }
}
