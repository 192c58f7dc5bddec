package dev.understudy.store;

import dev.understudy.store.WritingConnection.Work;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Changes of the settings on their way from the threads that wait for them to the thread that writes. */
final class Changes {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What the writer or the thread that waits does with a change first: begin it, or give it up. */
    private static final class Change<T> {
        private final Work<T> work;
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private final AtomicBoolean taken = new AtomicBoolean();

        Change(Work<T> work) {
            this.work = work;
        }

        void carryOut(WritingConnection connection, Function<Throwable, String> describe) {
            try {
                result.complete(connection.inTransaction(true, work));
            } catch (SQLException | IOException | RuntimeException | LinkageError failed) {
                result.completeExceptionally(new StoreUnavailable(describe.apply(failed), failed));
            }
        }
    }

    private final Queue<Change<?>> queue = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /**
     * Does something in a transaction that survives a crash of the machine, and waits for it.
     *
     * @param wake lets the writer know
     */
    <T> T inTransaction(Work<T> work, Runnable wake) throws StoreUnavailable {
        Change<T> change = new Change<>(work);
        queue.add(change);
        wake.run();
        if (closed) {
            close();
        }
        try {
            return change.result.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw new StoreUnavailable(
                    String.valueOf(failed.getCause() instanceof StoreUnavailable known ? known.getMessage() : failed),
                    failed);
        } catch (TimeoutException late) {
            throw givenUp(change, "the database has not answered for " + PATIENCE.toSeconds() + " s", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw givenUp(change, "the thread was interrupted", interrupted);
        }
    }

    private static StoreUnavailable givenUp(Change<?> change, String why, Exception cause) {
        return change.taken.compareAndSet(false, true)
                ? new StoreUnavailable(why + "; nothing was changed", cause)
                : new StoreUnavailable(why + "; the change may have been made: look which version is in force", cause);
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /**
     * Carries out what waits; on the thread of the writer.
     *
     * @param describe what is done about a failure; returns what to tell the thread that waits
     */
    void carryOut(WritingConnection connection, Function<Throwable, String> describe) {
        for (Change<?> change = queue.poll(); change != null; change = queue.poll()) {
            if (change.taken.compareAndSet(false, true)) {
                change.carryOut(connection, describe);
            }
        }
    }

    /** Rejects what waits and what comes. */
    void close() {
        closed = true;
        for (Change<?> change = queue.poll(); change != null; change = queue.poll()) {
            change.result.completeExceptionally(new StoreUnavailable("the store is closed; nothing was changed"));
        }
    }
}
