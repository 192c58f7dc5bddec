package dev.understudy.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** The records of calls that have ended, newest first. */
public interface CallRecords {
    /**
     * Hands a record to the writer. Returns at once, whatever the state of the database; the record is dropped and counted if too
     * many already wait. It can be found a moment later.
     */
    default void add(CallRecord call) {
        add(() -> call);
    }

    /**
     * The same for a record that the writer makes, so that the thread that adds it has less to do.
     *
     * @param call called at most once, on the thread of the writer
     */
    void add(Supplier<CallRecord> call);

    /**
     * A page of records.
     *
     * @throws IllegalArgumentException if the query's cursor is not one that a page has given
     */
    CallPage find(CallQuery query) throws StoreUnavailable;

    /** The record of one call. */
    Optional<CallRecord> find(String id) throws StoreUnavailable;

    /**
     * Sums over the calls that ended since a time. They are kept by the minute, for as long as records are; those of records that
     * were deleted because there were too many are included.
     *
     * @param since rounded down to the minute
     */
    CallSummary summary(Instant since) throws StoreUnavailable;

    /**
     * Deletes the records of calls that arrived before a time. The writer does it in small batches between its other work, so that
     * it delays neither calls nor reads; returns at once.
     */
    void deleteOlderThan(Instant time);

    /** How many records were dropped since the store was opened. */
    long dropped();

    /**
     * Waits until the records that were added before are written or dropped.
     *
     * @return false if that took longer
     */
    boolean awaitWritten(Duration longest) throws InterruptedException;
}
