package dev.understudy.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** What differs between SQLite and PostgreSQL. */
interface Database {
    /**
     * Makes ready what the database needs before the first connection.
     *
     * @return what was left by a process that did not close the database; empty if nothing was
     */
    Optional<String> prepare() throws IOException;

    /** Whether there may be keys of callers in it; see {@link StoredKeys#mayExist}. */
    boolean mayHaveKeys();

    /** Notes beside the database whether there are keys in it, where {@link #mayHaveKeys} needs that. */
    void mark(boolean keys) throws IOException;

    /** Connections of the one thread that writes. */
    DataSource writing();

    /** Connections of threads that read; a statement on them ends after a time. */
    DataSource reading();

    /** Connections that create and update the tables, which may take long. */
    DataSource migrating();

    /** The folder on the class path with the steps that create the tables. */
    String migrations();

    /** The operator that compares a text with a pattern, whatever the case of letters. */
    String like();

    /**
     * Begins a transaction.
     *
     * @param durable whether its commit survives a crash of the machine; a crash of this process it always survives
     */
    void begin(Connection connection, boolean durable) throws SQLException;

    /** Whether other gateways can be told of changes. */
    boolean isShared();

    /** Tells other gateways that share the database something, when the transaction is committed; does nothing if none can. */
    void announce(Connection connection, String text) throws SQLException;

    /**
     * Opens a connection that receives what any gateway announces from then on.
     *
     * @throws SQLException if there is none
     */
    Listening listen() throws SQLException;

    /** A connection that receives announcements. */
    interface Listening extends AutoCloseable {
        /**
         * Waits for announcements.
         *
         * @param longest at most so long
         * @return in the order in which they were committed; empty if there were none
         * @throws SQLException if the connection is lost
         */
        List<String> await(Duration longest) throws SQLException;

        @Override
        void close() throws SQLException;
    }

    /** Whether a statement failed because of the values in it, so that the same statement with others may succeed. */
    boolean rejectsValues(SQLException failure);

    /** What failed and what the operator can do; without credentials. */
    String describe(SQLException failure);
}
