package dev.understudy.store;

import dev.understudy.store.StoreOptions.Place;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database of PostgreSQL, which several gateways may share.
 *
 * <p>A commit of call records does not wait for the disk ({@code synchronous_commit = off}): a crash of the server can lose those of
 * the last moment. A commit of settings waits.
 */
final class PostgresDatabase implements Database {
    private static final String CONNECT_SECONDS = "5";

    /** A connection on which nothing arrives for so long is given up; no statement takes nearly as long. */
    private static final String SILENCE_SECONDS = "15";

    /** On which gateways tell one another what they have changed. */
    private static final String CHANNEL = "understudy";

    private static final long SILENCE = TimeUnit.SECONDS.toNanos(10);

    private final Place.PostgreSql place;
    private final DataSource working;
    private final DataSource migrating;

    /**
     * The database at a place; nothing is connected yet.
     *
     * @throws IllegalArgumentException if the driver cannot read the URL
     */
    PostgresDatabase(Place.PostgreSql place) {
        this.place = place;
        working = source(true);
        migrating = source(false);
    }

    private DataSource source(boolean timed) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        try {
            set(source, PGProperty.CONNECT_TIMEOUT, CONNECT_SECONDS);
            set(source, PGProperty.TCP_KEEP_ALIVE, "true");
            set(source, PGProperty.APPLICATION_NAME, "understudy");
            set(source, PGProperty.REWRITE_BATCHED_INSERTS, "true");
            if (timed) {
                set(source, PGProperty.SOCKET_TIMEOUT, SILENCE_SECONDS);
            }
            source.setUrl(place.url());
        } catch (SQLException | IllegalArgumentException invalid) {
            // Without the cause, which repeats the URL and with it perhaps a password.
            throw new IllegalArgumentException(
                    "the URL of the store at " + place + " has parameters that the driver rejects");
        }
        place.user().ifPresent(source::setUser);
        place.password().ifPresent(source::setPassword);
        return source;
    }

    /** What the URL says counts more; the driver would take what was set first. */
    private void set(PGSimpleDataSource source, PGProperty property, String value) throws SQLException {
        if (!place.url().contains(property.getName() + "=")) {
            source.setProperty(property, value);
        }
    }

    @Override
    public Optional<String> prepare() {
        return Optional.empty();
    }

    @Override
    public boolean mayHaveKeys() {
        return true;
    }

    @Override
    public void mark(boolean keys) {
        // A database that other gateways share may have keys at any time.
    }

    @Override
    public DataSource writing() {
        return working;
    }

    @Override
    public DataSource reading() {
        return working;
    }

    @Override
    public DataSource migrating() {
        return migrating;
    }

    @Override
    public String migrations() {
        return "dev/understudy/store/postgresql";
    }

    @Override
    public String like() {
        return "ILIKE";
    }

    /** For the transaction alone: a pool between here and the server may hand out another connection for the next. */
    @Override
    public void begin(Connection connection, boolean durable) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL synchronous_commit = " + (durable ? "on" : "off"));
        }
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public void announce(Connection connection, String text) throws SQLException {
        try (PreparedStatement notify = connection.prepareStatement("SELECT pg_notify('" + CHANNEL + "', ?)")) {
            notify.setString(1, text);
            notify.execute();
        }
    }

    @Override
    public Listening listen() throws SQLException {
        Connection connection = working.getConnection();
        boolean listens = false;
        try (Statement listen = connection.createStatement()) {
            listen.execute("LISTEN " + CHANNEL);
            Listening opened = new Notifications(connection, connection.unwrap(PGConnection.class));
            listens = true;
            return opened;
        } finally {
            if (!listens) {
                connection.close();
            }
        }
    }

    /** A connection on which nothing has come for some seconds is tested, since one whose server is gone looks the same. */
    private static final class Notifications implements Listening {
        private final Connection connection;
        private final PGConnection driver;
        private long testedAt = System.nanoTime();

        Notifications(Connection connection, PGConnection driver) {
            this.connection = connection;
            this.driver = driver;
        }

        @Override
        public List<String> await(Duration longest) throws SQLException {
            PGNotification[] found = driver.getNotifications(Math.max(1, (int) longest.toMillis()));
            if (found == null || found.length == 0) {
                if (System.nanoTime() - testedAt > SILENCE) {
                    testedAt = System.nanoTime();
                    try (Statement test = connection.createStatement()) {
                        test.execute("SELECT 1");
                    }
                }
                return List.of();
            }
            testedAt = System.nanoTime();
            return Arrays.stream(found).map(PGNotification::getParameter).toList();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    @Override
    public boolean rejectsValues(SQLException failure) {
        String state = state(failure);
        return state.startsWith("22") || state.startsWith("23");
    }

    @Override
    public String describe(SQLException failure) {
        String state = state(failure);
        String advice = "";
        if (state.startsWith("08") || state.startsWith("57")) {
            advice = "check that the server runs and can be reached from here";
        } else if (state.startsWith("28")) {
            advice = "check the user and the password of the store";
        } else if (state.equals("3D000")) {
            advice = "create the database";
        } else if (state.equals("42501")) {
            advice = "let the user create and write tables in the database";
        } else if (state.equals("53100")) {
            advice = "free space on the disk of the server";
        }
        return place + ": " + withoutPassword(String.valueOf(failure.getMessage()))
                + (advice.isEmpty() ? "" : "; " + advice);
    }

    /** The driver repeats a URL that it cannot read. */
    private String withoutPassword(String message) {
        String masked = message.replaceAll("(?i)(password=)[^&\\s\"]*", "$1***");
        return place.password().filter(password -> !password.isEmpty()).isPresent()
                ? masked.replace(place.password().get(), "***")
                : masked;
    }

    private static String state(SQLException failure) {
        String state = failure.getSQLState();
        return state == null ? "" : state;
    }

    @Override
    public String toString() {
        return place.toString();
    }
}
