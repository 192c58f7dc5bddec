package dev.understudy.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table of the changes of targets' health. */
final class HealthTable implements HealthHistory {
    private static final String COLUMNS = "SELECT health.at, health.target, health.state, health.reason FROM health ";

    private final Readers readers;
    private final Writer writer;

    HealthTable(Readers readers, Writer writer) {
        this.readers = readers;
        this.writer = writer;
    }

    @Override
    public void add(List<HealthChange> changes) throws StoreUnavailable {
        if (changes.size() > MOST) {
            throw new IllegalArgumentException("more than " + MOST + " changes at once");
        }
        List<HealthChange> all = List.copyOf(changes);
        if (!all.isEmpty()) {
            writer.inDurableTransaction(connection -> insert(connection, all));
        }
    }

    private static int insert(Connection connection, List<HealthChange> changes) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO health (at, target, state, reason) VALUES (?, ?, ?, ?)")) {
            for (HealthChange change : changes) {
                insert.setLong(1, change.at().toEpochMilli());
                insert.setString(2, change.target());
                insert.setString(3, change.state());
                insert.setString(4, change.reason());
                insert.addBatch();
            }
            insert.executeBatch();
        }
        return changes.size();
    }

    @Override
    public List<HealthChange> since(Instant time) throws StoreUnavailable {
        long millis = time.toEpochMilli();
        return readers.read((Handle handle) -> {
            List<HealthChange> all = new ArrayList<>(handle.createQuery(COLUMNS
                            + "JOIN (SELECT MAX(seq) AS last FROM health WHERE at < :time GROUP BY target) earlier"
                            + " ON health.seq = earlier.last ORDER BY health.seq")
                    .bind("time", millis)
                    .map(HealthTable::change)
                    .list());
            all.addAll(handle.createQuery(COLUMNS + "WHERE at >= :time ORDER BY seq DESC LIMIT :limit")
                    .bind("time", millis)
                    .bind("limit", MOST)
                    .map(HealthTable::change)
                    .list()
                    .reversed());
            return all;
        });
    }

    private static HealthChange change(ResultSet row, StatementContext context) throws SQLException {
        return new HealthChange(
                Instant.ofEpochMilli(row.getLong("at")),
                row.getString("target"),
                row.getString("state"),
                row.getString("reason"));
    }

    /** Deletes some of the changes before a time; returns whether there may be more to delete. */
    static boolean deleteSlice(Connection connection, long beforeMillis) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM health WHERE seq IN"
                + " (SELECT seq FROM health WHERE at < ? ORDER BY at LIMIT " + CallWriter.SLICE + ")")) {
            delete.setLong(1, beforeMillis);
            return delete.executeUpdate() == CallWriter.SLICE;
        }
    }
}
