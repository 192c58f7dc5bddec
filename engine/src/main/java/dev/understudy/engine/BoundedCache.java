package dev.understudy.engine;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A map of bounded size that evicts entries which were not used lately, because callers may name models and bring keys without
 * end. It is the engine's only such map; other modules use a library, which the engine, without dependencies, cannot.
 *
 * <p>The policy is second chance (CLOCK), an approximation of least recently used: a look-up marks its entry, and an eviction
 * takes the oldest entry without a mark, after it has cleared the marks of those before it and moved them to the end. A
 * look-up therefore costs one look-up of a concurrent map and takes no lock; only insertions do. Nothing depends on chance or
 * on a clock, so that a simulation with the same seed evicts the same entries.
 *
 * <p>Safe for use by many threads.
 *
 * @see <a href="https://en.wikipedia.org/wiki/Page_replacement_algorithm#Second-chance">Second-chance replacement</a>
 */
final class BoundedCache<K, V> {
    private final int maximum;
    private final ConcurrentHashMap<K, Entry<K, V>> entries = new ConcurrentHashMap<>();
    /** All entries, the oldest first. Guarded by this cache's lock. */
    private final Queue<Entry<K, V>> byAge = new ArrayDeque<>();

    private static final class Entry<K, V> {
        final K key;
        final V value;
        /** Not volatile: a mark that an eviction does not see yet costs at most one entry. */
        boolean used;

        Entry(K key, V value) {
            this.key = key;
            this.value = value;
        }
    }

    /** @param maximum how many entries are kept at most */
    BoundedCache(int maximum) {
        this.maximum = Math.max(1, maximum);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    int size() {
        return entries.size();
    }

    Optional<V> get(K key) {
        Entry<K, V> entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        // Written only if it changes, so that event loops do not contend for the cache line of a busy entry.
        if (!entry.used) {
            entry.used = true;
        }
        return Optional.of(entry.value);
    }

    V computeIfAbsent(K key, Function<K, V> maker) {
        Optional<V> known = get(key);
        return known.isPresent() ? known.get() : insert(key, maker.apply(key));
    }

    /** Returns the value that is in the cache: another thread's, if it was first. */
    private synchronized V insert(K key, V value) {
        Entry<K, V> first = entries.get(key);
        if (first != null) {
            return first.value;
        }
        if (entries.size() >= maximum) {
            evict();
        }
        Entry<K, V> entry = new Entry<>(key, value);
        entries.put(key, entry);
        byAge.add(entry);
        return value;
    }

    private void evict() {
        // Ends after one round at the latest, unless other threads keep marking entries; then the oldest goes.
        for (int i = byAge.size(); i > 0; i--) {
            Entry<K, V> oldest = byAge.remove();
            if (!oldest.used) {
                entries.remove(oldest.key);
                return;
            }
            oldest.used = false;
            byAge.add(oldest);
        }
        entries.remove(byAge.remove().key);
    }

    synchronized void remove(K key) {
        Entry<K, V> entry = entries.remove(key);
        if (entry != null) {
            Iterator<Entry<K, V>> each = byAge.iterator();
            while (each.hasNext()) {
                if (each.next().key.equals(key)) {
                    each.remove();
                    return;
                }
            }
        }
    }

    synchronized void removeIf(Predicate<K> unwanted) {
        byAge.removeIf(entry -> unwanted.test(entry.key));
        entries.keySet().removeIf(unwanted);
    }

    synchronized void clear() {
        entries.clear();
        byAge.clear();
    }

    /** All entries that are there from the beginning to the end; does not count as their use. */
    void forEach(BiConsumer<K, V> action) {
        entries.forEach((key, entry) -> action.accept(key, entry.value));
    }

    /** The keys of all entries, at this moment. */
    Set<K> keys() {
        return Set.copyOf(entries.keySet());
    }
}
