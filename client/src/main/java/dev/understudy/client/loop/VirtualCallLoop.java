package dev.understudy.client.loop;

import dev.understudy.calls.loop.Timer;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * A loop for tests, whose time passes only when it is told: a test of minutes takes milliseconds, and runs the same way every
 * time.
 *
 * <p>Tasks run in the thread that calls {@link #advance} or {@link #runAll}, at exactly the time for which they were set.
 * Other threads may submit tasks.
 */
public final class VirtualCallLoop implements CallLoop {
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.<Task>comparingLong(task -> task.at).thenComparingLong(task -> task.order));
    private long now;
    private long order;

    private static final class Task {
        private final long at;
        private final long order;
        private final Runnable action;

        Task(long at, long order, Runnable action) {
            this.at = at;
            this.order = order;
            this.action = action;
        }
    }

    @Override
    public void execute(Runnable task) {
        runAt(nanoTime(), task);
    }

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized Timer runAt(long nanoTime, Runnable task) {
        Task set = new Task(Math.max(now, nanoTime), order++, task);
        tasks.add(set);
        return () -> remove(set);
    }

    private synchronized void remove(Task task) {
        tasks.remove(task);
    }

    /** Runs what is due, lets the time pass, and runs what becomes due on the way. */
    public void advance(Duration time) {
        long until = nanoTime() + time.toNanos();
        for (Optional<Runnable> next = next(until); next.isPresent(); next = next(until)) {
            next.get().run();
        }
        passTo(until);
    }

    /** Runs everything that is due now, and what follows from it at once. */
    public void runAll() {
        advance(Duration.ZERO);
    }

    /** How many tasks wait for their time. */
    public synchronized int waiting() {
        return tasks.size();
    }

    private synchronized void passTo(long time) {
        now = Math.max(now, time);
    }

    private synchronized Optional<Runnable> next(long until) {
        Task first = tasks.peek();
        if (first == null || first.at > until) {
            return Optional.empty();
        }
        tasks.remove();
        now = Math.max(now, first.at);
        return Optional.of(first.action);
    }
}
