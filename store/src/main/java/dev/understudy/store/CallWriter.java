package dev.understudy.store;

import dev.understudy.store.CallRecord.Ending;
import dev.understudy.store.CallRecord.Step;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes and deletes records of calls, inside transactions of the writer. */
final class CallWriter {
    /** After so many calls the processor is {@linkplain #yieldProcessor offered to others}. */
    static final int PORTION = 16;

    /** How many calls one transaction deletes at most. */
    static final int SLICE = 500;

    private static final int COUNTS_OF_CALLS = 6;
    private static final int COUNTS_OF_A_TARGET = 3;
    private static final int USAGE = 3;
    private static final long MINUTES_OF_SUMS_PER_SLICE = 60;

    private static final String INSERT = """
            INSERT INTO calls (id, arrived, caller, model, vocabulary, stream, ending, status, target, duration, first_content,
                prompt_tokens, completion_tokens, cost, added, trail)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO NOTHING""";

    private static final String INSERT_OTHER_TARGET = """
            INSERT INTO other_targets (target, seq) SELECT ?, seq FROM calls WHERE id = ?
            ON CONFLICT (target, seq) DO NOTHING""";

    private static final String ADD_TO_MINUTE = """
            INSERT INTO minutes (minute, calls, answered, rescued, failed, broken_off, caller_left, prompt_tokens,
                completion_tokens, cost)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (minute) DO UPDATE SET
                calls = minutes.calls + excluded.calls,
                answered = minutes.answered + excluded.answered,
                rescued = minutes.rescued + excluded.rescued,
                failed = minutes.failed + excluded.failed,
                broken_off = minutes.broken_off + excluded.broken_off,
                caller_left = minutes.caller_left + excluded.caller_left,
                prompt_tokens = minutes.prompt_tokens + excluded.prompt_tokens,
                completion_tokens = minutes.completion_tokens + excluded.completion_tokens,
                cost = minutes.cost + excluded.cost""";

    private static final String ADD_TO_TARGET_MINUTE = """
            INSERT INTO target_minutes (minute, target, attempts, answered, failed, prompt_tokens, completion_tokens, cost)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (minute, target) DO UPDATE SET
                attempts = target_minutes.attempts + excluded.attempts,
                answered = target_minutes.answered + excluded.answered,
                failed = target_minutes.failed + excluded.failed,
                prompt_tokens = target_minutes.prompt_tokens + excluded.prompt_tokens,
                completion_tokens = target_minutes.completion_tokens + excluded.completion_tokens,
                cost = target_minutes.cost + excluded.cost""";

    private CallWriter() {}

    /** Minutes since 1970. */
    static long minute(long millis) {
        return Math.floorDiv(millis, 60_000L);
    }

