package dev.understudy.gateway.http;

import io.vertx.core.Context;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the request bodies of all calls take, from their first byte until their calls end, and who has to go when it is
 * used up ({@code server.body-memory}).
 *
 * <p>A body that has stopped to arrive must not keep others out: where there is no room, the half-sent body is refused that holds the
 * most memory for the longest time since its last bytes. The last quarter is kept for bodies of up to 1 MB, so that a few callers
 * with long bodies do not keep out the many with short ones. Safe for use by many threads.
 */
public final class BodyMemory {
    /** Up to this size, a body may use the last quarter. In bytes. */
    private static final long SHORT = 1_000_000;

    /** What a body costs beside its bytes: buffers, and the objects of its request. */
    private static final long EACH = 512;

    private final long limit;
    private final AtomicLong used = new AtomicLong();
    /** Bodies that have begun to arrive and are not complete; those that came in one piece are never among them. */
    private final Set<Share> arriving = ConcurrentHashMap.newKeySet();

    /** @param limit in bytes */
    public BodyMemory(long limit) {
        this.limit = limit;
    }

    /** How many bytes are in use. */
    public long used() {
        return used.get();
    }

    /** The most bytes that one body can have. */
    long limit() {
        return limit;
    }

    /**
     * A body's share, which is empty at first.
     *
     * @param evict ends the body; called at most once, on the loop that {@link Share#arrives} names, while it is arriving
     */
    Share share(Runnable evict) {
        return new Share(evict);
    }

    /** The memory of one body. Changed on one event loop, and taken away from any. */
    final class Share {
        private final Runnable evict;
        private final AtomicLong held = new AtomicLong();
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile long grownAt = System.nanoTime();
        /** On which it is read; empty as long as it cannot be evicted. */
        private Optional<Context> loop = Optional.empty();

        private Share(Runnable evict) {
            this.evict = evict;
        }

        /**
         * The body is going to take so many bytes in all, and may arrive further.
         *
         * @return false if there is no room for it; the body is to be refused then
         */
        boolean growTo(long bytes) {
            if (over.get()) {
                // It was evicted, and must not evict others.
                return false;
            }
            grownAt = System.nanoTime();
            long more = bytes + EACH - held.get();
            if (more <= 0) {
                return true;
            }
            while (!reserve(more, bytes)) {
                if (!evictOther(this)) {
                    return false;
                }
            }
            held.addAndGet(more);
            if (over.get()) {
                // It was evicted at the same moment.
                used.addAndGet(-held.getAndSet(0));
                return false;
            }
            return true;
        }

        /**
         * More of it is expected.
         *
         * @param on the loop on which it is read
         */
        void arrives(Context on) {
            loop = Optional.of(on);
            arriving.add(this);
        }

        private void noLongerArrives() {
            if (loop.isPresent()) {
                arriving.remove(this);
            }
        }

        /** All of it has arrived, and it takes no more than its bytes. */
        void complete(long bytes) {
            noLongerArrives();
            long spare = held.get() - bytes - EACH;
            if (spare > 0 && held.compareAndSet(bytes + EACH + spare, bytes + EACH)) {
                used.addAndGet(-spare);
            }
        }

        /** The body is not needed any more. Without effect after the first time. */
        void release() {
            noLongerArrives();
            over.set(true);
            used.addAndGet(-held.getAndSet(0));
        }

        private double weight(long now) {
            return (double) held.get() * (now - grownAt);
        }
    }

    private boolean reserve(long more, long size) {
        long most = size <= SHORT ? limit : limit - limit / 4;
        while (true) {
            long before = used.get();
            if (before + more > most) {
                return false;
            }
            if (used.compareAndSet(before, before + more)) {
                return true;
            }
        }
    }

    /** Refuses the heaviest of the bodies that are arriving; false if that is this one, or there is none. */
    private boolean evictOther(Share growing) {
        long now = System.nanoTime();
        Share heaviest = growing;
        for (Share share : arriving) {
            if (share.weight(now) > heaviest.weight(now)) {
                heaviest = share;
            }
        }
        if (heaviest == growing || !arriving.remove(heaviest) || !heaviest.over.compareAndSet(false, true)) {
            return heaviest != growing;
        }
        used.addAndGet(-heaviest.held.getAndSet(0));
        Share evicted = heaviest;
        evicted.loop.orElseThrow().runOnContext(on -> evicted.evict.run());
        return true;
    }
}
