package dev.understudy.client.loop;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads in which code of the application runs by default: one for each task, never that of the loop.
 *
 * <p>Virtual threads, where a blocked one never holds its carrier (JDK 24 and later, JEP 491). Before, a few clients that wait
 * for the network inside {@code synchronized} would stop all virtual threads of the process, and with them the targets that
 * could answer; so pooled daemon threads take their place.
 */
public final class CallThreads {
    private static final int FIRST_THAT_NEVER_PINS = 24;

    /** Those of the process. */
    public static final Executor DEFAULT =
            Runtime.version().feature() >= FIRST_THAT_NEVER_PINS ? CallThreads::virtual : pool();

    private CallThreads() {}

    private static void virtual(Runnable task) {
        Thread.ofVirtual().name("understudy").start(task);
    }

    private static Executor pool() {
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread daemon = new Thread(task, "understudy");
            daemon.setDaemon(true);
            return daemon;
        });
    }

    /** A daemon thread for tasks of this library only: it keeps no class loader of the application reachable. */
    static Thread own(String name, Runnable task) {
        Thread daemon = new Thread(task, name);
        daemon.setDaemon(true);
        daemon.setContextClassLoader(CallThreads.class.getClassLoader());
        return daemon;
    }
}
