package dev.understudy.store;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A real database that can be made to refuse connections, to lose confirmations, and to stall. */
final class FaultyDatabase implements Database {
    private final Database real;

    /** Connections are refused, and those that are open fail. */
    volatile boolean lost;

    /** How many connections to listen on were refused. */
    final AtomicInteger refusedToListen = new AtomicInteger();

    /** So many commits are carried out, and then reported as failed. */
    final AtomicInteger unconfirmedCommits = new AtomicInteger();

    /** A statement that is carried out before each transaction; empty for none. */
    volatile String beforeTransaction = "";

    /** Commits wait for it. */
    volatile CountDownLatch stalled = new CountDownLatch(0);

    FaultyDatabase(Database real) {
        this.real = real;
    }

    private static SQLException refused() {
        return new SQLException("connection lost by the test", "08006");
    }

    private DataSource faulty(DataSource source) {
        return (DataSource) proxy(DataSource.class, source, (method, call) -> {
            if (method.getName().equals("getConnection")) {
                if (lost) {
                    throw refused();
                }
                return faulty((Connection) call.run());
            }
            return call.run();
        });
    }

    private Connection faulty(Connection connection) {
        return (Connection) proxy(Connection.class, connection, (method, call) -> {
            switch (method.getName()) {
                case "prepareStatement", "createStatement" -> {
                    if (lost) {
                        throw refused();
                    }
                }
                case "commit" -> {
                    stalled.await();
                    if (lost) {
                        throw refused();
                    }
                    if (unconfirmedCommits.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                        call.run();
                        throw refused();
                    }
                }
                default -> {}
            }
            return call.run();
        });
    }

    private interface Call {
        Object run() throws Throwable;
    }

    private interface Interception {
        Object of(Method method, Call call) throws Throwable;
    }

    private static Object proxy(Class<?> type, Object target, Interception interception) {
        return Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> interception.of(method, () -> {
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                }));
    }

    @Override
    public Optional<String> prepare() throws IOException {
        return real.prepare();
    }

    @Override
    public boolean mayHaveKeys() {
        return real.mayHaveKeys();
    }

    @Override
    public void mark(boolean keys) throws IOException {
        real.mark(keys);
    }

    @Override
    public DataSource writing() {
        return faulty(real.writing());
    }

    @Override
    public DataSource reading() {
        return faulty(real.reading());
    }

    @Override
    public DataSource migrating() {
        return real.migrating();
    }

    @Override
    public String migrations() {
        return real.migrations();
    }

    @Override
    public String like() {
        return real.like();
    }

    @Override
    public void begin(Connection connection, boolean durable) throws SQLException {
        if (!beforeTransaction.isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(beforeTransaction);
            }
        }
        real.begin(connection, durable);
    }

    @Override
    public boolean isShared() {
        return real.isShared();
    }

    @Override
    public void announce(Connection connection, String text) throws SQLException {
        real.announce(connection, text);
    }

    @Override
    public Listening listen() throws SQLException {
        if (lost) {
            refusedToListen.incrementAndGet();
            throw refused();
        }
        Listening listening = real.listen();
        return new Listening() {
            @Override
            public List<String> await(Duration longest) throws SQLException {
                if (lost) {
                    throw refused();
                }
                return listening.await(longest);
            }

            @Override
            public void close() throws SQLException {
                listening.close();
            }
        };
    }

    @Override
    public boolean rejectsValues(SQLException failure) {
        return real.rejectsValues(failure);
    }

    @Override
    public String describe(SQLException failure) {
        return real.describe(failure);
    }

    @Override
    public String toString() {
        return real.toString();
    }
}
