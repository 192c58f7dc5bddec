package dev.understudy.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The connections of threads that read: a few, kept open between reads.
 *
 * <p>One that was used in a read that failed is not used again, and the others that are idle are closed with it, because a restart
 * of the server ends them all.
 */
final class Readers implements ConnectionFactory, AutoCloseable {
    private static final int MOST = 4;
    private static final long PATIENCE_SECONDS = 5;

    private final Database database;
    private final DataSource source;

    /** What is wrong if the database has not been opened yet; empty if it has. */
    private final Supplier<String> obstacle;

    private final Jdbi jdbi = Jdbi.create(this);
    private final Semaphore permits = new Semaphore(MOST);
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    Readers(Database database, Supplier<String> obstacle) {
        this.database = database;
        this.source = database.reading();
        this.obstacle = obstacle;
    }

    /** Runs a query. One that fails because its connection was lost is run a second time, on a new one. */
    <T> T read(HandleCallback<T, SQLException> query) throws StoreUnavailable {
        String wrong = closed ? "the store is closed" : obstacle.get();
        if (!wrong.isEmpty()) {
            throw new StoreUnavailable(wrong);
        }
        try {
            return attempt(query);
        } catch (SQLException lost) {
            if (!isLost(lost)) {
                throw new StoreUnavailable(database.describe(lost), lost);
            }
            try {
                return attempt(query);
            } catch (SQLException again) {
                again.addSuppressed(lost);
                throw new StoreUnavailable(database.describe(again), again);
            }
        }
    }

    private <T> T attempt(HandleCallback<T, SQLException> query) throws SQLException {
        try {
            return jdbi.withHandle(query);
        } catch (SQLException failed) {
            closeIdle();
            throw failed;
        } catch (JdbiException failed) {
            closeIdle();
            throw causeOf(failed);
        }
    }

    private static SQLException causeOf(JdbiException failed) {
        for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return new SQLException(failed.getMessage(), failed);
    }

    private static boolean isLost(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P"));
    }

    @Override
    public Connection openConnection() throws SQLException {
        try {
            if (!permits.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new SQLTransientConnectionException("more than " + MOST + " reads at once; try again later");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("the thread was interrupted", interrupted);
        }
        Connection waiting = idle.pollFirst();
        if (waiting != null) {
            return waiting;
        }
        boolean opened = false;
        try {
            Connection connection = source.getConnection();
            opened = true;
            return connection;
        } finally {
            if (!opened) {
                permits.release();
            }
        }
    }

    @Override
    public void closeConnection(Connection connection) throws SQLException {
        try {
            if (closed) {
                connection.close();
            } else if (!connection.isClosed()) {
                idle.addFirst(connection);
            }
        } finally {
            permits.release();
        }
    }

    private void closeIdle() throws SQLException {
        for (Connection next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
            next.close();
        }
    }

    @Override
    public void close() throws SQLException {
        closed = true;
        closeIdle();
    }
}
