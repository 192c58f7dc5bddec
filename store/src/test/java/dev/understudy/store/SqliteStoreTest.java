package dev.understudy.store;

import static dev.understudy.store.SampleCalls.answered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store in a file of SQLite: what can happen to a file. */
class SqliteStoreTest extends StoreFixture {
    @TempDir
    Path temporary;

    private int folders;

    @Override
    Databases databases() {
        return new Databases() {
            @Override
            public Database empty() {
                return new SqliteDatabase(temporary.resolve("data-" + folders++));
            }

            @Override
            public StoreOptions options() {
                return StoreOptions.in(temporary);
            }
        };
    }

    private Path folder() {
        return temporary.resolve("data-" + (folders - 1));
    }

    @Test
    void theFileIsForItsOwnerOnly() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
                .isEqualTo("rwx------");
        for (String file : List.of("understudy.db", "understudy.db-wal", "understudy.db-shm")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder().resolve(file))))
                    .as(file)
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aMarkSaysWithoutTheDatabaseWhetherThereMayBeKeys() throws Exception {
        assertThat(store.keys().mayExist()).isFalse();
        StoredKey key = new StoredKey("id", "digest", "end", "name", "{}", SampleCalls.NOON, "", 0);
        store.keys().add(key);
        assertThat(store.keys().mayExist()).isTrue();
        store.close();
        // The database is lost.
        Files.writeString(folder().resolve("understudy.db"), "no database".repeat(1_000));
        store = open(options());
        assertThat(store.keys().mayExist()).isTrue();
        assertThatThrownBy(() -> store.keys().all()).isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void theMarkGoesWithTheLastKey() throws Exception {
        for (String id : List.of("a", "b")) {
            store.keys().add(new StoredKey(id, id, "end", id, "{}", SampleCalls.NOON, "", 0));
        }
        store.keys().remove("a");
        assertThat(store.keys().mayExist()).isTrue();
        store.keys().remove("b");
        assertThat(store.keys().mayExist()).isFalse();
    }

    @Test
    void aClosedStoreLeavesOneFile() throws Exception {
        add(answered("a"));
        store.close();
        try (var files = Files.list(folder())) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("understudy.db");
        }
        reopen(options());
        assertThat(store.status().recovery()).isEmpty();
    }

    @Test
    void aFileWhoseProcessWasNotClosedIsRecoveredAndThatIsSaid() throws Exception {
        add(answered("a"));
        Path copy = Files.createDirectory(temporary.resolve("copy"));
        for (String file : List.of("understudy.db", "understudy.db-wal")) {
            Files.copy(folder().resolve(file), copy.resolve(file));
        }
        try (Store recovered = Stores.open(StoreOptions.in(copy).keeping(Duration.ofDays(100_000), 100))) {
            assertThat(recovered.status().recovery().orElseThrow()).contains("understudy.db", "write-ahead log");
            assertThat(recovered.calls().find("a")).isPresent();
        }
    }

    @Test
    void aFileThatIsNoDatabaseIsLeftAsItIsAndDescribed() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("broken"));
        Path file = folder.resolve("understudy.db");
        Files.writeString(
                file,
                "this is not a database, and longer than a header of one, which has a hundred bytes; ".repeat(100));
        long size = Files.size(file);
        try (Store broken = Stores.open(StoreOptions.in(folder))) {
            broken.calls().add(answered("a"));
            assertThat(broken.status().message()).contains(file.toString(), "move the file away");
            assertThatThrownBy(() -> broken.settings().latest())
                    .isInstanceOf(StoreUnavailable.class)
                    .hasMessageContaining("move the file away");
        }
        assertThat(file).hasSize(size);
    }

    @Test
    void aFolderThatCannotBeCreatedIsDescribed() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));
        try (Store store = Stores.open(StoreOptions.in(file.resolve("data")))) {
            assertThat(store.status().available()).isFalse();
            assertThat(store.status().message()).contains(file.toString());
        }
    }

    /** SQLite's own limit on the size of the file gives the error of a full disk. */
    @Test
    void aFullDiskCostsRecordsUntilThereIsSpaceAgain() throws Exception {
        reopen(options().queueing(500));
        add(answered("before"));
        database.beforeTransaction = "PRAGMA max_page_count = 1";
        await("a full disk", () -> {
            store.calls().add(answered("call-" + System.nanoTime()));
            return store.calls().dropped() > 0;
        });
        assertThat(store.status().message()).contains("free space on its disk");
        assertThat(store.calls().find("before")).isPresent();
        assertThatThrownBy(() -> store.settings().put(new SettingsChange("x".repeat(100_000), "", "", List.of()), 0))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("free space on its disk");

        database.beforeTransaction = "PRAGMA max_page_count = 1000000";
        await("recovery", () -> store.status().available());
        add(answered("after"));
        assertThat(store.calls().find("after")).isPresent();
        store.settings().put(new SettingsChange("small", "", "", List.of()), 0);
    }

    @Test
    void anotherProcessThatLocksTheFileIsWaitedFor() throws Exception {
        try (Connection other = new SqliteDatabase(folder()).writing().getConnection();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            store.calls().add(answered("a"));
            await("notice", () -> !store.status().available());
            assertThat(store.status().message()).contains("another process has locked it");
            statement.execute("COMMIT");
        }
        assertThat(store.calls().awaitWritten(Duration.ofSeconds(20))).isTrue();
        assertThat(store.calls().find("a")).isPresent();
    }

    @Test
    void aReaderDoesNotStopTheWriter() throws Exception {
        add(answered("a"));
        try (Connection reader = new SqliteDatabase(folder()).reading().getConnection();
                Statement statement = reader.createStatement()) {
            statement.execute("BEGIN");
            statement.executeQuery("SELECT COUNT(*) FROM calls");
            add(answered("b"));
            assertThat(store.calls().find("b")).isPresent();
            statement.execute("COMMIT");
        }
    }
}
