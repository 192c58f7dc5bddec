package dev.understudy.calls.upstream;

import java.util.LinkedHashSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * How many upstream connections each provider has in use, over all loops, and the attempts that wait for one. It enforces
 * {@code providers.*.max-connections}. The connection pools cannot: each loop has its own, and an attempt that waits in a pool
 * looks as if it waited for the provider.
 *
 * <p>A provider is kept only while it has connections in use, so that names from callers leave nothing behind. Safe for use by
 * many threads.
 */
public final class ConnectionSlots {
    static final int MOST_WAITING = 10_000;

    private final ConcurrentHashMap<String, Usage> providers = new ConcurrentHashMap<>();

    /** Changed only inside {@link ConcurrentHashMap#compute}, which locks its entry. */
    private static final class Usage {
        int inUse;
        /** In the order in which they came. */
        final LinkedHashSet<Slot> waiting = new LinkedHashSet<>();
    }

    /** What became of a request for a connection. */
    enum Outcome {
        GRANTED,
        /** It is granted later. */
        WAITING,
        /** Too many wait already. */
        REFUSED
    }

    /** The right to use one connection. Used on one loop. */
    final class Slot {
        private final String provider;
        private final int limit;
        private final Executor loop;
        private final Runnable whenGranted;
        private boolean held;
        private boolean released;

        private Slot(String provider, int limit, Executor loop, Runnable whenGranted) {
            this.provider = provider;
            this.limit = limit;
            this.loop = loop;
            this.whenGranted = whenGranted;
        }

        /** Takes a connection, or a place in the queue. */
        Outcome take() {
            Outcome[] outcome = {Outcome.GRANTED};
            providers.compute(provider, (name, known) -> {
                Usage usage = known == null ? new Usage() : known;
                if (usage.inUse < limit) {
                    usage.inUse++;
                    held = true;
                } else if (usage.waiting.size() < MOST_WAITING) {
                    usage.waiting.add(this);
                    outcome[0] = Outcome.WAITING;
                } else {
                    outcome[0] = Outcome.REFUSED;
                }
                return usage;
            });
            return outcome[0];
        }

        /** Gives the connection, or the place in the queue, to the next attempt. Without effect after the first time. */
        void release() {
            if (released) {
                return;
            }
            released = true;
            providers.computeIfPresent(provider, (name, usage) -> {
                if (!held) {
                    usage.waiting.remove(this);
                } else if (usage.waiting.isEmpty()) {
                    usage.inUse--;
                } else {
                    Slot next = usage.waiting.removeFirst();
                    next.held = true;
                    next.loop.execute(next.whenGranted);
                }
                return usage.inUse == 0 ? null : usage;
            });
        }
    }

    /**
     * A slot that is not taken yet.
     *
     * @param limit how many connections the provider may have in use
     * @param loop of the call
     * @param whenGranted called on the loop if it had to wait
     */
    Slot slot(String provider, int limit, Executor loop, Runnable whenGranted) {
        return new Slot(provider, limit, loop, whenGranted);
    }

    /** How many providers have connections in use. */
    int providers() {
        return providers.size();
    }
}
