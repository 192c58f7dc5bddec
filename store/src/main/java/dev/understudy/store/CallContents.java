package dev.understudy.store;

import java.time.Instant;
import java.util.Optional;

/** The contents of calls, for gateways that are configured to keep them. They are deleted apart from the records of calls. */
public interface CallContents {
    /** How many contents may wait to be written; more are dropped. */
    int MOST_WAITING = 200;

    /**
     * What a caller sent and received. The store keeps it as it is: what must not be kept is removed before.
     *
     * @param id of the call
     * @param at when the request arrived; kept in whole milliseconds
     */
    record Content(String id, Instant at, Part sent, Part received) {
        public Content {
            id = CallRecord.name(id);
            at = Instant.ofEpochMilli(at.toEpochMilli());
        }
    }

    /**
     * One of the two.
     *
     * @param type the media type of the whole
     * @param text the text of it; empty if it is no text
     * @param bytes the length of the whole
     * @param cut whether the text is only the beginning, or is left out
     */
    record Part(String type, String text, long bytes, boolean cut) {
        /** Characters that PostgreSQL rejects are replaced. */
        public Part {
            type = CallRecord.name(type);
            text = StoredText.of(text, Integer.MAX_VALUE);
        }
    }

    /**
     * Hands contents to the writer. Returns at once, whatever the state of the database; they are dropped and counted if too many
     * already wait. They can be found a moment later.
     *
     * @param released called once, when they are written or dropped and their memory is free
     */
    void add(Content content, Runnable released);

    /** The contents of one call. */
    Optional<Content> find(String id) throws StoreUnavailable;

    /** Whether the contents of a call are kept. */
    boolean has(String id) throws StoreUnavailable;

    /** How many contents were dropped since the store was opened. */
    long dropped();
}
