package dev.understudy.calls.work;

import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for one kind of work off the event loops, with a limit on what waits for them and on the memory that the running work
 * takes. Work of one kind cannot hold up work of another, as it could in a pool that they share.
 *
 * <p>Work that is cancelled is interrupted if it runs and forgotten if it waits.
 */
public final class WorkPool {
    /** Threads without work end, so that a gateway that never needs them has none. */
    private static final long IDLE_SECONDS = 30;

    private static final int BYTES_PER_PERMIT = 1024;

    private final ThreadPoolExecutor threads;
    private final int permits;
    private final Semaphore memory;

    /**
     * @param name of the threads
     * @param size how much may run at once
     * @param queue how much may wait
     * @param memoryBytes how many bytes the running work may take; work that would need more waits
     */
    public WorkPool(String name, int size, int queue, long memoryBytes) {
        this.permits = Math.clamp(memoryBytes / BYTES_PER_PERMIT, 1, Integer.MAX_VALUE);
        this.memory = new Semaphore(permits, true);
        AtomicInteger count = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                size,
                size,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queue),
                job -> Thread.ofPlatform()
                        .daemon()
                        .name(name + "-" + count.incrementAndGet())
                        .unstarted(job));
        threads.allowCoreThreadTimeOut(true);
    }

    /** Work that was not begun because too much of its kind waits already. */
    public static final class Full extends Exception {
        private static final long serialVersionUID = 1L;

        Full() {
            super("too much work of this kind is waiting", null, false, false);
        }
    }

    /**
     * Work that has been submitted.
     *
     * @param result completes on the executor with which it was submitted; never if the work was cancelled
     * @param cancel ends the work at once; without effect if it is done
     */
    public record Work<T>(CompletionStage<T> result, Runnable cancel) {}

    /**
     * Runs work that takes little memory.
     *
     * @param then completes the result: the loop of a call
     */
    public <T> Work<T> submit(Executor then, Callable<T> job) {
        return submit(then, 0, job);
    }

    /**
     * Runs work; fails with {@link Full} if too much waits.
     *
     * @param then completes the result: the loop of a call
     * @param bytes an estimate of the memory that it takes while it runs
     */
    public <T> Work<T> submit(Executor then, long bytes, Callable<T> job) {
        CompletableFuture<T> result = new CompletableFuture<>();
        int needed = (int) Math.min(permits, bytes / BYTES_PER_PERMIT);
        FutureTask<T> task = new FutureTask<>(() -> withMemory(needed, job)) {
            @Override
            protected void done() {
                if (isCancelled()) {
                    return;
                }
                try {
                    T value = get();
                    then.execute(() -> result.complete(value));
                } catch (ExecutionException failed) {
                    Throwable cause = Objects.requireNonNullElse(failed.getCause(), failed);
                    then.execute(() -> result.completeExceptionally(cause));
                } catch (InterruptedException impossible) {
                    // It is done, so nothing is waited for.
                    Thread.currentThread().interrupt();
                }
            }
        };
        try {
            threads.execute(task);
        } catch (RejectedExecutionException full) {
            result.completeExceptionally(new Full());
        }
        return new Work<>(result, () -> {
            task.cancel(true);
            threads.remove(task);
        });
    }

    private <T> T withMemory(int needed, Callable<T> job) throws Exception {
        memory.acquire(needed);
        try {
            return job.call();
        } finally {
            memory.release(needed);
        }
    }

    /** Interrupts what runs, and accepts nothing more. */
    public void close() {
        threads.shutdownNow();
    }
}
