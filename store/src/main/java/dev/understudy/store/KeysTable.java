package dev.understudy.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table of keys. Changes are made by the writer's thread, in one transaction each. */
final class KeysTable implements StoredKeys {
    private static final Logger LOG = LoggerFactory.getLogger(KeysTable.class);
    private static final String SELECT =
            "SELECT id, digest, hint, name, limits, made, author, version FROM gateway_keys";

    private final Readers readers;
    private final Writer writer;
    private final Database database;

    KeysTable(Readers readers, Writer writer, Database database) {
        this.readers = readers;
        this.writer = writer;
        this.database = database;
    }

    @Override
    public boolean mayExist() {
        return database.mayHaveKeys();
    }

    @Override
    public long version() throws StoreUnavailable {
        return readers.read((Handle handle) -> handle.createQuery("SELECT version FROM gateway_keys_version")
                .map((row, context) -> row.getLong(1))
                .one());
    }

    @Override
    public List<StoredKey> all() throws StoreUnavailable {
        return readers.read((Handle handle) -> handle.createQuery(SELECT + " ORDER BY made, id")
                .map((row, context) -> key(row))
                .list());
    }

    private static StoredKey key(ResultSet row) throws SQLException {
        return new StoredKey(
                row.getString("id"),
                row.getString("digest"),
                row.getString("hint"),
                row.getString("name"),
                row.getString("limits"),
                Instant.ofEpochMilli(row.getLong("made")),
                row.getString("author"),
                row.getLong("version"));
    }

    @Override
    public Optional<StoredKey> add(StoredKey key) throws StoreUnavailable {
        return writer.inDurableTransaction(connection -> {
            // Before the commit: a key without its mark would be forgotten where the database cannot be read.
            mark(true);
            StoredKey added = key.at(nextVersion(connection));
            return insert(connection, added) ? Optional.of(added) : Optional.empty();
        });
    }

    private void mark(boolean keys) throws SQLException {
        try {
            database.mark(keys);
        } catch (IOException failed) {
            throw new SQLException("the mark of the keys cannot be written: " + failed.getMessage(), failed);
        }
    }

    /** Locks the row in PostgreSQL, so that the changes of several gateways follow one another, and tells them of the change. */
    private long nextVersion(Connection connection) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE gateway_keys_version SET version = version + 1")) {
            update.executeUpdate();
        }
        database.announce(connection, Follower.text(new StoreChange.KeysChanged()));
        return number(connection, "SELECT version FROM gateway_keys_version");
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static boolean insert(Connection connection, StoredKey key) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO gateway_keys (id, digest, hint, name, limits, made, author, version)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, key.id());
            insert.setString(2, key.digest());
            insert.setString(3, key.hint());
            insert.setString(4, key.name());
            insert.setString(5, key.limits());
            insert.setLong(6, key.at().toEpochMilli());
            insert.setString(7, key.author());
            insert.setLong(8, key.version());
            return insert.executeUpdate() == 1;
        }
    }

    /** A key after a change, or before it if it had another version. */
    private record Changed(Optional<StoredKey> key, boolean done) {}

    @Override
    public StoredKey change(String id, String limits, long expected) throws VersionConflict, StoreUnavailable {
        Changed changed = writer.inDurableTransaction(connection -> {
            long version = nextVersion(connection);
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE gateway_keys SET limits = ?, version = ? WHERE id = ? AND version = ?")) {
                update.setString(1, limits);
                update.setLong(2, version);
                update.setString(3, id);
                update.setLong(4, expected);
                boolean done = update.executeUpdate() == 1;
                return new Changed(find(connection, id), done);
            }
        });
        if (!changed.done()) {
            throw VersionConflict.ofKey(
                    expected, changed.key().map(StoredKey::version).orElse(0L));
        }
        return changed.key().orElseThrow();
    }

    private static Optional<StoredKey> find(Connection connection, String id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + " WHERE id = ?")) {
            select.setString(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(key(row)) : Optional.empty();
            }
        }
    }

    /** @param left how many keys there are after the removal */
    private record Removed(boolean done, long left) {}

    @Override
    public boolean remove(String id) throws StoreUnavailable {
        Removed removed = writer.inDurableTransaction(connection -> {
            nextVersion(connection);
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM gateway_keys WHERE id = ?")) {
                delete.setString(1, id);
                boolean done = delete.executeUpdate() == 1;
                return new Removed(done, number(connection, "SELECT COUNT(*) FROM gateway_keys"));
            }
        });
        if (removed.left() == 0) {
            try {
                // After the commit, and in the writer's order: a key that is added meanwhile keeps its mark.
                writer.inDurableTransaction(connection -> {
                    if (number(connection, "SELECT COUNT(*) FROM gateway_keys") == 0) {
                        mark(false);
                    }
                    return true;
                });
            } catch (StoreUnavailable kept) {
                LOG.debug("the mark of the keys is still there", kept);
            }
        }
        return removed.done();
    }
}
