package dev.understudy.store;

import static dev.understudy.store.SampleCalls.FALLBACK;
import static dev.understudy.store.SampleCalls.NOON;
import static dev.understudy.store.SampleCalls.PRIMARY;
import static dev.understudy.store.SampleCalls.answered;
import static dev.understudy.store.SampleCalls.failed;
import static dev.understudy.store.SampleCalls.rescued;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.store.CallRecord.Ending;
import dev.understudy.store.CallSummary.Target;
import dev.understudy.store.CallSummary.Usage;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What holds for the records of calls on each of the databases: how they are found, summed and deleted. */
abstract class CallsContract extends StoreFixture {
    @Test
    void callsAreFoundAsTheyWereAdded() throws Exception {
        add(answered("a"), rescued("b", 900_000), failed("c"));

        assertThat(store.calls().find("a")).contains(answered("a"));
        assertThat(store.calls().find("b")).contains(rescued("b", 900_000));
        assertThat(store.calls().find("c")).contains(failed("c"));
        assertThat(store.calls().find("d")).isEmpty();
        assertThat(store.calls().find(CallQuery.newest(10)))
                .isEqualTo(new CallPage(List.of(failed("c"), rescued("b", 900_000), answered("a")), Optional.empty()));
    }

    @Test
    void callsSurviveReopening() throws Exception {
        store.calls().add(answered("a"));
        reopen(options());

        assertThat(store.calls().find("a")).contains(answered("a"));
        assertThat(store.status()).satisfies(status -> {
            assertThat(status.available()).isTrue();
            assertThat(status.message()).isEmpty();
            assertThat(status.since()).isEmpty();
            assertThat(status.kept()).isEqualTo(1);
            assertThat(status.dropped()).isZero();
            assertThat(status.waiting()).isZero();
        });
    }

    @Test
    void pagesFollowOneAnother() throws Exception {
        for (int i = 0; i < 25; i++) {
            store.calls().add(answered("call-" + i));
        }
        add(answered("call-25"));
        List<String> found = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        CallQuery query = CallQuery.newest(10);
        for (Optional<CallQuery> next = Optional.of(query); next.isPresent(); ) {
            CallPage page = store.calls().find(next.get());
            page.calls().forEach(call -> found.add(call.id()));
            sizes.add(page.calls().size());
            next = page.next().map(query::before);
        }
        assertThat(sizes).containsExactly(10, 10, 6);
        assertThat(found).hasSize(26).startsWith("call-25").endsWith("call-0").doesNotHaveDuplicates();
    }

