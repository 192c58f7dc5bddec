package dev.understudy.calls.catalog;

import dev.understudy.calls.config.ConversationLimits;
import dev.understudy.protocol.dialect.responses.StoredTurn;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The turns of Responses conversations whose last answer came from a target of another dialect. No provider knows the id of
 * such an answer, so a request that continues it is completed from here.
 *
 * <p>Each entry has one turn and the id of the one before it. The turns of a conversation are used together and therefore stay
 * and expire together; a conversation of which one turn is gone is unknown. Bounded in number, bytes and age, in memory only,
 * and separate for each caller. Shared by all event loops.
 */
public final class ConversationStore {
    /** What an entry costs beside its text. */
    private static final int OVERHEAD = 256;

    private volatile ConversationLimits limits;
    private final LongSupplier nanoTime;
    /** In the order of their last use, so that the first one expires first. */
    private final LinkedHashMap<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    private long size;

    private record Key(String caller, String id) {}

    /**
     * @param items as UTF-8, which takes half of the memory of most texts
     * @param before the turn before this one
     * @param ambiguous whether two answers had this id, so that it is not known which one is continued
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Entry(byte[] items, Optional<Key> before, boolean ambiguous, long usedAt) {
        int size() {
            return items.length + OVERHEAD;
        }

        Entry usedAt(long now) {
            return new Entry(items, before, ambiguous, now);
        }
    }

    public ConversationStore(ConversationLimits limits) {
        this(limits, System::nanoTime);
    }

    /** @param nanoTime the time, as {@link System#nanoTime()} */
    ConversationStore(ConversationLimits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /** Changes the limits; what exceeds them is forgotten. */
    public synchronized void limit(ConversationLimits changed) {
        limits = changed;
        evict();
    }

    /** Whether anything is kept at all. */
    public boolean isOn() {
        return limits.entries() > 0;
    }

    /** Keeps a turn of a caller. */
    public synchronized void put(String caller, StoredTurn turn) {
        byte[] items = turn.items().getBytes(StandardCharsets.UTF_8);
        Key key = new Key(caller, turn.id());
        Entry known = entries.get(key);
        Optional<Key> before = turn.previous().map(id -> new Key(caller, id));
        // Some providers give every answer the same id. Two answers that cannot be told apart are both forgotten.
        boolean ambiguous = known != null || before.equals(Optional.of(key));
        Entry entry = new Entry(ambiguous ? new byte[0] : items, before, ambiguous, nanoTime.getAsLong());
        if (isOn() && entry.size() <= limits.size()) {
            remove(key);
            entries.put(key, entry);
            size += entry.size();
            evict();
        }
    }

    /**
     * The items of a conversation up to an answer, separated by commas.
     *
     * @return empty if the answer, or one before it, is not known
     */
    public synchronized Optional<String> items(String caller, String id) {
        evict();
        Deque<byte[]> turns = new ArrayDeque<>();
        Optional<Key> next = Optional.of(new Key(caller, id));
        // The turns of a conversation are different entries, unless a provider's ids repeat.
        for (int i = 0; next.isPresent(); i++) {
            Entry entry = entries.get(next.get());
            if (entry == null || entry.ambiguous() || i > entries.size()) {
                return Optional.empty();
            }
            entries.put(next.get(), entry.usedAt(nanoTime.getAsLong()));
            turns.addFirst(entry.items());
            next = entry.before();
        }
        StringBuilder items = new StringBuilder();
        for (byte[] turn : turns) {
            items.append(items.isEmpty() || turn.length == 0 ? "" : ",");
            items.append(new String(turn, StandardCharsets.UTF_8));
        }
        return Optional.of(items.toString());
    }

    /** Forgets an answer, and whether it was known. */
    public synchronized boolean remove(String caller, String id) {
        return remove(new Key(caller, id));
    }

    private boolean remove(Key key) {
        Entry removed = entries.remove(key);
        size -= removed == null ? 0 : removed.size();
        return removed != null;
    }

    private void evict() {
        long now = nanoTime.getAsLong();
        Iterator<Map.Entry<Key, Entry>> eldest = entries.entrySet().iterator();
        while (eldest.hasNext()) {
            Entry entry = eldest.next().getValue();
            boolean expired = Duration.ofNanos(now - entry.usedAt()).compareTo(limits.age()) > 0;
            if (!expired && entries.size() <= limits.entries() && size <= limits.size()) {
                return;
            }
            size -= entry.size();
            eldest.remove();
        }
    }
}
