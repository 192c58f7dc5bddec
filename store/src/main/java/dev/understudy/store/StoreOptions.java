package dev.understudy.store;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a store is, and how much it keeps.
 *
 * @param place the database
 * @param keepFor how long records of calls are kept
 * @param keepCalls how many records of calls are kept, about
 * @param queue how many records may wait to be written; more are dropped
 * @param contents how long and how many contents of calls are kept
 */
public record StoreOptions(Place place, Duration keepFor, long keepCalls, int queue, Kept contents) {
    private static final Duration KEEP_FOR = Duration.ofDays(30);
    private static final long KEEP_CALLS = 1_000_000;
    private static final int QUEUE = 4_000;
    private static final Kept CONTENTS = new Kept(Duration.ofDays(7), 10_000);

    public StoreOptions {
        if (keepFor.isNegative() || keepFor.isZero() || keepCalls < 1 || queue < 1) {
            throw new IllegalArgumentException(
                    "a store keeps calls for a time above 0, at least one, and queues at least one");
        }
    }

    /**
     * Bounds on what is kept.
     *
     * @param duration how long
     * @param calls of how many calls, about
     */
    public record Kept(Duration duration, long calls) {
        public Kept {
            if (duration.isNegative() || duration.isZero() || calls < 1) {
                throw new IllegalArgumentException("contents are kept for a time above 0, of at least one call");
            }
        }
    }

    /**
     * A file of SQLite in a folder, which is created if it is missing. Calls are kept for 30 days, at most a million, and contents for
     * 7 days, of at most 10,000 calls.
     */
    public static StoreOptions in(Path folder) {
        return new StoreOptions(new Place.Folder(folder), KEEP_FOR, KEEP_CALLS, QUEUE, CONTENTS);
    }

    /**
     * A database of PostgreSQL, which keeps as much as {@link #in}.
     *
     * @param url {@code jdbc:postgresql://host:port/database?…}, or {@code postgres://user:password@host:port/database?…}
     * @throws IllegalArgumentException if it is another URL
     */
    public static StoreOptions at(String url, Optional<String> user, Optional<String> password) {
        return new StoreOptions(new Place.PostgreSql(url, user, password), KEEP_FOR, KEEP_CALLS, QUEUE, CONTENTS);
    }

    /** The same place with other bounds on what it keeps. */
    public StoreOptions keeping(Duration duration, long calls) {
        return new StoreOptions(place, duration, calls, queue, contents);
    }

    /** The same place with another bound on what waits to be written. */
    public StoreOptions queueing(int calls) {
        return new StoreOptions(place, keepFor, keepCalls, calls, contents);
    }

    /** The same place with other bounds on the contents of calls that it keeps. */
    public StoreOptions keepingContents(Duration duration, long calls) {
        return new StoreOptions(place, keepFor, keepCalls, queue, new Kept(duration, calls));
    }

    /** Where a store is. */
    public sealed interface Place {
        /** The file {@code understudy.db} of SQLite in a folder. */
        record Folder(Path folder) implements Place {}

        /**
         * A database of PostgreSQL.
         *
         * @param url {@code jdbc:postgresql://host:port/database?…}; without {@code jdbc:} it may contain {@code user:password@}
         * @param user empty if the URL names one, or none is needed
         * @param password likewise
         */
        record PostgreSql(String url, Optional<String> user, Optional<String> password) implements Place {
            private static final Pattern URL =
                    Pattern.compile("(?:jdbc:)?postgres(?:ql)?://(?:([^:/?@]*)(?::([^/?@]*))?@)?([^@]*)");

            private static final String FORM =
                    "the URL of a store is postgresql://HOST:PORT/DATABASE; special characters in a user or"
                            + " a password are written as %XX";

            /**
             * The URL is kept without credentials where they can be told from the rest.
             *
             * @throws IllegalArgumentException if the URL is not one of PostgreSQL; the message does not repeat it
             */
            public PostgreSql {
                Matcher parts = URL.matcher(url);
                if (!parts.matches()) {
                    throw new IllegalArgumentException(FORM);
                }
                user = user.or(() -> Optional.ofNullable(parts.group(1)).map(PostgreSql::decoded));
                password = password.or(() -> Optional.ofNullable(parts.group(2)).map(PostgreSql::decoded));
                url = "jdbc:postgresql://" + parts.group(3);
            }

            private static String decoded(String text) {
                try {
                    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
                } catch (IllegalArgumentException malformed) {
                    // Without the cause, which repeats a part of the password.
                    throw new IllegalArgumentException(FORM);
                }
            }

            /** The host and the database; credentials and parameters are left out. */
            @Override
            public String toString() {
                return url.replaceFirst("^jdbc:", "").replaceFirst("\\?.*", "");
            }
        }
    }
}
