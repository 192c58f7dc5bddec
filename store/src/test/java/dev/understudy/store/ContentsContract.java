package dev.understudy.store;

import static dev.understudy.store.SampleCalls.NOON;
import static dev.understudy.store.SampleCalls.answered;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What holds for the contents of calls on each of the databases. */
abstract class ContentsContract extends StoreFixture {
    private static CallContents.Content contents(String id, int minutes, String said) {
        return new CallContents.Content(
                id,
                NOON.plus(Duration.ofMinutes(minutes)),
                new CallContents.Part("application/json", "{\"say\": \"" + said + "\"}", 20, false),
                new CallContents.Part("text/plain", said, 1_000, true));
    }

    private void addContents(CallContents.Content... contents) throws InterruptedException {
        CountDownLatch released = new CountDownLatch(contents.length);
        for (CallContents.Content each : contents) {
            store.contents().add(each, released::countDown);
        }
        assertThat(released.await(SOON.toSeconds(), TimeUnit.SECONDS))
                .as("memory released")
                .isTrue();
    }

    private List<String> kept(String... ids) throws StoreUnavailable {
        List<String> kept = new ArrayList<>();
        for (String id : ids) {
            assertThat(store.contents().find(id).isPresent())
                    .isEqualTo(store.contents().has(id));
            if (store.contents().has(id)) {
                kept.add(id);
            }
        }
        return kept;
    }

    @Test
    void contentsAreFoundByTheCallAndHaveNoRecordOfTheirOwn() throws Exception {
        CallContents.Content first = contents("a", 0, "hello \u20ac");
        addContents(first, contents("b", 1, "other"), contents("a", 2, "the same id again"));

        assertThat(store.contents().find("a")).contains(first);
        assertThat(kept("a", "b", "c")).containsExactly("a", "b");
        assertThat(store.calls().find("a")).isEmpty();
        assertThat(store.contents().dropped()).isZero();
    }

    @Test
    void charactersThatADatabaseRejectsAreReplacedInContents() throws Exception {
        addContents(contents("a", 0, "nul \0 and half \ud800 a pair"));

        assertThat(store.contents().find("a").orElseThrow().received().text())
                .isEqualTo("nul \ufffd and half \ufffd a pair");
    }

    @Test
    void contentsAreDeletedApartFromTheirCallsAndNotAfterThem() throws Exception {
        reopen(options().keepingContents(Duration.ofMinutes(30), 1_000));
        add(answered("a"), answered("b"));
        addContents(contents("a", -31, "old"), contents("b", -29, "new"), contents("c", 0, "newest"));
        reopen(options().keepingContents(Duration.ofMinutes(30), 1_000));

        await("deletion", () -> kept("a", "b", "c").equals(List.of("b", "c")));
        assertThat(store.calls().find("a")).as("the record is kept").isPresent();

        store.calls().deleteOlderThan(NOON.minus(Duration.ofMinutes(1)));
        await("deletion with the calls", () -> kept("a", "b", "c").equals(List.of("c")));
    }

    @Test
    void onlySoManyContentsAreKept() throws Exception {
        reopen(options().keepingContents(Duration.ofDays(1), 100));
        for (int i = 0; i < 300; i += 50) {
            CallContents.Content[] some = new CallContents.Content[50];
            for (int j = 0; j < some.length; j++) {
                some[j] = contents("call-" + (i + j), 0, "x".repeat(1_000));
            }
            addContents(some);
        }

        await("deletion", () -> !store.contents().has("call-199"));
        assertThat(kept("call-0", "call-200", "call-299")).containsExactly("call-200", "call-299");
    }

    @Test
    void contentsThatFindTheQueueFullAreDroppedCountedAndReleased() throws Exception {
        database.stalled = new CountDownLatch(1);
        store.calls().add(answered("a"));
        int more = 50;
        CountDownLatch dropped = new CountDownLatch(more);
        CountDownLatch all = new CountDownLatch(CallContents.MOST_WAITING + more);
        for (int i = 0; i < CallContents.MOST_WAITING + more; i++) {
            store.contents().add(contents("call-" + i, 0, "x"), () -> {
                dropped.countDown();
                all.countDown();
            });
        }

        assertThat(dropped.getCount()).as("released at once").isZero();
        assertThat(store.contents().dropped()).isEqualTo(more);
        assertThat(store.calls().dropped()).as("records are not concerned").isZero();

        database.stalled.countDown();
        assertThat(all.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(kept("call-0", "call-199", "call-200")).containsExactly("call-0", "call-199");
    }

    @Test
    void contentsWaitForADatabaseThatIsLost() throws Exception {
        database.lost = true;
        CountDownLatch released = new CountDownLatch(1);
        store.contents().add(contents("a", 0, "kept"), released::countDown);
        await("loss", () -> !store.status().available());
        database.lost = false;

        assertThat(released.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(kept("a")).containsExactly("a");
        assertThat(store.contents().dropped()).isZero();
    }
}
