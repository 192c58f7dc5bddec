package dev.understudy.calls.upstream;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the answers of all calls take while they are kept: whole answers until they have been sent, and of streams what cannot
 * be forwarded yet ({@code server.answer-memory}).
 *
 * <p>A provider can send without end, and a caller can let large answers wait; neither may use up the memory of the others. Where there is
 * no room, the attempt fails whose answer takes the most, so that small answers always find some.
 *
 * <p>Safe for use by many threads; each share is used on the loop of its call.
 */
public final class AnswerMemory {
    /** What an answer takes without being counted: nearly all answers, and all streams in normal operation. In bytes. */
    static final long UNCOUNTED = 64 * 1024;

    /** Arrays grow by doubling, and the answer for the caller is made of that of the provider. */
    private static final int FOR_EACH_BYTE = 2;

    private final long limit;
    private final AtomicLong used = new AtomicLong();
    /** Shares that count; only calls that run have any. */
    private final Set<Share> counted = ConcurrentHashMap.newKeySet();

    /** @param limit in bytes */
    public AnswerMemory(long limit) {
        this.limit = limit;
    }

    /** How many bytes are in use. */
    public long used() {
        return used.get();
    }

    /**
     * The share of an attempt, which is empty at first.
     *
     * @param loop of the call
     * @param evict ends the attempt, because another answer needs the memory; called at most once, on the loop
     */
    Share share(Executor loop, Runnable evict) {
        return new Share(loop, evict);
    }

    /** What one attempt takes. */
    final class Share {
        private final Executor loop;
        private final Runnable evict;
        /** Changed on the loop, and by those that evict. */
        private final AtomicLong taken = new AtomicLong();

        private final AtomicBoolean over = new AtomicBoolean();

        private Share(Executor loop, Runnable evict) {
            this.loop = loop;
            this.evict = evict;
        }

        /**
         * The answer takes so many bytes now. It is counted in steps, and never less than before.
         *
         * @return false if there is no room for it; the attempt is to fail then
         */
        boolean growTo(long bytes) {
            long before = taken.get();
            if (bytes <= UNCOUNTED || FOR_EACH_BYTE * bytes <= before) {
                return true;
            }
            long wanted = FOR_EACH_BYTE * Math.ceilDiv(bytes, UNCOUNTED) * UNCOUNTED;
            while (!over.get()) {
                if (used.addAndGet(wanted - before) <= limit) {
                    counted.add(this);
                    if (taken.compareAndSet(before, wanted)) {
                        return true;
                    }
                    // Evicted at this moment, when it had what it had before.
                    used.addAndGet(before - wanted);
                    return false;
                }
                used.addAndGet(before - wanted);
                if (!evictLarger(wanted)) {
                    return false;
                }
            }
            return false;
        }

        /** Whether any of it counts. */
        boolean isCounted() {
            return taken.get() > 0;
        }

        /** Nothing is kept any more. Without effect after the first time. */
        void release() {
            over.set(true);
            giveBack();
        }

        private void giveBack() {
            if (counted.remove(this)) {
                used.addAndGet(-taken.getAndSet(0));
            }
        }
    }

    /** Evicts the answer that takes the most, if that is more than what is wanted; false if there is none. */
    private boolean evictLarger(long wanted) {
        Share largest = null;
        long most = wanted;
        for (Share share : counted) {
            long taken = share.taken.get();
            if (taken > most) {
                most = taken;
                largest = share;
            }
        }
        if (largest == null) {
            return false;
        }
        if (largest.over.compareAndSet(false, true)) {
            largest.giveBack();
            largest.loop.execute(largest.evict);
        }
        return true;
    }
}
