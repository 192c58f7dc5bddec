package dev.understudy.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.store.CallRecord.Ending;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a page of the console costs when many calls are kept: a million in SQLite. The times are printed; what is asserted about
 * them is ten times what they should be, since the machine may be busy. That an index is used is asserted as such.
 *
 * <p>The worst case of each condition is a value that only the oldest calls have.
 */
class MillionCallsTest {
    private static final int SQLITE_CALLS = Integer.getInteger("understudy.store.calls", 1_000_000);
    private static final int POSTGRES_CALLS = Integer.getInteger("understudy.store.calls", 100_000);
    private static final int BATCH = 1_000;
    private static final long LIMIT_MS = 2_000;
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    private final Random random = new Random(14);

    @Test
    void sqlite(@TempDir Path folder) throws Exception {
        measure(new SqliteDatabase(folder), StoreOptions.in(folder), SQLITE_CALLS, "EXPLAIN QUERY PLAN ");
    }

    @Test
    void postgres() throws Exception {
        StoreOptions.Place.PostgreSql place = PostgresServer.emptyDatabase();
        measure(
                new PostgresDatabase(place),
                StoreOptions.at(place.url(), place.user(), place.password()),
                POSTGRES_CALLS,
                "EXPLAIN ");
    }

    private void measure(Database database, StoreOptions options, int calls, String explain) throws Exception {
        Instant end = START.plus(Duration.ofMillis(100L * calls));
        try (DatabaseStore store = new DatabaseStore(
                        database, options.keeping(Duration.ofDays(30), calls * 2L), InstantSource.fixed(end))
                .opened()) {
            fill(database, calls);
            // The first query of a process also loads classes.
            store.calls().find(CallQuery.newest(1));
            Map<String, Long> times = new LinkedHashMap<>();
            for (Sample each : samples(calls)) {
                long began = System.nanoTime();
                CallPage page = store.calls().find(each.query());
                times.put(each.name() + " (" + page.calls().size() + ")", (System.nanoTime() - began) / 1_000);
                assertThat(plan(store, each.query(), explain)).as(each.name()).containsPattern(each.index());
            }
            long began = System.nanoTime();
            assertThat(store.calls().find("call-" + calls / 2)).isPresent();
            times.put("open", (System.nanoTime() - began) / 1_000);
            for (Duration time : List.of(Duration.ofMinutes(60), Duration.ofDays(30))) {
                began = System.nanoTime();
                assertThat(store.calls().summary(end.minus(time)).calls()).isPositive();
                times.put("summary " + time, (System.nanoTime() - began) / 1_000);
            }
            times.forEach((name, micros) -> System.out.printf(
                    "%s, %,d calls: %8.1f ms  %s%n",
                    database.getClass().getSimpleName(), calls, micros / 1_000.0, name));
            assertThat(times)
                    .allSatisfy((name, micros) -> assertThat(micros).as(name).isLessThan(LIMIT_MS * 1_000));
        }
    }

    /**
     * A query.
     *
     * @param name printed with its time and the number of calls on the page
     * @param index what the plan of both databases must contain
     */
    private record Sample(String name, CallQuery query, String index) {}

    private static List<Sample> samples(int calls) {
        CallQuery page = CallQuery.newest(50);
        String order = "PRIMARY KEY \\(rowid|calls_pkey";
        return List.of(
                new Sample("list", page, order),
                new Sample("list, in the middle", page.before(Integer.toString(calls / 2)), order),
                new Sample("model", page.withModel("assistant"), "calls_by_model|calls_pkey"),
                new Sample("model of the oldest calls", page.withModel("rare"), "calls_by_model"),
                new Sample("model without calls", page.withModel("none"), "calls_by_model"),
                new Sample("target", page.withTarget(SampleCalls.PRIMARY), "calls_by_target|calls_pkey"),
                new Sample("target that never answered", page.withTarget("gemini/flash"), "other_targets"),
                new Sample("caller", page.withCaller("caller-7"), "calls_by_caller|calls_pkey"),
                new Sample("caller of the oldest calls", page.withCaller("rare"), "calls_by_caller"),
                new Sample("ending", page.withEnding(Ending.ANSWERED), order),
                new Sample("ending of the oldest calls", page.withEnding(Ending.FAILED), "calls_not_answered"),
                new Sample("rescued", page.withRescuedOnly(), "calls_rescued|calls_pkey"),
                new Sample("model and ending", page.withModel("assistant").withEnding(Ending.FAILED), "calls_"),
                new Sample("text", page.withText("busy"), order),
                new Sample("text of one id", page.withText("call-77777"), order),
                new Sample("text without calls", page.withText("no such text"), order));
    }

    private void fill(Database database, int calls) throws Exception {
        long began = cpuNanos();
        try (Connection connection = database.writing().getConnection()) {
            List<CallRecord> batch = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                batch.add(call(i, calls));
                if (batch.size() == BATCH || i == calls - 1) {
                    database.begin(connection, false);
                    CallWriter.insert(connection, batch);
                    connection.commit();
                    connection.setAutoCommit(true);
                    batch.clear();
                }
            }
        }
        System.out.printf(
                "%s: %.1f microseconds of CPU in this process to make and write a call%n",
                database.getClass().getSimpleName(), (cpuNanos() - began) / 1_000.0 / calls);
        if (database instanceof PostgresDatabase) {
            // What autovacuum does after a while.
            try (Connection connection = database.writing().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("ANALYZE");
            }
        }
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private CallRecord call(int i, int calls) {
        String id = "call-" + i;
        Instant at = START.plusMillis(100L * i);
        if (i < 20) {
            return SampleCalls.failed(id, at, "rare", "rare");
        }
        // The newer half has no rescued calls, so that a search for them has far to go.
        if (i < calls / 2 && random.nextInt(100) < 2) {
            return SampleCalls.rescued(id, at, 500_000 + random.nextInt(1_000_000));
        }
        return SampleCalls.answered(
                id,
                at,
                "caller-" + random.nextInt(50),
                random.nextBoolean() ? "assistant" : "model-" + random.nextInt(20),
                random.nextInt(4) > 0 ? SampleCalls.PRIMARY : SampleCalls.FALLBACK);
    }

    private static String plan(DatabaseStore store, CallQuery query, String explain) throws StoreUnavailable {
        boolean search = query.text().isPresent()
                || query.ending().equals(Optional.of(Ending.ANSWERED))
                || (query.model().isPresent() && query.ending().isPresent());
        CallReader.Statement statement = search
                ? store.reader().slice(query, 1_000, 11_000, 51)
                : store.reader()
                        .indexed(query, query.before().map(Long::parseLong).orElse(Long.MAX_VALUE));
        String detail = explain.startsWith("EXPLAIN QUERY") ? "detail" : "QUERY PLAN";
        List<String> lines = store.readers()
                .read(handle -> new CallReader.Statement(explain + statement.sql(), statement.values())
                        .in(handle)
                        .map((row, context) -> row.getString(detail))
                        .list());
        return String.join("\n", lines) + "\n";
    }
}
