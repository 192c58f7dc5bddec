package dev.understudy.store;

import static dev.understudy.store.SampleCalls.NOON;
import static dev.understudy.store.SampleCalls.answered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.store.StoreOptions.Place;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The store in PostgreSQL: what can happen to a server. */
class PostgresStoreTest extends StoreFixture {
    private Place.PostgreSql place = new Place.PostgreSql("postgres://none/none", Optional.empty(), Optional.empty());

    @Override
    Databases databases() {
        return new Databases() {
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
    }

    private static void endAllConnections() throws Exception {
        PostgresServer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'understudy'");
    }

    @Test
    void connectionsThatTheServerHasEndedAreReplaced() throws Exception {
        add(answered("a"));
        assertThat(store.calls().find("a")).isPresent();
        endAllConnections();

        assertThat(store.calls().find("a")).isPresent();
        store.settings().latest();
        store.calls().add(answered("b"));
        await("record", () -> store.calls().find("b").isPresent());
        assertThat(store.calls().dropped()).isZero();
        assertThat(store.calls().summary(NOON).calls()).isEqualTo(2);
    }

    @Test
    void aServerThatIsNotThereIsDescribed() {
        try (Store none = Stores.open(
                StoreOptions.at("postgres://ann:secret@127.0.0.1:1/calls", Optional.empty(), Optional.empty()))) {
            none.calls().add(answered("a"));
            assertThat(none.status().available()).isFalse();
            assertThat(none.status().message())
                    .contains("postgresql://127.0.0.1:1/calls", "check that the server runs")
                    .doesNotContain("secret");
        }
    }

    @Test
    void aDatabaseThatDoesNotExistIsDescribed() {
        String missing = place.url().replaceFirst("/store_\\d+$", "/missing");
        try (Store none = Stores.open(StoreOptions.at(missing, place.user(), place.password()))) {
            assertThat(none.status().message()).contains("create the database");
        }
    }

    @Test
    void credentialsAreTakenFromTheUrlAndNotShown() {
        Place.PostgreSql read = new Place.PostgreSql(
                "postgres://ann:p%40ss+w%2Frd@db.internal:5433/calls?sslmode=require",
                Optional.empty(), Optional.empty());

        assertThat(read.url()).isEqualTo("jdbc:postgresql://db.internal:5433/calls?sslmode=require");
        assertThat(read.user()).contains("ann");
        assertThat(read.password()).contains("p@ss+w/rd");
        assertThat(read).hasToString("postgresql://db.internal:5433/calls");
        assertThat(StoreOptions.at(read.url(), read.user(), read.password()).toString())
                .doesNotContain("p@ss", "ann");
    }

    @Test
    void aUrlThatCannotBeReadIsRejectedWithoutBeingRepeated() {
        for (String url : List.of(
                "mysql://ann:secret@db/calls",
                "postgres://ann:sec%ret@db/calls",
                "postgres://ann:se@cret@db/calls",
                "jdbc:postgresql://db:port-secret/calls")) {
            assertThatThrownBy(() -> Stores.open(StoreOptions.at(url, Optional.empty(), Optional.empty()))
                            .close())
                    .as(url)
                    .isInstanceOf(IllegalArgumentException.class)
                    .message()
                    .doesNotContain("cret@", "secret@", "sec%ret");
        }
    }

    @Test
    void theUrlCountsMoreThanWhatIsSetHere() throws Exception {
        Place.PostgreSql named = new Place.PostgreSql(
                place.url() + "?ApplicationName=mine&socketTimeout=3", place.user(), place.password());
        try (var connection = new PostgresDatabase(named).writing().getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SHOW application_name")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("mine");
            assertThat(connection.getNetworkTimeout()).isEqualTo(3_000);
        }
    }

    private static StoredKey key(String id) {
        return new StoredKey(id, "digest of " + id, "", "name of " + id, "{}", NOON, "ann", 0);
    }

    @Test
    void changesOfOneStoreAreToldToTheOther() throws Exception {
        List<StoreChange> told = new CopyOnWriteArrayList<>();
        StoreChange settings = new StoreChange.SettingsChanged();
        StoreChange keys = new StoreChange.KeysChanged();
        try (Store other = Stores.open(options());
                Store.Following following = other.follow(told::add)) {
            await("the start", () -> told.size() == 2);
            assertThat(told).as("all may have changed before").containsExactly(settings, keys);

            store.settings().put(new SettingsChange("models: {}", "ann", "", List.of()), 0);
            await("settings", () -> told.size() == 3);
            store.keys().add(key("one"));
            await("a key", () -> told.size() == 4);
            assertThat(store.keys().remove("one")).isTrue();
            await("no key", () -> told.size() == 5);
            store.tell(new StoreChange.HealthReset(Optional.of("one/a b")));
            await("a reset", () -> told.size() == 6);
            store.tell(new StoreChange.HealthReset(Optional.empty()));
            await("a reset of all", () -> told.size() == 7);

            assertThatThrownBy(() -> store.settings().put(new SettingsChange("", "bob", "", List.of()), 0))
                    .isInstanceOf(VersionConflict.class);
            PostgresServer.announce(place, "of a newer version");
            store.tell(new StoreChange.HealthReset(Optional.of("last")));
            await("the last", () -> told.size() == 8);
            assertThat(told.subList(2, 8))
                    .containsExactly(
                            settings,
                            keys,
                            keys,
                            new StoreChange.HealthReset(Optional.of("one/a b")),
                            new StoreChange.HealthReset(Optional.empty()),
                            new StoreChange.HealthReset(Optional.of("last")));
        }
    }

    @Test
    void aFollowerWhoseConnectionIsLostReportsThatAllMayHaveChanged() throws Exception {
        List<StoreChange> told = new CopyOnWriteArrayList<>();
        try (Store.Following following = store.follow(told::add)) {
            await("the start", () -> told.size() == 2);
            database.lost = true;
            await("loss", () -> database.refusedToListen.get() > 0);
            database.lost = false;
            await("the return", () -> told.size() >= 4);
            endAllConnections();
            await("the return after the server's end of it", () -> told.size() >= 6);
        }
    }
}
