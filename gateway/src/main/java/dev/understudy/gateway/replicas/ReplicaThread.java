package dev.understudy.gateway.replicas;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that exchanges news with other replicas. What runs on it needs no locks; a task that fails is counted, and ends none
 * that comes after it.
 */
final class ReplicaThread {
    private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);

    private final ScheduledThreadPoolExecutor thread;
    private final Runnable onFault;
    private final AtomicBoolean faultLogged = new AtomicBoolean();

    /** @param onFault called on the thread when a task has failed */
    ReplicaThread(Runnable onFault) {
        this.onFault = onFault;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "replicas");
            made.setDaemon(true);
            return made;
        });
        thread.setRemoveOnCancelPolicy(true);
    }

    /** Runs a task again and again, with so many milliseconds between the end of one run and the start of the next. */
    @SuppressWarnings("FutureReturnValueIgnored") // It ends with the thread, and its faults are told.
    void every(long millis, Runnable task) {
        thread.scheduleWithFixedDelay(guarded(task), 0, millis, TimeUnit.MILLISECONDS);
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException fault) {
                onFault.run();
                if (faultLogged.compareAndSet(false, true)) {
                    LOG.error("replicas: a fault of this program, which costs no call; told once", fault);
                }
            }
        };
    }

    /** Runs a task, unless the thread has ended. */
    void execute(Runnable task) {
        try {
            thread.execute(guarded(task));
        } catch (RejectedExecutionException closed) {
            LOG.debug("replicas: closed", closed);
        }
    }

    /** Ends the thread; what has not begun does not run. */
    void close() {
        thread.shutdownNow();
    }
}
