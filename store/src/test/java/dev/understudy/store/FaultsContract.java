package dev.understudy.store;

import static dev.understudy.store.SampleCalls.NOON;
import static dev.understudy.store.SampleCalls.PRIMARY;
import static dev.understudy.store.SampleCalls.answered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What holds on each of the databases when it is lost, stalled, closed or rejects what it gets. */
abstract class FaultsContract extends StoreFixture {
    @Test
    void aLostDatabaseCostsRecordsAndNoCallAndComesBack() throws Exception {
        reopen(options().queueing(1_000));
        add(answered("before"));
        database.lost = true;
        store.calls().add(answered("during"));
        await("notice", () -> !store.status().available());
        for (int i = 0; i < 1_500; i++) {
            store.calls().add(answered("during-" + i));
        }

        assertThat(store.status()).satisfies(status -> {
            assertThat(status.message()).contains("connection lost by the test");
            assertThat(status.since()).contains(NOON);
            assertThat(status.dropped()).isEqualTo(501);
            assertThat(status.waiting()).isEqualTo(1_000);
        });
        assertThatThrownBy(() -> store.calls().find("before")).isInstanceOf(StoreUnavailable.class);
        assertThatThrownBy(() -> store.settings().latest()).isInstanceOf(StoreUnavailable.class);
        assertThatThrownBy(() -> store.settings().put(change("one"), 0))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("connection lost by the test");

        database.lost = false;
        await("recovery", () -> store.status().available());
        add(answered("after"));
        assertThat(store.calls().summary(NOON).calls()).isEqualTo(1_002);
        assertThat(store.calls().dropped()).isEqualTo(501);
        assertThat(store.settings().put(change("one"), 0).version()).isEqualTo(1);
    }

    @Test
    void aStoreThatCouldNotBeOpenedIsOpenedLater() throws Exception {
        store.close();
        database = new FaultyDatabase(databases().empty());
        database.lost = true;
        store = open(options());
        store.calls().add(answered("early"));

        assertThat(store.status().available()).isFalse();
        assertThatThrownBy(() -> store.settings().latest())
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("connection lost by the test");
        database.lost = false;
        await("opening", () -> store.status().available());
        await("record", () -> store.calls().find("early").isPresent());
    }

    /** The connection is lost after the commit and before its confirmation. */
    @Test
    void aBatchThatWasCommittedIsNotWrittenTwice() throws Exception {
        add(answered("before"));
        database.unconfirmedCommits.set(1);
        for (int i = 0; i < 100; i++) {
            store.calls().add(answered("call-" + i));
        }
        add(answered("after"));

        assertThat(database.unconfirmedCommits).hasValue(0);
        assertThat(store.calls().summary(NOON).calls()).isEqualTo(102);
        assertThat(ids(CallQuery.newest(200))).hasSize(102);
    }

    @Test
    void aStalledDatabaseBlocksNoCallAndNoRead() throws Exception {
        reopen(options().queueing(1_000));
        add(answered("before"));
        CountDownLatch stalled = new CountDownLatch(1);
        database.stalled = stalled;
        long began = System.nanoTime();
        for (int i = 0; i < 50_000; i++) {
            store.calls().add(answered("during-" + i));
        }
        long micros = (System.nanoTime() - began) / 1_000;

        assertThat(micros).as("microseconds for 50,000 calls").isLessThan(5_000_000);
        assertThat(store.calls().dropped()).isEqualTo(49_000);
        assertThat(store.calls().find("before")).isPresent();
        await("notice", () -> !store.status().available());
        assertThat(store.status().message()).contains("no answer for");
        stalled.countDown();
        await("recovery", () -> store.status().available());
        assertThat(store.calls().awaitWritten(SOON)).isTrue();
        assertThat(store.calls().summary(NOON).calls()).isEqualTo(1_001);
    }

    @Test
    void aRecordThatIsRejectedDoesNotCostTheOthers() throws Exception {
        execute("CREATE UNIQUE INDEX one_call_of_a_caller ON calls (caller)");
        store.calls().add(answered("a", NOON, "ann", "assistant", PRIMARY));
        store.calls().add(answered("b", NOON, "ann", "assistant", PRIMARY));
        add(answered("c", NOON, "cy", "assistant", PRIMARY));

        assertThat(ids(CallQuery.newest(10))).containsExactly("c", "a");
        assertThat(store.calls().dropped()).isEqualTo(1);
        assertThat(store.status().available()).isTrue();
        assertThat(store.calls().summary(NOON).calls()).isEqualTo(2);
    }

    @Test
    void aClosedStoreRejectsAndDrops() {
        store.close();
        store.calls().add(answered("late"));

        assertThat(store.calls().dropped()).isEqualTo(1);
        assertThatThrownBy(() -> store.calls().find("late"))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> store.settings().put(change("one"), 0))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("closed");
    }

    @Test
    void theNewestMigrationIsTheOneThatAStartLooksFor() throws Exception {
        String newest = store.readers()
                .read(handle -> handle.createQuery(
                                "SELECT version FROM flyway_schema_history ORDER BY installed_rank DESC LIMIT 1")
                        .map((row, context) -> row.getString(1))
                        .one());
        assertThat(newest).isEqualTo(Schema.NEWEST);
    }
}
