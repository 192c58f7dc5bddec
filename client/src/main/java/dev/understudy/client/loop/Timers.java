package dev.understudy.client.loop;

import dev.understudy.calls.loop.Timer;
import dev.understudy.calls.loop.TimerWheel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sets timers. */
@FunctionalInterface
public interface Timers {

    /**
     * Sets a timer. May be called by any thread, as may the methods of the timer.
     *
     * @param at when it fires, by {@link System#nanoTime()}
     * @param action must be short and must not block: other timers wait for it
     */
    Timer runAt(long at, Runnable action);

    /** Those of all calls of a process. */
    static Timers shared() {
        return OfProcess.SHARED;
    }

    /**
     * Timers with one daemon thread, which exists only while there is work: an idle one would keep class loaders alive.
     *
     * <p>Nearly every timer is cancelled a moment later. So the thread looks at a {@link TimerWheel} at each tick, and setting a timer
     * wakes no thread; to wake one for each call would cost more than the rest of its work.
     */
    final class OfProcess implements Timers {
        private static final OfProcess SHARED =
                new OfProcess("understudy-timers", TimeUnit.SECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(10));

        private static final System.Logger LOG = System.getLogger(Timers.class.getName());

        private final String name;
        private final long lingers;
        private final long ends;

        // Guarded by this object.
        private final TimerWheel wheel = new TimerWheel(System.nanoTime());
        private List<Runnable> due = new ArrayList<>();
        private Optional<Thread> thread = Optional.empty();
        private boolean sleeping;
        private long lastTimer;

        /**
         * @param lingers how long the thread still looks at each tick without any timer, in nanoseconds, like all times here
         * @param ends how long it then waits to be woken before it ends
         */
        OfProcess(String name, long lingers, long ends) {
            this.name = name;
            this.lingers = lingers;
            this.ends = ends;
        }

        @Override
        public synchronized Timer runAt(long at, Runnable action) {
            Timer timer = wheel.set(at, () -> due.add(action));
            if (thread.isEmpty()) {
                start();
            } else if (sleeping) {
                sleeping = false;
                LockSupport.unpark(thread.get());
            }
            return () -> cancel(timer);
        }

        private synchronized void cancel(Timer timer) {
            timer.cancel();
        }

        private void start() {
            Thread daemon = CallThreads.own(name, this::run);
            thread = Optional.of(daemon);
            daemon.start();
        }

        private void run() {
            long rest;
            do {
                List<Runnable> actions;
                synchronized (this) {
                    long now = System.nanoTime();
                    actions = takeDue(now);
                    rest = rest(now);
                    if (rest == 0) {
                        thread = Optional.empty();
                    }
                }
                actions.forEach(OfProcess::fire);
                LockSupport.parkNanos(this, rest);
            } while (rest > 0);
        }

        private List<Runnable> takeDue(long now) {
            wheel.advance(now);
            if (due.isEmpty()) {
                return List.of();
            }
            List<Runnable> taken = due;
            due = new ArrayList<>();
            return taken;
        }

        /** How long to wait until the next look, in nanoseconds; 0 if the thread is not needed any more. */
        private long rest(long now) {
            if (wheel.waiting() > 0) {
                lastTimer = now;
            }
            long idle = now - lastTimer;
            sleeping = idle >= lingers;
            return sleeping ? Math.max(0, lingers + ends - idle) : TimerWheel.TICK;
        }

        private static void fire(Runnable action) {
            try {
                action.run();
            } catch (RuntimeException failed) {
                LOG.log(System.Logger.Level.ERROR, "a timer of a call failed", failed);
            }
        }

        synchronized boolean isRunning() {
            return thread.isPresent();
        }
    }
}
