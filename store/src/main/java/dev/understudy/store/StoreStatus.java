package dev.understudy.store;

import java.time.Instant;
import java.util.Optional;

/**
 * How a store is.
 *
 * @param available whether the last access to the database succeeded
 * @param message what is wrong and what to do about it; empty if nothing is
 * @param since when the database became unavailable; empty if it is available
 * @param kept the number of call records in the database when it was last written to
 * @param dropped the number of call records that were dropped since the store was opened, because the queue was full or the
 *     database rejected them
 * @param waiting the number of call records that wait to be written
 * @param recovery what was recovered when the store was opened after a process that did not close it; empty if nothing had to be
 */
public record StoreStatus(
        boolean available,
        String message,
        Optional<Instant> since,
        long kept,
        long dropped,
        int waiting,
        Optional<String> recovery) {}
