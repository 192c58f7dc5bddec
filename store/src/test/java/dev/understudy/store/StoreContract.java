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
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for a store on each of the databases. */
@Timeout(120)
abstract class StoreContract {
    private static final Duration SOON = Duration.ofSeconds(20);

    FaultyDatabase database;
    DatabaseStore store;

    /** An empty database of its own for each test. */
    abstract Database emptyDatabase() throws Exception;

    /** Where the options say the database is has no meaning here: the tests bring their own. */
    abstract StoreOptions options();

    @BeforeEach
    void openStore() throws Exception {
        database = new FaultyDatabase(emptyDatabase());
        store = open(options());
    }

    @AfterEach
    void closeStore() {
        database.stalled.countDown();
        store.close();
    }

    DatabaseStore open(StoreOptions options) {
        return new DatabaseStore(database, options, InstantSource.fixed(NOON)).opened();
    }

    void reopen(StoreOptions options) {
        store.close();
        store = open(options);
    }

    void add(CallRecord... calls) throws InterruptedException {
        for (CallRecord call : calls) {
            store.calls().add(call);
        }
        assertThat(store.calls().awaitWritten(SOON)).as("written in time").isTrue();
    }

    static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime() - end).as("still waiting: " + what).isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    List<String> ids(CallQuery query) throws StoreUnavailable {
        CallPage page = store.calls().find(query);
        assertThat(page.next()).isEmpty();
        return page.calls().stream().map(CallRecord::id).toList();
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = database.writing().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static SettingsChange change(String layer) {
        return new SettingsChange(layer, "ann", "because", List.of("first", "second"));
    }

    private static HealthChange health(int minutes, String target, String state) {
        return new HealthChange(NOON.plus(Duration.ofMinutes(minutes)), target, state, "because");
    }

    @Test
    void changesOfHealthAreFoundWithTheLastOneBefore() throws Exception {
        store.health()
                .add(List.of(
                        health(0, PRIMARY, "cooling"), health(1, PRIMARY, "ready"), health(2, FALLBACK, "cooling")));
        store.health().add(List.of(health(5, FALLBACK, "ready"), health(6, PRIMARY, "cooling")));
        store.health().add(List.of());

        assertThat(store.health().since(NOON.plus(Duration.ofMinutes(4))))
                .containsExactly(
                        health(1, PRIMARY, "ready"),
                        health(2, FALLBACK, "cooling"),
                        health(5, FALLBACK, "ready"),
                        health(6, PRIMARY, "cooling"));
        assertThat(store.health().since(NOON)).hasSize(5);
        assertThat(store.health().since(NOON.plus(Duration.ofDays(1)))).hasSize(2);
        assertThatThrownBy(() -> store.health()
                        .add(java.util.Collections.nCopies(HealthHistory.MOST + 1, health(1, PRIMARY, "ready"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void changesOfHealthAreDeletedWithTheCallsOfTheirTime() throws Exception {
        List<HealthChange> many = new ArrayList<>();
        for (int i = 0; i < 2 * CallWriter.SLICE + 10; i++) {
            many.add(health(i % 50, PRIMARY, "cooling"));
        }
        many.add(health(70, PRIMARY, "ready"));
        store.health().add(many);

        store.calls().deleteOlderThan(NOON.plus(Duration.ofMinutes(60)));

        await("what is too old is deleted", () -> store.health().since(NOON).size() == 1);
    }

    @Test
    void changesOfHealthAreRefusedWhileTheDatabaseIsAway() throws Exception {
        store.health().add(List.of(HealthChange.started(NOON)));
        store.close();
        assertThatThrownBy(() -> store.health().add(List.of(HealthChange.started(NOON))))
                .isInstanceOf(StoreUnavailable.class);
    }

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
        database = new FaultyDatabase(emptyDatabase());
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

    // Contents of calls.

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
