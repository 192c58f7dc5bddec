package dev.understudy.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A store in a database: one thread writes, and those that read have their own connections. */
final class DatabaseStore implements Store, CallRecords {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseStore.class);

    private final Database database;
    private final Writer writer;
    private final Readers readers;
    private final CallReader reader;
    private final SettingsTable settings;
    private final KeysTable keys;
    private final HealthTable health;
    private final CallContents contents = new Contents();

    /** Reads contents of calls; the writer writes them. */
    private final class Contents implements CallContents {
        @Override
        public void add(Content content, Runnable released) {
            writer.add(content, released);
        }

        @Override
        public Optional<Content> find(String id) throws StoreUnavailable {
            return readers.read(handle -> handle.createQuery("SELECT * FROM call_contents WHERE id = :id")
                    .bind("id", CallRecord.name(id))
                    .map((row, context) -> ContentsTable.content(row))
                    .findFirst());
        }

        @Override
        public boolean has(String id) throws StoreUnavailable {
            return readers.read(handle -> handle.createQuery("SELECT 1 FROM call_contents WHERE id = :id")
                    .bind("id", CallRecord.name(id))
                    .mapTo(Integer.class)
                    .findFirst()
                    .isPresent());
        }

        @Override
        public long dropped() {
            return writer.contents().dropped();
        }
    }

    DatabaseStore(Database database, StoreOptions options, InstantSource clock) {
        this.database = database;
        writer = new Writer(database, options, clock);
        readers = new Readers(database, writer::obstacle);
        reader = new CallReader(readers, database, System::nanoTime);
        settings = new SettingsTable(readers, writer, database, clock);
        keys = new KeysTable(readers, writer, database);
        health = new HealthTable(readers, writer);
    }

    DatabaseStore opened() {
        writer.start();
        return this;
    }

    /** For tests of the statements. */
    CallReader reader() {
        return reader;
    }

    Readers readers() {
        return readers;
    }

    @Override
    public CallRecords calls() {
        return this;
    }

    @Override
    public CallContents contents() {
        return contents;
    }

    @Override
    public SettingsVersions settings() {
        return settings;
    }

    @Override
    public StoredKeys keys() {
        return keys;
    }

    @Override
    public HealthHistory health() {
        return health;
    }

    @Override
    public Following follow(Consumer<StoreChange> listener) {
        return database.isShared() ? new Follower(database, listener).started()::close : () -> {};
    }

    @Override
    public void tell(StoreChange.HealthReset reset) throws StoreUnavailable {
        if (database.isShared()) {
            writer.inDurableTransaction(connection -> {
                database.announce(connection, Follower.text(reset));
                return true;
            });
        }
    }

    @Override
    public StoreStatus status() {
        return writer.status();
    }

    @Override
    public void add(Supplier<CallRecord> call) {
        writer.add(call);
    }

    @Override
    public CallPage find(CallQuery query) throws StoreUnavailable {
        return reader.find(query);
    }

    @Override
    public Optional<CallRecord> find(String id) throws StoreUnavailable {
        return reader.find(id);
    }

    @Override
    public CallSummary summary(Instant since) throws StoreUnavailable {
        return reader.summary(since);
    }

    @Override
    public void deleteOlderThan(Instant time) {
        writer.deleteOlderThan(time);
    }

    @Override
    public long dropped() {
        return writer.dropped();
    }

    @Override
    public boolean awaitWritten(Duration longest) throws InterruptedException {
        return writer.awaitWritten(longest);
    }

    @Override
    public void close() {
        writer.close();
        try {
            readers.close();
        } catch (SQLException failed) {
            LOG.debug("a connection of the store could not be closed", failed);
        }
    }
}
