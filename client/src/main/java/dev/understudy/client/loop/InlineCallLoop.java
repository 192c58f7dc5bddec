package dev.understudy.client.loop;

import dev.understudy.calls.loop.CallLoop;
import dev.understudy.calls.loop.Timer;
import java.util.concurrent.Executor;

/**
 * The loop of one call, without a thread of its own: the thread that submits a task runs it, unless another one is running the
 * tasks of this call at that moment, which then runs it too. So the caller's thread sends the first request, and the thread on
 * which bytes arrive evaluates them; each hand-over to another thread would cost as much as the rest of the work of a call.
 *
 * <p>Tasks must not block: the threads are those of callers and of HTTP clients. Timers fire on threads of the pool, so that
 * no call delays the timers of others.
 */
public final class InlineCallLoop implements CallLoop {
    private static final System.Logger LOG = System.getLogger(CallLoop.class.getName());

    private final SerialExecutor serial = new SerialExecutor(Runnable::run);
    private final Timers timers;
    private final Executor threads;

    /**
     * @param timers of all calls
     * @param threads run the tasks of timers
     */
    public InlineCallLoop(Timers timers, Executor threads) {
        this.timers = timers;
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        serial.execute(() -> run(task));
    }

    /** Sets a timer. One that fires at the moment at which it is cancelled has no effect. */
    @Override
    public Timer runAt(long at, Runnable task) {
        Due due = new Due(task);
        Timer timer = timers.runAt(at, () -> threads.execute(() -> execute(due)));
        return () -> {
            due.cancelled = true;
            timer.cancel();
        };
    }

    /** Used on the loop. */
    private static final class Due implements Runnable {
        private final Runnable task;
        private boolean cancelled;

        private Due(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (!cancelled) {
                task.run();
            }
        }
    }

    /** A task that fails, also with an error, must not end a thread of the application, nor keep later tasks from running. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failed) {
            LOG.log(System.Logger.Level.ERROR, "a task of a call failed", failed);
        }
    }
}
