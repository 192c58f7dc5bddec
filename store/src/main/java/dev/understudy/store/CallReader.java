package dev.understudy.store;

import dev.understudy.store.CallRecord.Ending;
import dev.understudy.store.CallSummary.Added;
import dev.understudy.store.CallSummary.Target;
import dev.understudy.store.CallSummary.Usage;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Finds records of calls. No query reads more than a bounded number of rows at a time, however many calls are kept.
 *
 * <p>With one condition, an index gives the calls of a page in their order. With several, or with a text, no index does: the calls
 * are searched in slices, newest first, until the page is full or a fraction of a second has passed. The page then says where to
 * continue. Indexes for all combinations, or for words, would make every call more expensive for the sake of a few searches.
 */
final class CallReader {
    /** How many calls are searched between two looks at the clock: some milliseconds. */
    private static final long SLICE = 10_000;

    private static final long SEARCH_TIME = Duration.ofMillis(120).toNanos();

    /** The newest rescued calls from which percentiles are taken. */
    private static final int SAMPLE = 10_000;

    private static final String COLUMNS =
            "seq, id, arrived, caller, model, vocabulary, stream, ending, status, target, duration,"
                    + " first_content, prompt_tokens, completion_tokens, cost, added, trail";

    private static final String NEWEST_FIRST = " ORDER BY seq DESC LIMIT :limit";

    private final Readers readers;
    private final String like;
    private final LongSupplier nanoTime;

    CallReader(Readers readers, Database database, LongSupplier nanoTime) {
        this.readers = readers;
        this.like = database.like();
        this.nanoTime = nanoTime;
    }

    /** A call and its place in the order of calls. */
    private record Row(long seq, CallRecord call) {}

    /** A statement and the values of its names. */
    record Statement(String sql, Map<String, Object> values) {
        Query in(Handle handle) {
            Query query = handle.createQuery(sql);
            values.forEach(query::bind);
            return query;
        }
    }

    Optional<CallRecord> find(String id) throws StoreUnavailable {
        return readers.read(handle -> handle.createQuery("SELECT " + COLUMNS + " FROM calls WHERE id = :id")
                .bind("id", CallRecord.name(id))
                .map(CallReader::row)
                .findFirst()
                .map(Row::call));
    }

    CallPage find(CallQuery query) throws StoreUnavailable {
        long before = query.before().map(CallReader::position).orElse(Long.MAX_VALUE);
        return isSearch(query)
                ? readers.read(handle -> search(handle, query, before))
                : readers.read(handle -> page(query, rows(handle, indexed(query, before)), Optional.empty()));
    }

    private static long position(String cursor) {
        try {
            long position = Long.parseLong(cursor);
            if (position > 0) {
                return position;
            }
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException("before: not a cursor that a page has given", malformed);
        }
        throw new IllegalArgumentException("before: not a cursor that a page has given");
    }

    private static boolean isSearch(CallQuery query) {
        int conditions = (query.model().isPresent() ? 1 : 0)
                + (query.target().isPresent() ? 1 : 0)
                + (query.ending().isPresent() ? 1 : 0)
                + (query.caller().isPresent() ? 1 : 0)
                + (query.rescuedOnly() ? 1 : 0);
        boolean hasIndex = query.ending().filter(Ending.ANSWERED::equals).isEmpty()
                && query.text().isEmpty();
        return conditions > 1 || !hasIndex;
    }

    private static List<Row> rows(Handle handle, Statement statement) {
        return statement.in(handle).map(CallReader::row).list();
    }

    /** The statement asks for one row more than the page has, to learn whether there is another page. */
    private static CallPage page(CallQuery query, List<Row> rows, Optional<String> searchedTo) {
        boolean more = rows.size() > query.limit();
        List<Row> shown = more ? rows.subList(0, query.limit()) : rows;
        return new CallPage(
                shown.stream().map(Row::call).toList(),
                more ? Optional.of(Long.toString(shown.getLast().seq())) : searchedTo);
    }

