package dev.understudy.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Creates the tables, and brings those of an older version up to date. */
final class Schema {
    /** The number of the newest file in the folders of migrations. */
    static final String NEWEST = "4";

    private static final String HISTORY = "flyway_schema_history";

    private Schema() {}

    /**
     * Brings the tables up to date. Flyway is only started where something has to be done, since it takes longer than all else that a
     * start does with the database.
     */
    static void update(Database database, Connection connection) throws SQLException {
        if (isCurrent(connection)) {
            return;
        }
        try {
            Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(database.migrating())
                    .locations("classpath:" + database.migrations())
                    .table(HISTORY)
                    .load()
                    .migrate();
        } catch (FlywayException failed) {
            throw causeOf(failed);
        }
    }

    private static boolean isCurrent(Connection connection) throws SQLException {
        try (ResultSet tables = connection.getMetaData().getTables(null, connection.getSchema(), HISTORY, null)) {
            if (!tables.next()) {
                return false;
            }
        }
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(
                        "SELECT 1 FROM " + HISTORY + " WHERE success AND version = '" + NEWEST + "'")) {
            return row.next();
        }
    }

    private static SQLException causeOf(FlywayException failed) {
        for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return new SQLException("the tables cannot be created or updated: " + failed.getMessage(), failed);
    }
}
