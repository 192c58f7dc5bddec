package dev.understudy.store;

import dev.understudy.store.StoreOptions.Place;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** One server of PostgreSQL for the tests of this process. Its binaries come with the build; nothing has to be installed. */
final class PostgresServer {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private PostgresServer() {}

    private static final class Running {
        static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("listen_addresses", "127.0.0.1")
                        .start();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /** The place of a new, empty database. */
    static Place.PostgreSql emptyDatabase() throws SQLException {
        String name = "store_" + DATABASES.incrementAndGet();
        execute("CREATE DATABASE " + name);
        return new Place.PostgreSql(
                "jdbc:postgresql://127.0.0.1:" + Running.SERVER.getPort() + "/" + name,
                Optional.of("postgres"),
                Optional.of("postgres"));
    }

    static void execute(String sql) throws SQLException {
        try (Connection connection = Running.SERVER.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Sends a notice that no gateway of this version sends. */
    static void announce(Place.PostgreSql place, String text) throws SQLException {
        try (Connection connection = new PostgresDatabase(place).writing().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_notify('understudy', '" + text + "')");
        }
    }
}
