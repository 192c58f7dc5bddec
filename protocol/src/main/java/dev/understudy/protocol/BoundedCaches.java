package dev.understudy.protocol;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Makes the caches whose keys depend on what callers send, so that each needs a bound. The engine, which has no dependencies,
 * has a cache of its own; see {@code docs/decisions/0024-bounded-caches.md}.
 *
 * <p>Caffeine admits a new entry only if it is used more often than the one that it would evict. A flood of invented model
 * names therefore evicts other invented names, and not the entries of the models that are in use.
 */
public final class BoundedCaches {
    private BoundedCaches() {}

    /** @param maximum how many entries are kept */
    public static <K, V> Cache<K, V> ofSize(int maximum) {
        // Maintenance takes microseconds, so it runs on the thread that uses the cache and needs no pool.
        return Caffeine.newBuilder()
                .maximumSize(maximum)
                .executor(Runnable::run)
                .build();
    }
}
