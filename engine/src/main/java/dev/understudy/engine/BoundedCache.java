package dev.understudy.engine;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A map that keeps what was used of late and forgets the rest, because callers may name models and bring keys without end.
 *
 * <p>Two generations: what is used moves to the young one; when that is half full, the old one is dropped and the young one
 * grows old. So every entry that is used once in a while stays, and a flood of new ones cannot drive it out within half a
 * generation. Looking up costs one or two look-ups of a concurrent map and takes no lock. Safe for use by many threads.
 */
final class BoundedCache<K, V> {
    private final int half;
    private volatile ConcurrentHashMap<K, V> young = new ConcurrentHashMap<>();
    private volatile ConcurrentHashMap<K, V> old = new ConcurrentHashMap<>();

    /** @param most how many entries are kept at most, apart from a few that come in while it forgets others */
    BoundedCache(int most) {
        this.half = Math.max(1, most / 2);
    }

    boolean isEmpty() {
        return young.isEmpty() && old.isEmpty();
    }

    int size() {
        return keys().size();
    }

    Optional<V> get(K key) {
        V known = young.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        V aged = old.get(key);
        if (aged == null) {
            return Optional.empty();
        }
        return Optional.of(put(key, aged));
    }

    V computeIfAbsent(K key, Function<K, V> maker) {
        Optional<V> known = get(key);
        return known.isPresent() ? known.get() : put(key, maker.apply(key));
    }

    private V put(K key, V value) {
        if (young.size() >= half) {
            age();
        }
        V first = young.putIfAbsent(key, value);
        return first == null ? value : first;
    }

    private synchronized void age() {
        if (young.size() >= half) {
            old = young;
            young = new ConcurrentHashMap<>();
        }
    }

    void remove(K key) {
        young.remove(key);
        old.remove(key);
    }

    void clear() {
        young.clear();
        old.clear();
    }

    /** The keys of all entries, at this moment. */
    Set<K> keys() {
        Set<K> keys = new HashSet<>(young.keySet());
        keys.addAll(old.keySet());
        return keys;
    }
}