    /** The statement for at most one condition. */
    Statement indexed(CallQuery query, long before) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("before", before);
        values.put("limit", query.limit() + 1);
        if (query.target().isPresent()) {
            values.put("target", query.target().get());
            return new Statement(
                    "SELECT " + COLUMNS + " FROM calls WHERE seq IN ("
                            + "SELECT seq FROM (SELECT seq FROM calls WHERE target = :target AND seq < :before"
                            + NEWEST_FIRST
                            + ") answered UNION ALL "
                            + "SELECT seq FROM (SELECT seq FROM other_targets WHERE target = :target AND seq < :before"
                            + NEWEST_FIRST + ") others)" + NEWEST_FIRST,
                    values);
        }
        String conditions = conditions(query, values);
        return new Statement(
                "SELECT " + COLUMNS + " FROM calls WHERE seq < :before" + conditions + NEWEST_FIRST, values);
    }

    private CallPage search(Handle handle, CallQuery query, long before) {
        long end = nanoTime.getAsLong() + SEARCH_TIME;
        long first = bound(handle, "SELECT MIN(seq) FROM calls");
        long high = Math.min(before, bound(handle, "SELECT MAX(seq) FROM calls") + 1);
        List<Row> found = new ArrayList<>();
        while (high > first && first > 0 && found.size() <= query.limit()) {
            long low = Math.max(first, high - SLICE);
            found.addAll(rows(handle, slice(query, low, high, query.limit() + 1 - found.size())));
            high = low;
            // After a slice, so that each page comes nearer to the end.
            if (high > first && nanoTime.getAsLong() - end > 0) {
                return page(query, found, Optional.of(Long.toString(high)));
            }
        }
        return page(query, found, Optional.empty());
    }

    private static long bound(Handle handle, String sql) {
        return handle.createQuery(sql).map((row, context) -> row.getLong(1)).one();
    }

    /** The statement for the calls from one place in the order to another that fulfil all conditions. */
    Statement slice(CallQuery query, long low, long high, int limit) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("low", low);
        values.put("high", high);
        values.put("limit", limit);
        return new Statement(
                "SELECT " + COLUMNS + " FROM calls WHERE seq >= :low AND seq < :high" + conditions(query, values)
                        + NEWEST_FIRST,
                values);
    }

    private String conditions(CallQuery query, Map<String, Object> values) {
        StringBuilder sql = new StringBuilder();
        query.model().ifPresent(model -> add(sql, values, " AND model = :model", "model", model));
        query.caller().ifPresent(caller -> add(sql, values, " AND caller = :caller", "caller", caller));
        query.ending()
                .ifPresent(ending -> add(
                        sql,
                        values,
                        // The condition of the index, by which the database recognizes that it may use it.
                        (ending == Ending.ANSWERED ? "" : " AND ending <> 'answered'") + " AND ending = :ending",
                        "ending",
                        ending.wireName()));
        query.target()
                .ifPresent(target -> add(
                        sql,
                        values,
                        " AND (target = :target OR seq IN (SELECT seq FROM other_targets WHERE target = :target"
                                + " AND seq >= :low AND seq < :high))",
                        "target",
                        target));
        if (query.rescuedOnly()) {
            sql.append(" AND added IS NOT NULL");
        }
        query.text().ifPresent(text -> {
            values.put("inTrail", pattern(TrailText.escaped(text)));
            add(
                    sql,
                    values,
                    " AND (trail " + like + " :inTrail ESCAPE '!' OR id " + like + " :text ESCAPE '!' OR model " + like
                            + " :text ESCAPE '!' OR caller " + like + " :text ESCAPE '!')",
                    "text",
                    pattern(text));
        });
        return sql.toString();
    }

    private static void add(
            StringBuilder sql, Map<String, Object> values, String condition, String name, String value) {
        sql.append(condition);
        values.put(name, value);
    }

    private static String pattern(String text) {
        return "%" + text.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
    }

    private static Row row(ResultSet row, StatementContext context) throws SQLException {
        try {
            return new Row(
                    row.getLong("seq"),
                    new CallRecord(
                            row.getString("id"),
                            Instant.ofEpochMilli(row.getLong("arrived")),
                            row.getString("caller"),
                            row.getString("model"),
                            row.getString("vocabulary"),
                            row.getBoolean("stream"),
                            Ending.valueOf(row.getString("ending").toUpperCase(Locale.ROOT)),
                            row.getInt("status"),
                            row.getString("target"),
                            row.getLong("duration"),
                            optional(row, "first_content"),
                            optional(row, "prompt_tokens"),
                            optional(row, "completion_tokens"),
                            optional(row, "cost"),
                            optional(row, "added"),
                            TrailText.read(row.getString("trail"))));
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new SQLException("the record of call " + row.getString("id") + " cannot be read", unreadable);
        }
    }

    private static OptionalLong optional(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    CallSummary summary(Instant since) throws StoreUnavailable {
        long minute = CallWriter.minute(since.toEpochMilli());
        Instant start = Instant.ofEpochMilli(minute * 60_000);
        return readers.read(handle -> summary(handle, start, minute));
    }

    private static CallSummary summary(Handle handle, Instant since, long minute) {
        Added added = added(handle, since);
        List<Target> targets = targets(handle, minute);
        return handle.createQuery(
                        "SELECT " + sums("calls", "answered", "rescued", "failed", "broken_off", "caller_left")
                                + ", " + sums("prompt_tokens", "completion_tokens", "cost")
                                + " FROM minutes WHERE minute >= :minute")
                .bind("minute", minute)
                .map((row, context) -> new CallSummary(
                        since,
                        row.getLong("calls"),
                        row.getLong("answered"),
                        row.getLong("rescued"),
                        row.getLong("failed"),
                        row.getLong("broken_off"),
                        row.getLong("caller_left"),
                        added,
                        usage(row),
                        targets))
                .one();
    }

    private static List<Target> targets(Handle handle, long minute) {
        return handle.createQuery("SELECT target, " + sums("attempts", "answered", "failed") + ", "
                        + sums("prompt_tokens", "completion_tokens", "cost")
                        + " FROM target_minutes WHERE minute >= :minute GROUP BY target ORDER BY 2 DESC, 1")
                .bind("minute", minute)
                .map((row, context) -> new Target(
                        row.getString("target"),
                        row.getLong("attempts"),
                        row.getLong("answered"),
                        row.getLong("failed"),
                        usage(row)))
                .list();
    }

    private static Usage usage(ResultSet row) throws SQLException {
        return new Usage(row.getLong("prompt_tokens"), row.getLong("completion_tokens"), row.getLong("cost"));
    }

    private static String sums(String... columns) {
        StringBuilder sql = new StringBuilder();
        for (String column : columns) {
            sql.append(sql.isEmpty() ? "" : ", ")
                    .append("COALESCE(SUM(")
                    .append(column)
                    .append("), 0) AS ")
                    .append(column);
        }
        return sql.toString();
    }

    private static Added added(Handle handle, Instant since) {
        List<Long> added = handle.createQuery(
                        "SELECT added FROM (SELECT added, arrived FROM calls WHERE added IS NOT NULL" + NEWEST_FIRST
                                + ") newest WHERE arrived >= :since ORDER BY added")
                .bind("limit", SAMPLE)
                .bind("since", since.toEpochMilli())
                .map((row, context) -> row.getLong(1))
                .list();
        return new Added(percentile(added, 50), percentile(added, 99));
    }

    /** The nearest rank of sorted values. */
    private static OptionalLong percentile(List<Long> sorted, int percent) {
        return sorted.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(sorted.get(Math.max(0, Math.ceilDiv(sorted.size() * percent, 100) - 1)));
    }
}
