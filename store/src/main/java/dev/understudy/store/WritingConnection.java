package dev.understudy.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection of the writer, opened when it is needed. It belongs to the writer's thread. */
final class WritingConnection {
    private static final Logger LOG = LoggerFactory.getLogger(WritingConnection.class);

    /** What is done with a connection. */
    interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    private final Database database;
    private @Nullable Connection connection;

    private volatile boolean opened;
    private volatile Optional<String> recovery = Optional.empty();

    WritingConnection(Database database) {
        this.database = database;
    }

    /** The connection; the first one brings the tables up to date. */
    Connection open() throws SQLException, IOException {
        Connection open = connection;
        if (open != null) {
            return open;
        }
        Optional<String> found = database.prepare();
        open = database.writing().getConnection();
        connection = open;
        Schema.update(database, open);
        if (!opened) {
            recovery = found;
            opened = true;
            found.ifPresent(LOG::info);
        }
        return open;
    }

    /**
     * Does something in a transaction. When this returns, the transaction is committed; when it throws, it may be all the same.
     *
     * @param durable whether the commit survives a crash of the machine
     */
    <T> T inTransaction(boolean durable, Work<T> work) throws SQLException, IOException {
        Connection open = open();
        try {
            database.begin(open, durable);
            T result = work.in(open);
            open.commit();
            open.setAutoCommit(true);
            return result;
        } catch (SQLException | RuntimeException failed) {
            try {
                open.rollback();
                open.setAutoCommit(true);
            } catch (SQLException lost) {
                failed.addSuppressed(lost);
            }
            throw failed;
        }
    }

    /** Closes the connection; the next transaction opens another. */
    void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException failed) {
                LOG.debug("{}: a connection could not be closed", database, failed);
            }
        }
    }

    /** Whether the tables have been up to date once. */
    boolean isOpened() {
        return opened;
    }

    Optional<String> recovery() {
        return recovery;
    }
}