    @Test
    void aCursorIsOneThatAPageHasGiven() {
        for (String cursor : List.of("", "x", "-1", "0", "1; DROP TABLE calls")) {
            assertThatThrownBy(() -> store.calls().find(CallQuery.newest(1).before(cursor)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("before");
        }
    }

    @Test
    void eachConditionHolds() throws Exception {
        add(answered("a"), rescued("b", 900_000), failed("c"), answered("d", NOON, "cy", "assistant", FALLBACK));
        CallQuery all = CallQuery.newest(10);

        assertThat(ids(all.withModel("assistant"))).containsExactly("d", "b", "a");
        assertThat(ids(all.withModel("assist"))).isEmpty();
        assertThat(ids(all.withCaller("bob"))).containsExactly("b");
        assertThat(ids(all.withCaller(""))).containsExactly("c");
        assertThat(ids(all.withEnding(Ending.FAILED))).containsExactly("c");
        assertThat(ids(all.withEnding(Ending.CALLER_LEFT))).isEmpty();
        assertThat(ids(all.withRescuedOnly())).containsExactly("b");
    }

    @Test
    void aTargetIsFoundWhereItAnsweredFailedOrWasSkipped() throws Exception {
        add(answered("a"), rescued("b", 900_000), failed("c"), answered("d", NOON, "cy", "assistant", FALLBACK));
        CallQuery all = CallQuery.newest(10);

        assertThat(ids(all.withTarget(PRIMARY))).containsExactly("c", "b", "a");
        assertThat(ids(all.withTarget(FALLBACK))).containsExactly("d", "b");
        assertThat(ids(all.withTarget("gemini/flash"))).containsExactly("b");
        assertThat(store.calls().find(CallQuery.newest(2).withTarget(PRIMARY)).next())
                .isPresent();
    }

    @Test
    void conditionsAreCombined() throws Exception {
        add(answered("a"), rescued("b", 900_000), failed("c"), answered("d", NOON, "cy", "assistant", FALLBACK));
        CallQuery all = CallQuery.newest(10);

        assertThat(ids(all.withModel("assistant").withTarget(PRIMARY))).containsExactly("b", "a");
        assertThat(ids(all.withTarget(PRIMARY).withEnding(Ending.FAILED))).containsExactly("c");
        assertThat(ids(all.withModel("assistant")
                        .withTarget(FALLBACK)
                        .withRescuedOnly()
                        .withCaller("bob")))
                .containsExactly("b");
        CallPage first =
                store.calls().find(CallQuery.newest(1).withModel("assistant").withTarget(PRIMARY));
        assertThat(first.calls()).extracting(CallRecord::id).containsExactly("b");
        assertThat(store.calls()
                        .find(CallQuery.newest(1)
                                .withModel("assistant")
                                .withTarget(PRIMARY)
                                .before(first.next().orElseThrow()))
                        .calls())
                .extracting(CallRecord::id)
                .containsExactly("a");
    }

    @Test
    void textIsFoundLiterally() throws Exception {
        add(answered("call-A7"), rescued("call-b", 900_000), failed("call-c"));
        CallQuery all = CallQuery.newest(10);

        assertThat(ids(all.withText("a7"))).containsExactly("call-A7");
        assertThat(ids(all.withText("BUSY"))).containsExactly("call-b");
        assertThat(ids(all.withText("\"busy\": 100%_full \\ retry\n→"))).containsExactly("call-b");
        assertThat(ids(all.withText("100__full"))).isEmpty();
        assertThat(ids(all.withText("%"))).containsExactly("call-b");
        assertThat(ids(all.withText("!"))).isEmpty();
        assertThat(ids(all.withText("' OR 1=1 --"))).isEmpty();
        assertThat(ids(all.withText("cooling"))).containsExactly("call-b");
        assertThat(ids(all.withText("connection_refused").withModel("other"))).containsExactly("call-c");
        assertThat(ids(all.withText(" "))).hasSize(3);
    }

    /** A clock that is always too late: each page ends after one slice, and the next one continues there. */
    @Test
    void aSearchEndsInTimeAndIsContinued() throws Exception {
        try (Connection connection = database.writing().getConnection()) {
            connection.setAutoCommit(false);
            List<CallRecord> calls = new ArrayList<>();
            for (int i = 0; i < 25_000; i++) {
                calls.add(answered("call-" + i));
            }
            CallWriter.insert(connection, List.of(rescued("old", 900_000)));
            CallWriter.insert(connection, calls);
            connection.commit();
        }
        AtomicLong time = new AtomicLong();
        CallReader hurried = new CallReader(
                store.readers(),
                database,
                () -> time.getAndAdd(Duration.ofSeconds(1).toNanos()));
        CallQuery query = CallQuery.newest(10).withText("busy");
        List<Integer> sizes = new ArrayList<>();
        for (Optional<CallQuery> next = Optional.of(query); next.isPresent(); ) {
            CallPage page = hurried.find(next.get());
            sizes.add(page.calls().size());
            next = page.next().map(query::before);
        }
        assertThat(sizes).hasSizeGreaterThan(2).endsWith(1);
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(1);
    }

    @Test
    void textsThatNoDatabaseTakesAreRepaired() throws Exception {
        String broken = "a\0b\uD83D" + "x".repeat(1_000);
        add(answered(broken, NOON, broken, broken, broken), answered("after"));

        CallRecord found = store.calls().find(CallQuery.newest(2)).calls().getLast();
        assertThat(found.model()).startsWith("a\uFFFDb\uFFFDx").hasSize(300);
        assertThat(store.calls().find(CallQuery.newest(1).withModel(broken)).calls())
                .containsExactly(found);
        assertThat(store.calls().find(CallQuery.newest(1).withText("a\0b")).calls())
                .containsExactly(found);
        assertThat(store.calls().find(broken)).contains(found);
        assertThat(store.calls().dropped()).isZero();
    }

    @Test
    void sumsAreOverTheMinutesSinceATime() throws Exception {
        Instant before = NOON.minusSeconds(120);
        add(
                answered("old", before, "ann", "assistant", PRIMARY),
                answered("a"),
                rescued("b", 900_000),
                rescued("c", 1_200_000),
                failed("d"));

        assertThat(store.calls().summary(NOON))
                .isEqualTo(new CallSummary(
                        Instant.parse("2026-03-01T12:00:00Z"),
                        4,
                        3,
                        2,
                        1,
                        0,
                        0,
                        new CallSummary.Added(OptionalLong.of(900_000), OptionalLong.of(1_200_000)),
                        new Usage(300, 80, 3_000_000),
                        List.of(
                                new Target(PRIMARY, 4, 1, 3, new Usage(100, 20, 3_000_000)),
                                new Target(FALLBACK, 2, 2, 0, new Usage(200, 60, 0)))));
        assertThat(store.calls().summary(before).calls()).isEqualTo(5);
        assertThat(store.calls().summary(NOON.plusSeconds(60))).satisfies(none -> {
            assertThat(none.calls()).isZero();
            assertThat(none.added().p50()).isEmpty();
            assertThat(none.targets()).isEmpty();
        });
    }

    @Test
    void oldCallsAreDeletedOnRequest() throws Exception {
        for (int i = 0; i < 1_700; i++) {
            store.calls().add(rescued("old-" + i, 900_000));
        }
        add(answered("new", NOON.plusSeconds(60), "ann", "assistant", PRIMARY));
        store.calls().deleteOlderThan(NOON.plusSeconds(60));

        await("deletion", () -> store.calls().find(CallQuery.newest(10)).calls().size() == 1);
        await("status", () -> store.status().kept() == 1);
        assertThat(ids(CallQuery.newest(10))).containsExactly("new");
        assertThat(ids(CallQuery.newest(10).withTarget("gemini/flash"))).isEmpty();
        assertThat(store.calls().summary(NOON).calls()).isEqualTo(1);
    }

    @Test
    void callsAreDeletedByAgeAfterOpening() throws Exception {
        add(
                answered("old", NOON.minus(Duration.ofDays(3)), "ann", "assistant", PRIMARY),
                answered("new", NOON.minus(Duration.ofDays(1)), "ann", "assistant", PRIMARY));
        reopen(options().keeping(Duration.ofDays(2), 100));

        await("deletion", () -> store.calls().find("old").isEmpty());
        assertThat(store.calls().find("new")).isPresent();
    }

    @Test
    void callsAreDeletedByNumber() throws Exception {
        reopen(options().keeping(Duration.ofDays(2), 100));
        for (int i = 0; i < 1_234; i++) {
            store.calls().add(answered("call-" + i));
        }
        await(
                "deletion",
                () -> store.calls().awaitWritten(SOON) && store.status().kept() == 100);
        assertThat(ids(CallQuery.newest(200)))
                .hasSize(100)
                .startsWith("call-1233")
                .endsWith("call-1134");
    }
}
