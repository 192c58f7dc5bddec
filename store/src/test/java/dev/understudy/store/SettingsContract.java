package dev.understudy.store;

import static dev.understudy.store.SampleCalls.NOON;
import static dev.understudy.store.SampleCalls.answered;
import static dev.understudy.store.SampleCalls.rescued;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What holds for settings and keys on each of the databases. */
abstract class SettingsContract extends StoreFixture {
    @Test
    void settingsHaveVersions() throws Exception {
        assertThat(store.settings().latest()).isEmpty();
        SettingsVersion first = store.settings().put(change("one"), 0);
        SettingsVersion second = store.settings().put(change("two"), 1);

        assertThat(first).isEqualTo(new SettingsVersion(1, NOON, "ann", "because", List.of("first", "second"), "one"));
        assertThat(store.settings().latest()).contains(second);
        assertThat(store.settings().version(1)).contains(first);
        assertThat(store.settings().version(3)).isEmpty();
        assertThat(store.settings().list(Long.MAX_VALUE, 10)).containsExactly(second, first);
        assertThat(store.settings().list(2, 10)).containsExactly(first);
        reopen(options());
        assertThat(store.settings().latest()).contains(second);
    }

    @Test
    void aChangeToAnOldVersionIsRejected() throws Exception {
        store.settings().put(change("one"), 0);
        for (long expected : new long[] {0, 2, -1}) {
            assertThatThrownBy(() -> store.settings().put(change("other"), expected))
                    .isInstanceOfSatisfying(
                            VersionConflict.class,
                            conflict -> assertThat(conflict.current()).isEqualTo(1));
        }
        assertThat(store.settings().latest().orElseThrow().layer()).isEqualTo("one");
    }

    @Test
    void oneOfManyEditorsWinsEachVersion() throws Exception {
        try (ExecutorService editors = Executors.newFixedThreadPool(6)) {
            List<Future<Integer>> wins = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                String name = "editor " + i;
                wins.add(editors.submit(() -> {
                    int won = 0;
                    for (int version = 0; version < 20; version++) {
                        try {
                            store.settings().put(change(name), version);
                            won++;
                        } catch (VersionConflict lost) {
                            assertThat(lost.current()).isGreaterThan(version);
                        }
                    }
                    return won;
                }));
            }
            int sum = 0;
            for (Future<Integer> each : wins) {
                sum += each.get(60, TimeUnit.SECONDS);
            }
            assertThat(sum).isEqualTo(20);
        }
        assertThat(store.settings().list(Long.MAX_VALUE, 100)).hasSize(20);
    }

    @Test
    void twoStoresShareADatabase() throws Exception {
        try (DatabaseStore other = open(options())) {
            other.settings().put(change("one"), 0);
            assertThatThrownBy(() -> store.settings().put(change("two"), 0)).isInstanceOf(VersionConflict.class);
            other.keys().add(key("a"));
            assertThat(store.keys().version()).isEqualTo(1);
            assertThat(store.keys().all()).containsExactly(key("a").at(1));
            for (int i = 0; i < 300; i++) {
                store.calls().add(answered("here-" + i));
                other.calls().add(rescued("there-" + i, 900_000));
            }
            assertThat(store.calls().awaitWritten(SOON)).isTrue();
            assertThat(other.calls().awaitWritten(SOON)).isTrue();
        }
        assertThat(store.calls().summary(NOON).calls()).isEqualTo(600);
        assertThat(store.calls().find(CallQuery.newest(500)).calls()).hasSize(500);
    }

    @Test
    void oldVersionsAreNotKeptForEver() throws Exception {
        store.settings().put(change("one"), 0);
        try (Connection connection = database.writing().getConnection();
                Statement insert = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int version = 2; version <= SettingsVersions.KEPT + 5; version++) {
                insert.execute("INSERT INTO settings (version, made, author, note, changes, layer) VALUES (" + version
                        + ", 0, '', '', '', '')");
            }
            connection.commit();
        }
        store.settings().put(change("last"), SettingsVersions.KEPT + 5);

        List<SettingsVersion> kept = store.settings().list(Long.MAX_VALUE, SettingsVersions.KEPT);
        assertThat(kept).hasSize(SettingsVersions.KEPT);
        assertThat(kept.getLast().version()).isEqualTo(7);
        assertThat(store.settings().version(6)).isEmpty();
    }

    private static StoredKey key(String name) {
        return new StoredKey(
                "id-of-" + name,
                "digest-of-" + name,
                "end",
                name,
                "{\"models\":[\"m\"]}",
                NOON.plusMillis(name.hashCode()),
                "ann",
                0);
    }

    @Test
    void keysAreAddedChangedAndRemoved() throws Exception {
        StoredKeys keys = store.keys();
        assertThat(keys.version()).isZero();
        assertThat(keys.all()).isEmpty();

        StoredKey a = keys.add(key("a")).orElseThrow();
        StoredKey b = keys.add(key("b")).orElseThrow();

        assertThat(a).isEqualTo(key("a").at(1));
        assertThat(b.version()).isEqualTo(2);
        assertThat(keys.add(key("a"))).as("a name that is in use").isEmpty();
        assertThat(keys.all()).containsExactly(a, b);

        StoredKey changed = keys.change(a.id(), "{}", a.version());
        assertThat(changed.limits()).isEqualTo("{}");
        assertThat(changed.version()).isGreaterThan(b.version()).isEqualTo(keys.version());
        assertThatThrownBy(() -> keys.change(a.id(), "{\"models\":[]}", a.version()))
                .isInstanceOfSatisfying(
                        VersionConflict.class,
                        conflict -> assertThat(conflict.current()).isEqualTo(changed.version()));
        assertThat(keys.all()).containsExactly(changed, b);

        assertThat(keys.remove(b.id())).isTrue();
        assertThat(keys.remove(b.id())).isFalse();
        assertThatThrownBy(() -> keys.change(b.id(), "{}", b.version()))
                .isInstanceOfSatisfying(
                        VersionConflict.class,
                        conflict -> assertThat(conflict.current()).isZero());
        reopen(options());
        assertThat(store.keys().all()).containsExactly(changed);
        assertThat(store.keys().version()).isGreaterThan(changed.version());
    }

    @Test
    void keysOfALostDatabaseAreUnavailableAndComeBack() throws Exception {
        store.keys().add(key("a"));
        database.lost = true;
        assertThatThrownBy(() -> store.keys().all()).isInstanceOf(StoreUnavailable.class);
        assertThatThrownBy(() -> store.keys().add(key("b"))).isInstanceOf(StoreUnavailable.class);
        assertThat(store.keys().mayExist()).isTrue();
        database.lost = false;
        await("keys", () -> {
            try {
                return store.keys().all().size() == 1;
            } catch (StoreUnavailable still) {
                return false;
            }
        });
    }

    @Test
    void whatCannotBeKeptOfAKeyIsRejected() {
        assertThatThrownBy(() -> key("a\0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> key("a".repeat(StoredKey.LONGEST_NAME + 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(key("a".repeat(StoredKey.LONGEST_NAME)).name()).hasSize(StoredKey.LONGEST_NAME);
    }
}
