package dev.understudy.gateway.upstream;

import io.vertx.core.Context;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * How many upstream connections each provider has in use, over all event loops, and the attempts that wait for one. It enforces
 * {@code providers.*.max-connections}. The connection pools cannot: each event loop has its own, and an attempt that waits in a pool
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

    /** The right to use one connection. Used on one event loop. */
    final class Slot {
        private final String provider;
        private final int limit;
        private final Supplier<Context> current;
        private final Runnable whenGranted;
        /** On which it waits. */
        private Optional<Context> loop = Optional.empty();

        private boolean held;
        private boolean released;

        private Slot(String provider, int limit, Supplier<Context> loop, Runnable whenGranted) {
            this.provider = provider;
            this.limit = limit;
            this.current = loop;
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
                    loop = Optional.of(current.get());
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
                    next.loop.orElseThrow().runOnContext(granted -> next.whenGranted.run());
                }
                return usage.inUse == 0 ? null : usage;
            });
        }
    }

    /**
     * A slot that is not taken yet.
     *
     * @param limit how many connections the provider may have in use
     * @param loop the current one, which only an attempt that waits needs
     * @param whenGranted called on the loop if it had to wait
     */
    Slot slot(String provider, int limit, Supplier<Context> loop, Runnable whenGranted) {
        return new Slot(provider, limit, loop, whenGranted);
    }

    /** How many providers have connections in use. */
    int providers() {
        return providers.size();
    }
}
