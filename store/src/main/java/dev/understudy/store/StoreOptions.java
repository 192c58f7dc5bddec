package dev.understudy.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a store is, and how much it keeps.
 *
 * @param place the database
 * @param keepFor how long records of calls are kept
 * @param keepCalls how many records of calls are kept, about
 * @param queue how many records may wait to be written; more are dropped
 */
public record StoreOptions(Place place, Duration keepFor, long keepCalls, int queue) {
    private static final Duration KEEP_FOR = Duration.ofDays(30);
    private static final long KEEP_CALLS = 1_000_000;
    private static final int QUEUE = 10_000;

    public StoreOptions {
        if (keepFor.isNegative() || keepFor.isZero() || keepCalls < 1 || queue < 1) {
            throw new IllegalArgumentException("a store keeps calls for a time above 0, at least one, and queues at least one");
        }
    }

    /** A file of SQLite in a folder, which is created if it is missing. Calls are kept for 30 days, at most a million. */
    public static StoreOptions in(Path folder) {
        return new StoreOptions(new Place.Folder(folder), KEEP_FOR, KEEP_CALLS, QUEUE);
    }

    /**
     * A database of PostgreSQL. Calls are kept for 30 days, at most a million.
     *
     * @param url {@code jdbc:postgresql://host:port/database?…}, or the same without {@code jdbc:}
     */
    public static StoreOptions at(String url, Optional<String> user, Optional<String> password) {
        return new StoreOptions(new Place.PostgreSql(url, user, password), KEEP_FOR, KEEP_CALLS, QUEUE);
    }

    /** The same place with other bounds on what it keeps. */
    public StoreOptions keeping(Duration duration, long calls) {
        return new StoreOptions(place, duration, calls, queue);
    }

    /** The same place with another bound on what waits to be written. */
    public StoreOptions queueing(int calls) {
        return new StoreOptions(place, keepFor, keepCalls, calls);
    }

    /** Where a store is. */
    public sealed interface Place {
        /** The file {@code understudy.db} of SQLite in a folder. */
        record Folder(Path folder) implements Place {}

        /**
         * A database of PostgreSQL.
         *
         * @param url {@code jdbc:postgresql://host:port/database?…}
         * @param user empty if the URL names one, or none is needed
         * @param password likewise
         */
        record PostgreSql(String url, Optional<String> user, Optional<String> password) implements Place {
            public PostgreSql {
                url = url.startsWith("jdbc:") ? url : "jdbc:" + url;
                if (!url.startsWith("jdbc:postgresql:")) {
                    throw new IllegalArgumentException("the URL of a store begins with jdbc:postgresql://");
                }
            }

            /** The host and the database; credentials are left out. */
            @Override
            public String toString() {
                return url.replaceFirst("\\?.*", "").replaceFirst("//[^/@]*@", "//");
            }
        }
    }
}
