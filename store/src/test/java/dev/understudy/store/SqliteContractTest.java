package dev.understudy.store;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every database, in a file of SQLite. */
class SqliteContractTest {
    @TempDir
    Path temporary;

    private int folders;

    private final StoreFixture.Databases databases = new StoreFixture.Databases() {
        @Override
        public Database empty() {
            return new SqliteDatabase(temporary.resolve("data-" + folders++));
        }

        @Override
        public StoreOptions options() {
            return StoreOptions.in(temporary);
        }
    };

    @Nested
    class Calls extends CallsContract {
        @Override
        Databases databases() {
            return databases;
        }
    }

    @Nested
    class Contents extends ContentsContract {
        @Override
        Databases databases() {
            return databases;
        }
    }

    @Nested
    class Settings extends SettingsContract {
        @Override
        Databases databases() {
            return databases;
        }
    }

    @Nested
    class Health extends HealthContract {
        @Override
        Databases databases() {
            return databases;
        }
    }

    @Nested
    class Faults extends FaultsContract {
        @Override
        Databases databases() {
            return databases;
        }
    }
}
