package dev.understudy.store;

import dev.understudy.store.StoreOptions.Place;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/** What holds for every database, in PostgreSQL. */
class PostgresContractTest {
    private Place.PostgreSql place = new Place.PostgreSql("postgres://none/none", Optional.empty(), Optional.empty());

    private final StoreFixture.Databases databases = new StoreFixture.Databases() {
        @Override
        public Database empty() throws Exception {
            place = PostgresServer.emptyDatabase();
            return new PostgresDatabase(place);
        }

        @Override
        public StoreOptions options() {
            return StoreOptions.at(place.url(), place.user(), place.password());
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
