package dev.understudy.client.chain;

import java.util.Optional;

/**
 * The thread in which an attempt's function runs, to interrupt it when the attempt is cancelled: only while the function runs,
 * because the thread may be that of a pool. Safe for use by many threads.
 */
final class AttemptThread {
    private Optional<Thread> running = Optional.empty();
    private boolean cancelled;
    private boolean interrupted;

    /** @return false if the attempt was cancelled before it began */
    synchronized boolean begin() {
        if (!cancelled) {
            running = Optional.of(Thread.currentThread());
        }
        return !cancelled;
    }

    /** The function has returned: whatever comes now does not interrupt the thread. */
    synchronized void end() {
        running = Optional.empty();
        if (interrupted) {
            // Ours; the next task of the thread has nothing to do with it.
            Thread.interrupted();
        }
    }

    synchronized void cancel() {
        cancelled = true;
        interrupted = running.isPresent();
        running.ifPresent(Thread::interrupt);
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }
}