    static void insert(Connection connection, List<CallRecord> calls) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            int unsent = 0;
            for (CallRecord call : calls) {
                bind(insert, call);
                insert.addBatch();
                if (++unsent == PORTION) {
                    insert.executeBatch();
                    unsent = 0;
                    yieldProcessor();
                }
            }
            insert.executeBatch();
        }
        insertOtherTargets(connection, calls);
        new Sums(calls).add(connection);
    }

    /** On a machine with few cores, an event loop would wait some milliseconds for the end of a batch. Nothing is wrong if this has no effect. */
    @SuppressWarnings("ThreadPriorityCheck")
    static void yieldProcessor() {
        Thread.yield();
    }

    private static void bind(PreparedStatement insert, CallRecord call) throws SQLException {
        int at = 0;
        insert.setString(++at, call.id());
        insert.setLong(++at, call.at().toEpochMilli());
        insert.setString(++at, call.caller());
        insert.setString(++at, call.model());
        insert.setString(++at, call.vocabulary());
        insert.setBoolean(++at, call.stream());
        insert.setString(++at, call.ending().wireName());
        insert.setInt(++at, call.status());
        insert.setString(++at, call.target());
        insert.setLong(++at, call.duration());
        bind(insert, ++at, call.firstContent());
        bind(insert, ++at, call.promptTokens());
        bind(insert, ++at, call.completionTokens());
        bind(insert, ++at, call.cost());
        bind(insert, ++at, call.added());
        insert.setString(++at, TrailText.of(call.trail()));
    }

    private static void bind(PreparedStatement insert, int at, OptionalLong value) throws SQLException {
        if (value.isPresent()) {
            insert.setLong(at, value.getAsLong());
        } else {
            insert.setNull(at, Types.BIGINT);
        }
    }

    /** Only calls in which more than one target was concerned have any, and most have not. */
    private static void insertOtherTargets(Connection connection, List<CallRecord> calls) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_OTHER_TARGET)) {
            boolean any = false;
            for (CallRecord call : calls) {
                for (String target : otherTargets(call)) {
                    insert.setString(1, target);
                    insert.setString(2, call.id());
                    insert.addBatch();
                    any = true;
                }
            }
            if (any) {
                insert.executeBatch();
            }
        }
    }

    private static Set<String> otherTargets(CallRecord call) {
        if (call.trail().size() == 1 && call.trail().getFirst().target().equals(call.target())) {
            return Set.of();
        }
        Set<String> others = new TreeSet<>();
        for (Step step : call.trail()) {
            if (!step.target().equals(call.target())) {
                others.add(step.target());
            }
        }
        return others;
    }

    /** Whether a call is recorded: after a lost connection, whether the transaction that had it was committed. */
    static boolean contains(Connection connection, CallRecord call) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT 1 FROM calls WHERE id = ?")) {
            select.setString(1, call.id());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** The number of calls, or a little more: the distance between the first and the last, which needs no count. */
    static long kept(Connection connection) throws SQLException {
        long first = number(connection, "SELECT MIN(seq) FROM calls");
        return first == 0 ? 0 : number(connection, "SELECT MAX(seq) FROM calls") - first + 1;
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * Deletes some of the oldest calls: those that arrived before a time, and those that are too many. Calls are ordered by their
     * ends, nearly the order in which they arrived.
     *
     * @return whether there may be more to delete
     */
    static boolean deleteSlice(Connection connection, long beforeMillis, long keep) throws SQLException {
        long first = number(connection, "SELECT MIN(seq) FROM calls");
        long tooOld = number(connection, "SELECT MAX(seq) FROM calls") - keep;
        int deleted = 0;
        if (first > 0) {
            long end = first + SLICE - 1;
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM calls WHERE seq <= ? AND (seq <= ? OR arrived < ?)")) {
                delete.setLong(1, end);
                delete.setLong(2, tooOld);
                delete.setLong(3, beforeMillis);
                deleted = delete.executeUpdate();
            }
            if (deleted > 0) {
                deleteOtherTargets(connection, end);
            }
        }
        boolean moreOfHealth = HealthTable.deleteSlice(connection, beforeMillis);
        return deleteSums(connection, minute(beforeMillis)) || deleted > 0 || moreOfHealth;
    }

    private static void deleteOtherTargets(Connection connection, long end) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM other_targets WHERE seq <= ?"
                + " AND NOT EXISTS (SELECT 1 FROM calls WHERE calls.seq = other_targets.seq)")) {
            delete.setLong(1, end);
            delete.executeUpdate();
        }
    }

    /** Deletes the sums of an hour; returns whether there may be more to delete. */
    private static boolean deleteSums(Connection connection, long before) throws SQLException {
        long first = number(connection, "SELECT MIN(minute) FROM minutes");
        if (first == 0 || first >= before) {
            return false;
        }
        long end = Math.min(before, first + MINUTES_OF_SUMS_PER_SLICE);
        for (String table : List.of("target_minutes", "minutes")) {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM " + table + " WHERE minute < ?")) {
                delete.setLong(1, end);
                delete.executeUpdate();
            }
        }
        return end < before;
    }

    /** The sums of a batch, in the order of their keys: two gateways that add to the same rows then cannot wait for each other. */
    private static final class Sums {
        private record Key(long minute, String target) implements Comparable<Key> {
            @Override
            public int compareTo(Key other) {
                int byMinute = Long.compare(minute, other.minute);
                return byMinute != 0 ? byMinute : target.compareTo(other.target);
            }
        }

        private final Map<Long, long[]> calls = new TreeMap<>();
        private final Map<Key, long[]> targets = new TreeMap<>();

        Sums(List<CallRecord> batch) {
            batch.forEach(this::count);
        }

        private void count(CallRecord call) {
            long minute = minute(call.at().toEpochMilli() + call.duration() / 1_000);
            long[] sums = calls.computeIfAbsent(minute, key -> new long[COUNTS_OF_CALLS + USAGE]);
            sums[0]++;
            sums[1] += one(call.ending() == Ending.ANSWERED);
            sums[2] += one(call.rescued());
            sums[3] += one(call.ending() == Ending.FAILED);
            sums[4] += one(call.ending() == Ending.BROKEN_OFF);
            sums[5] += one(call.ending() == Ending.CALLER_LEFT);
            addUsage(sums, COUNTS_OF_CALLS, call);
            for (Step step : call.trail()) {
                if (step.attempt() > 0) {
                    long[] target = target(minute, step.target());
                    target[0]++;
                    target[1] += one(step.state() == Step.State.ANSWERED);
                    target[2] += one(step.state() == Step.State.FAILED);
                }
            }
            if (!call.target().isEmpty()) {
                addUsage(target(minute, call.target()), COUNTS_OF_A_TARGET, call);
            }
        }

        private long[] target(long minute, String target) {
            return targets.computeIfAbsent(new Key(minute, target), key -> new long[COUNTS_OF_A_TARGET + USAGE]);
        }

        private static int one(boolean counts) {
            return counts ? 1 : 0;
        }

        private static void addUsage(long[] sums, int from, CallRecord call) {
            sums[from] += call.promptTokens().orElse(0);
            sums[from + 1] += call.completionTokens().orElse(0);
            sums[from + 2] += call.cost().orElse(0);
        }

        void add(Connection connection) throws SQLException {
            try (PreparedStatement add = connection.prepareStatement(ADD_TO_MINUTE)) {
                for (Map.Entry<Long, long[]> entry : calls.entrySet()) {
                    add.setLong(1, entry.getKey());
                    bind(add, 2, entry.getValue());
                    add.addBatch();
                }
                add.executeBatch();
            }
            try (PreparedStatement add = connection.prepareStatement(ADD_TO_TARGET_MINUTE)) {
                for (Map.Entry<Key, long[]> entry : targets.entrySet()) {
                    add.setLong(1, entry.getKey().minute());
                    add.setString(2, entry.getKey().target());
                    bind(add, 3, entry.getValue());
                    add.addBatch();
                }
                add.executeBatch();
            }
        }

        private static void bind(PreparedStatement add, int from, long[] sums) throws SQLException {
            for (int i = 0; i < sums.length; i++) {
                add.setLong(from + i, sums[i]);
            }
        }
    }
}
