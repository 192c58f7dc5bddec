package dev.understudy.client.loop;

/**
 * Runs what happens in calls one after the other, and at set times. Everything that belongs to a call runs on one loop, so
 * that no call needs locks.
 *
 * <p>Tasks must be short and must not block: the calls of a process share a loop. An exception of a task is logged and ends
 * nothing else.
 */
public interface CallLoop extends dev.understudy.calls.loop.CallLoop {

    /** Runs a task after those that were submitted before. Returns at once. May be called by any thread. */
    @Override
    void execute(Runnable task);

    /** The loop's time in nanoseconds; like {@link System#nanoTime}, only differences have a meaning. */
    long nanoTime();

    /**
     * Runs a task at a time, or as soon as possible after it. May be called by any thread.
     *
     * @param nanoTime when, on the scale of {@link #nanoTime()}
     */
    @Override
    Timer runAt(long nanoTime, Runnable task);

    /** A task that is to run later. */
    interface Timer extends dev.understudy.calls.loop.Timer {
        /** The task is not run, unless it has begun. May be called again, and by any thread. */
        @Override
        void cancel();
    }

    /** The loop that all calls of a process use by default: one daemon thread, which ends while there is nothing to do. */
    static CallLoop shared() {
        return ThreadCallLoop.SHARED;
    }
}
