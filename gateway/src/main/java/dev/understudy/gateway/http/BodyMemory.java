package dev.understudy.gateway.http;

import io.vertx.core.Context;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How much memory the request bodies of all calls take, from their first byte until their calls end, and who has to go when it is
 * used up ({@code server.body-memory}).
 *
 * <p>A body that has stopped to arrive must not keep others out: where there is no room, the half-sent body is refused that holds the
 * most memory for the longest time since its last bytes. The last quarter is kept for bodies of up to 1 MB, so that a few callers
 * with long bodies do not keep out the many with short ones.
 *
 * <p>Of this memory a caller has at most twice as much as is left, so that one caller alone can use two thirds of it, and each of two
 * callers two fifths; a caller's only body may take all. The rule is that of the dynamic thresholds in switches with shared
 * memory: it needs no list of callers and no time, and it keeps room for callers who have nothing yet.
 *
 * <p>Safe for use by many threads.
 *
 * @see <a href="https://doi.org/10.1109/90.664262">A. K. Choudhury, E. L. Hahne: Dynamic Queue Length Thresholds for Shared-Memory
 *     Packet Switches</a>
 */
public final class BodyMemory {
    /** Up to this size, a body may use the last quarter. In bytes. */
    private static final long SHORT = 1_000_000;

    /** What a body costs beside its bytes: buffers, and the objects of its request. */
    private static final long EACH = 512;

    /** How many times as much as is left a caller may have. */
    private static final int TIMES_THE_REST = 2;

    /** Callers whose hashes agree have a share together, which costs them little; a power of two. */
    private static final int CALLERS = 1024;

    private final long limit;
    private final AtomicLong used = new AtomicLong();
    /** By the hash of the caller. */
    private final AtomicLongArray usedByCaller = new AtomicLongArray(CALLERS);
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
     * @param caller whose body it is: a key's name, or a network
     * @param evict ends the body; called at most once, on the loop that {@link Share#arrives} names, while it is arriving
     */
    Share share(Object caller, Runnable evict) {
        return new Share(slot(caller), evict);
    }

    private static int slot(Object caller) {
        int hash = caller.hashCode();
        return (hash ^ hash >>> 10 ^ hash >>> 20) & CALLERS - 1;
    }

    /** Why there is no room. */
    private enum Refusal {
        /** All callers together have used the memory up. */
        MEMORY,
        /** The caller has more than its part of it. */
        CALLERS_PART
    }

    /** The memory of one body. Changed on one event loop, and taken away from any. */
    final class Share {
        private final int caller;
        private final Runnable evict;
        private final AtomicLong held = new AtomicLong();
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile long grownAt = System.nanoTime();
        /** On which it is read; empty as long as it cannot be evicted. */
        private Optional<Context> loop = Optional.empty();

        private boolean refusedForCaller;

        private Share(int caller, Runnable evict) {
            this.caller = caller;
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
            for (Optional<Refusal> refusal = reserve(more, bytes, this);
                    refusal.isPresent();
                    refusal = reserve(more, bytes, this)) {
                if (!evictOther(this, refusal.get())) {
                    refusedForCaller = refusal.get() == Refusal.CALLERS_PART;
                    return false;
                }
            }
            held.addAndGet(more);
            if (over.get()) {
                // It was evicted at the same moment.
                giveBackAll();
                return false;
            }
            return true;
        }

        /** Whether the body was refused because its caller has more than its part, and not because all memory is in use. */
        boolean isRefusedForCaller() {
            return refusedForCaller;
        }

        private void giveBackAll() {
            giveBack(held.getAndSet(0));
        }

        private void giveBack(long bytes) {
            used.addAndGet(-bytes);
            usedByCaller.addAndGet(caller, -bytes);
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
                giveBack(spare);
            }
        }

        /** The body is not needed any more. Without effect after the first time. */
        void release() {
            noLongerArrives();
            over.set(true);
            giveBackAll();
        }

        private double weight(long now) {
            return (double) held.get() * (now - grownAt);
        }
    }

    private Optional<Refusal> reserve(long more, long size, Share growing) {
        long most = size <= SHORT ? limit : limit - limit / 4;
        while (true) {
            long before = used.get();
            long left = most - before - more;
            if (left < 0) {
                return Optional.of(Refusal.MEMORY);
            }
            long ofCaller = usedByCaller.get(growing.caller);
            boolean hasOthers = ofCaller > growing.held.get();
            if (hasOthers && ofCaller + more > TIMES_THE_REST * left) {
                // A caller with little is not the reason why little is left.
                return Optional.of(ofCaller > before / 2 ? Refusal.CALLERS_PART : Refusal.MEMORY);
            }
            if (used.compareAndSet(before, before + more)) {
                usedByCaller.addAndGet(growing.caller, more);
                return Optional.empty();
            }
        }
    }

    /**
     * Refuses the heaviest of the bodies that are arriving; false if that is this one, or there is none. A caller who has more
     * than its part makes room with its own.
     */
    private boolean evictOther(Share growing, Refusal refusal) {
        long now = System.nanoTime();
        Share heaviest = growing;
        for (Share share : arriving) {
            boolean mayGo = refusal == Refusal.MEMORY || share.caller == growing.caller;
            if (mayGo && share.weight(now) > heaviest.weight(now)) {
                heaviest = share;
            }
        }
        if (heaviest == growing || !arriving.remove(heaviest) || !heaviest.over.compareAndSet(false, true)) {
            return heaviest != growing;
        }
        heaviest.giveBackAll();
        Share evicted = heaviest;
        evicted.loop.orElseThrow().runOnContext(on -> evicted.evict.run());
        return true;
    }
}
