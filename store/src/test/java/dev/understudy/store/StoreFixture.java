package dev.understudy.store;

import static dev.understudy.store.SampleCalls.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A store on an empty database for each test, and what tests of it have in common. */
@Timeout(120)
abstract class StoreFixture {
    static final Duration SOON = Duration.ofSeconds(20);

    FaultyDatabase database;
    DatabaseStore store;

    /** The kind of database that is tested. */
    interface Databases {
        /** A database of its own for each test. */
        Database empty() throws Exception;

        /** Where the options say the database is has no meaning here: the tests bring their own. */
        StoreOptions options();
    }

    abstract Databases databases();

    StoreOptions options() {
        return databases().options();
    }

    @BeforeEach
    void openStore() throws Exception {
        database = new FaultyDatabase(databases().empty());
        store = open(options());
    }

    @AfterEach
    void closeStore() {
        database.stalled.countDown();
        store.close();
    }

    DatabaseStore open(StoreOptions options) {
        return new DatabaseStore(database, options, InstantSource.fixed(NOON)).opened();
    }

    void reopen(StoreOptions options) {
        store.close();
        store = open(options);
    }

    void add(CallRecord... calls) throws InterruptedException {
        for (CallRecord call : calls) {
            store.calls().add(call);
        }
        assertThat(store.calls().awaitWritten(SOON)).as("written in time").isTrue();
    }

    static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime() - end).as("still waiting: " + what).isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    List<String> ids(CallQuery query) throws StoreUnavailable {
        CallPage page = store.calls().find(query);
        assertThat(page.next()).isEmpty();
        return page.calls().stream().map(CallRecord::id).toList();
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = database.writing().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static SettingsChange change(String layer) {
        return new SettingsChange(layer, "ann", "because", List.of("first", "second"));
    }
}
