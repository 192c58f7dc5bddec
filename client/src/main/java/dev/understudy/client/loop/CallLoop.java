package dev.understudy.client.loop;

/**
 * Runs what happens in calls one after the other, and at set times. Everything that belongs to a call runs on one loop, so
 * that no call needs locks.
 *
 * <p>Tasks must be short and must not block: the calls of a process share a loop. An exception of a task is logged and ends
 * nothing else. All methods, and those of timers, may be called by any thread.
 */
public interface CallLoop extends dev.understudy.calls.loop.CallLoop {

    /** The loop's time in nanoseconds, the scale of {@link #runAt}; like {@link System#nanoTime}, only differences have a meaning. */
    long nanoTime();

    /** The loop that all calls of a process use by default: one daemon thread, which ends while there is nothing to do. */
    static CallLoop shared() {
        return ThreadCallLoop.SHARED;
    }
}
