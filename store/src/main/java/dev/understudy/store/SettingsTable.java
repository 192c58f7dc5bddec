package dev.understudy.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/** The table of the settings' versions. Changes are made by the writer's thread, in one transaction each. */
final class SettingsTable implements SettingsVersions {
    private static final String SELECT = "SELECT version, made, author, note, changes, layer FROM settings ";

    private final Readers readers;
    private final Writer writer;
    private final Database database;
    private final InstantSource clock;

    SettingsTable(Readers readers, Writer writer, Database database, InstantSource clock) {
        this.readers = readers;
        this.writer = writer;
        this.database = database;
        this.clock = clock;
    }

    @Override
    public Optional<SettingsVersion> latest() throws StoreUnavailable {
        return list(Long.MAX_VALUE, 1).stream().findFirst();
    }

    @Override
    public Optional<SettingsVersion> version(long number) throws StoreUnavailable {
        return readers
                .read(handle -> versions(
                        handle.createQuery(SELECT + "WHERE version = :version").bind("version", number)))
                .stream()
                .findFirst();
    }

    @Override
    public List<SettingsVersion> list(long before, int limit) throws StoreUnavailable {
        if (limit < 1 || limit > KEPT) {
            throw new IllegalArgumentException("limit: " + limit + " is not between 1 and " + KEPT);
        }
        return readers.read((Handle handle) ->
                versions(handle.createQuery(SELECT + "WHERE version < :before ORDER BY version DESC LIMIT :limit")
                        .bind("before", before)
                        .bind("limit", limit)));
    }

    private static List<SettingsVersion> versions(Query query) {
        return query.map(SettingsTable::version).list();
    }

    private static SettingsVersion version(ResultSet row, StatementContext context) throws SQLException {
        return new SettingsVersion(
                row.getLong("version"),
                Instant.ofEpochMilli(row.getLong("made")),
                row.getString("author"),
                row.getString("note"),
                row.getString("changes").lines().toList(),
                row.getString("layer"));
    }

    @Override
    public SettingsVersion put(SettingsChange change, long expected) throws VersionConflict, StoreUnavailable {
        SettingsVersion next = new SettingsVersion(
                expected + 1,
                Instant.ofEpochMilli(clock.instant().toEpochMilli()),
                change.author(),
                change.note(),
                change.changes(),
                change.layer());
        long current = writer.inDurableTransaction(connection -> insertAfter(connection, next));
        if (current != expected) {
            throw new VersionConflict(expected, current);
        }
        return next;
    }

    /** Inserts a version if it follows the one in force; returns the version that was in force before. */
    private long insertAfter(Connection connection, SettingsVersion next) throws SQLException {
        long current = current(connection);
        if (current + 1 == next.version() && insert(connection, next)) {
            deleteUpTo(connection, next.version() - KEPT);
            database.announce(connection, Follower.text(new StoreChange.SettingsChanged()));
            return current;
        }
        return current(connection);
    }

    private static long current(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT COALESCE(MAX(version), 0) FROM settings");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Another gateway can have inserted the same version in the meantime, where several share a database. */
    private static boolean insert(Connection connection, SettingsVersion version) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO settings (version, made, author, note, changes, layer) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (version) DO NOTHING")) {
            insert.setLong(1, version.version());
            insert.setLong(2, version.at().toEpochMilli());
            insert.setString(3, version.author());
            insert.setString(4, version.note());
            insert.setString(5, String.join("\n", version.changes()));
            insert.setString(6, version.layer());
            return insert.executeUpdate() == 1;
        }
    }

    private static void deleteUpTo(Connection connection, long version) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM settings WHERE version <= ?")) {
            delete.setLong(1, version);
            delete.executeUpdate();
        }
    }
}
