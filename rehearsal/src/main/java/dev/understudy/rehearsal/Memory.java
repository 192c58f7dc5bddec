package dev.understudy.rehearsal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What the rehearsal remembers between requests, for acts that change from request to request.
 *
 * <p>The entries that were used longest ago are evicted, so invented names cannot fill the memory. Plain access order is used
 * because a new entry must never be rejected: acts depend on the first request of a name being remembered.
 */
final class Memory {

    private static final int MOST = 1000;

    private final Map<String, SplittableRandom> sequences = new Bounded<>();
    private final Map<String, Boolean> seen = new Bounded<>();
    private final Map<String, Long> requests = new Bounded<>();
    private long allRequests;

    /** The next draw of a sequence: the same name and seed always give the same sequence. */
    synchronized boolean happens(String sequence, long seed, double chance) {
        SplittableRandom random = sequences.computeIfAbsent(sequence, name -> new SplittableRandom(seed));
        return random.nextDouble() < chance;
    }

    /** Whether this key was never used here before. */
    synchronized boolean isFirst(String key) {
        return seen.put(key, true) == null;
    }

    synchronized void countRequest(String model) {
        requests.merge(model, 1L, Long::sum);
        allRequests++;
    }

    synchronized long requestsSeen(String model) {
        return requests.getOrDefault(model, 0L);
    }

    synchronized long requestsSeen() {
        return allRequests;
    }

    synchronized void forget() {
        sequences.clear();
        seen.clear();
        requests.clear();
        allRequests = 0;
    }

    private static final class Bounded<V> extends LinkedHashMap<String, V> {
        Bounded() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MOST;
        }
    }
}
