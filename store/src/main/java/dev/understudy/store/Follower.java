package dev.understudy.store;

import dev.understudy.store.Database.Listening;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to what other gateways change in the same database, on a connection and a thread of its own.
 *
 * <p>A connection that is lost is opened again, with growing pauses. Notices that were sent meanwhile are gone, so that all that can be
 * read again is reported as changed whenever a connection is new.
 */
final class Follower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    /** How long one look at the connection waits; a follower that is closed ends after it. */
    private static final Duration SLICE = Duration.ofMillis(500);

    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);

    private static final String SETTINGS = "settings";
    private static final String KEYS = "keys";
    private static final String RESET = "reset";

    private final Database database;
    private final Consumer<StoreChange> listener;
    private final Thread thread;
    private volatile boolean closed;
    private boolean lost;

    Follower(Database database, Consumer<StoreChange> listener) {
        this.database = database;
        this.listener = listener;
        thread = Thread.ofPlatform().name("understudy-follow").daemon().unstarted(this::run);
    }

    Follower started() {
        thread.start();
        return this;
    }

    /** A change as the text of a notice. */
    static String text(StoreChange change) {
        return switch (change) {
            case StoreChange.SettingsChanged settings -> SETTINGS;
            case StoreChange.KeysChanged keys -> KEYS;
            case StoreChange.HealthReset(Optional<String> target) ->
                target.map(name -> RESET + " " + CallRecord.name(name)).orElse(RESET);
        };
    }

    /** Reads the text of a notice. Newer gateways may send others, which mean nothing here. */
    static Optional<StoreChange> change(String text) {
        String[] words = text.split(" ", 2);
        return switch (words[0]) {
            case SETTINGS -> Optional.of(new StoreChange.SettingsChanged());
            case KEYS -> Optional.of(new StoreChange.KeysChanged());
            case RESET ->
                Optional.of(new StoreChange.HealthReset(words.length > 1 ? Optional.of(words[1]) : Optional.empty()));
            default -> Optional.empty();
        };
    }

    private void run() {
        long pause = FIRST_PAUSE;
        while (!closed) {
            try (Listening listening = database.listen()) {
                pause = FIRST_PAUSE;
                received();
                tell(new StoreChange.SettingsChanged());
                tell(new StoreChange.KeysChanged());
                follow(listening);
            } catch (SQLException failed) {
                notReceived(failed);
            } catch (RuntimeException fault) {
                LOG.error("{}: changes of other gateways are noticed later", database, fault);
            }
            if (!closed) {
                LockSupport.parkNanos(this, pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE);
            }
        }
    }

    private void follow(Listening listening) throws SQLException {
        while (!closed) {
            List<String> notices = listening.await(SLICE);
            // Ten changes are read as one.
            notices.stream().distinct().flatMap(text -> change(text).stream()).forEach(this::tell);
        }
    }

    private void tell(StoreChange change) {
        try {
            listener.accept(change);
        } catch (RuntimeException fault) {
            LOG.error("{}: a change of another gateway is not in force here: {}", database, change, fault);
        }
    }

    private void received() {
        if (lost) {
            lost = false;
            LOG.info("{}: changes of other gateways are received again", database);
        }
    }

    private void notReceived(SQLException failed) {
        if (!lost && !closed) {
            lost = true;
            LOG.warn("{}; changes of other gateways are noticed later", database.describe(failed));
        }
    }

    /** Ends the thread within a moment, without waiting for it. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
