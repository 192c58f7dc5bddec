package dev.understudy.client.loop;

import dev.understudy.calls.loop.Timer;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A loop with one daemon thread, which exists only while there is work: an idle one would keep class loaders alive. */
final class ThreadCallLoop implements CallLoop {
    static final ThreadCallLoop SHARED = new ThreadCallLoop("understudy-call-loop", 10_000);

    private static final System.Logger LOG = System.getLogger(CallLoop.class.getName());

    private final ScheduledThreadPoolExecutor thread;

    /** @param idleMillis after how long without work the thread ends */
    ThreadCallLoop(String name, long idleMillis) {
        thread = new ScheduledThreadPoolExecutor(1, task -> CallThreads.own(name, task));
        thread.setKeepAliveTime(idleMillis, TimeUnit.MILLISECONDS);
        thread.allowCoreThreadTimeOut(true);
        thread.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void execute(Runnable task) {
        thread.execute(() -> run(task));
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Timer runAt(long nanoTime, Runnable task) {
        long delay = Math.max(0, nanoTime - System.nanoTime());
        ScheduledFuture<?> scheduled = thread.schedule(() -> run(task), delay, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failed) {
            LOG.log(System.Logger.Level.ERROR, "a task of a call failed", failed);
        }
    }
}
