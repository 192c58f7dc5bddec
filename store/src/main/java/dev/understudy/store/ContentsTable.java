package dev.understudy.store;

import dev.understudy.store.CallContents.Content;
import dev.understudy.store.CallContents.Part;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The table of the contents of calls, and the queue before it. The writer's thread writes and deletes, a few rows at a time: a row may
 * have hundreds of kilobytes, and records of calls are not to wait long for it.
 */
final class ContentsTable {
    static final int BATCH = 20;
    static final int SLICE = 50;

    private static final String INSERT = """
            INSERT INTO call_contents (id, arrived, sent_type, sent, sent_bytes, sent_cut, received_type, received, received_bytes,
                received_cut)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO NOTHING""";

    private record Waiting(Content content, Runnable released) {}

    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();

    /** Of the writer's thread: what is being written. */
    private final List<Waiting> batch = new ArrayList<>(BATCH);

    /** Returns the position in the queue, from 1; 0 if there was no room. */
    int add(Content content, Runnable released) {
        int position = waiting.incrementAndGet();
        if (position > CallContents.MOST_WAITING) {
            waiting.decrementAndGet();
            drop(released);
            return 0;
        }
        queue.add(new Waiting(content, released));
        return position;
    }

    void drop(Runnable released) {
        dropped.incrementAndGet();
        released.run();
    }

    int waiting() {
        return waiting.get();
    }

    long dropped() {
        return dropped.get();
    }

    /** What is written next: the last batch again if its transaction failed. */
    List<Content> nextBatch() {
        while (batch.size() < BATCH) {
            Waiting next = queue.poll();
            if (next == null) {
                break;
            }
            batch.add(next);
        }
        return batch.stream().map(Waiting::content).toList();
    }

    /** The first of the batch are written, or cannot be. */
    void done(int count, boolean written) {
        List<Waiting> finished = batch.subList(0, count);
        dropped.addAndGet(written ? 0 : count);
        waiting.addAndGet(-count);
        finished.forEach(each -> each.released().run());
        finished.clear();
    }

    /** Drops what waits; returns how many that were. */
    int dropAll() {
        int lost = 0;
        while (!nextBatch().isEmpty()) {
            lost += batch.size();
            done(batch.size(), false);
        }
        return lost;
    }

    static void insert(Connection connection, List<Content> contents) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (Content content : contents) {
                insert.setString(1, content.id());
                insert.setLong(2, content.at().toEpochMilli());
                bind(insert, 3, content.sent());
                bind(insert, 7, content.received());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void bind(PreparedStatement insert, int from, Part part) throws SQLException {
        insert.setString(from, part.type());
        insert.setString(from + 1, part.text());
        insert.setLong(from + 2, part.bytes());
        insert.setBoolean(from + 3, part.cut());
    }

    static Content content(ResultSet row) throws SQLException {
        return new Content(
                row.getString("id"),
                Instant.ofEpochMilli(row.getLong("arrived")),
                part(row, "sent"),
                part(row, "received"));
    }

    private static Part part(ResultSet row, String name) throws SQLException {
        return new Part(
                row.getString(name + "_type"),
                row.getString(name),
                row.getLong(name + "_bytes"),
                row.getBoolean(name + "_cut"));
    }

    /**
     * Deletes some of the oldest contents: those of calls that arrived before a time, and those that are too many.
     *
     * @return whether there may be more to delete
     */
    static boolean deleteSlice(Connection connection, long beforeMillis, long keep) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM call_contents WHERE seq <= (SELECT MIN(seq) FROM call_contents) + " + (SLICE - 1)
                        + " AND (arrived < ? OR seq <= (SELECT MAX(seq) FROM call_contents) - ?)")) {
            delete.setLong(1, beforeMillis);
            delete.setLong(2, keep);
            return delete.executeUpdate() > 0;
        }
    }
}
