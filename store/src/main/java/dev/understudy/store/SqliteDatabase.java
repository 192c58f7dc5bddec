package dev.understudy.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Optional;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/**
 * A file of SQLite with a write-ahead log: readers never wait for the writer, nor the writer for readers.
 *
 * <p>A commit of call records is not synchronized with the disk. It survives the end of the process, since the operating system has
 * the data, and can be lost if the machine crashes. A commit of settings is synchronized.
 */
final class SqliteDatabase implements Database {
    private static final String FILE = "understudy.db";

    /** There as long as callers may have keys that are in the file. */
    private static final String MARK = "understudy.keys";

    private static final String MARK_TEXT =
            "Keys of callers are in understudy.db. While this file is here, a gateway that cannot read them refuses callers.\n";

    /** How long the writer waits for another process that writes to the same file; a reader waits only while the file is recovered. */
    private static final int BUSY_MS = 2_000;

    /** Kilobytes; negative, since SQLite takes positive numbers for pages. The writer touches the ends of all indexes. */
    private static final int WRITERS_CACHE = -16_000;

    private static final int READERS_CACHE = -4_000;

    /** Bytes to which the write-ahead log is cut after a long read has let it grow. */
    private static final int LOG_LIMIT = 64 << 20;

    private static final int PRIMARY_CODE = 0xFF;

    private final Path folder;
    private final Path file;

    SqliteDatabase(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
        this.file = this.folder.resolve(FILE);
    }

    /** Creates the folder and the file, for no other user to read: settings may contain what is not for everyone. */
    @Override
    public Optional<String> prepare() throws IOException {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        Files.createDirectories(folder, permissions(posix, "rwx------"));
        try {
            Files.createFile(file, permissions(posix, "rw-------"));
        } catch (FileAlreadyExistsException existing) {
            Path log = folder.resolve(FILE + "-wal");
            if (Files.exists(log) && Files.size(log) > 0) {
                return Optional.of(file + ": applied " + Files.size(log)
                        + " bytes of a write-ahead log, whose process was not closed or is still running");
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean mayHaveKeys() {
        return Files.exists(folder.resolve(MARK));
    }

    @Override
    public void mark(boolean keys) throws IOException {
        Path mark = folder.resolve(MARK);
        if (!keys) {
            Files.deleteIfExists(mark);
        } else if (!Files.exists(mark)) {
            Files.writeString(mark, MARK_TEXT);
        }
    }

    private static FileAttribute<?>[] permissions(boolean posix, String permissions) {
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public DataSource writing() {
        SQLiteConfig config = config(WRITERS_CACHE);
        // The lock is taken when the transaction begins: a transaction that reads first could not get it any more.
        config.setTransactionMode(TransactionMode.IMMEDIATE);
        return source(config);
    }

    @Override
    public DataSource reading() {
        return source(config(READERS_CACHE));
    }

    @Override
    public DataSource migrating() {
        return source(config(READERS_CACHE));
    }

    private static SQLiteConfig config(int cache) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.NORMAL);
        config.setBusyTimeout(BUSY_MS);
        config.setCacheSize(cache);
        config.setJournalSizeLimit(LOG_LIMIT);
        return config;
    }

    private DataSource source(SQLiteConfig config) {
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    @Override
    public String migrations() {
        return "dev/understudy/store/sqlite";
    }

    @Override
    public String like() {
        return "LIKE";
    }

    /** Inside a transaction it would be too late. */
    @Override
    public void begin(Connection connection, boolean durable) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = " + (durable ? "FULL" : "NORMAL"));
        }
        connection.setAutoCommit(false);
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public void announce(Connection connection, String text) {
        // Gateways on one machine could share the file, but there is nothing on which they could wait.
    }

    @Override
    public Listening listen() throws SQLException {
        throw new SQLFeatureNotSupportedException("a file cannot be listened to");
    }

    @Override
    public boolean rejectsValues(SQLException failure) {
        return switch (code(failure)) {
            case SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_TOOBIG, SQLITE_RANGE -> true;
            default -> false;
        };
    }

    @Override
    public String describe(SQLException failure) {
        String advice = switch (code(failure)) {
            case SQLITE_FULL -> "free space on its disk";
            case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM -> "let this process write to its folder";
            case SQLITE_CORRUPT, SQLITE_NOTADB ->
                "move the file away or restore a copy; without the file a new one is created";
            case SQLITE_BUSY, SQLITE_LOCKED -> "another process has locked it; end that process";
            case SQLITE_IOERR -> "look for errors of its disk";
            default -> "";
        };
        return file + ": " + failure.getMessage() + (advice.isEmpty() ? "" : "; " + advice);
    }

    private static SQLiteErrorCode code(SQLException failure) {
        return SQLiteErrorCode.getErrorCode(failure.getErrorCode() & PRIMARY_CODE);
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
