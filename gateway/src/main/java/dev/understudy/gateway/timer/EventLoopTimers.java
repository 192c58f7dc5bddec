package dev.understudy.gateway.timer;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/**
 * The timers of one event loop, exact to some 5 ms and cheap to cancel.
 *
 * <p>It stands in for timers of Vert.x, of which each costs a call several microseconds to set and to cancel. All timers
 * here share one of them, which runs only while a timer is pending.
 */
public final class EventLoopTimers {
    private static final long TICK_MILLIS = TimeUnit.NANOSECONDS.toMillis(TimerWheel.TICK);

    private final Vertx vertx;
    private final TimerWheel wheel = new TimerWheel(System.nanoTime());
    private boolean ticking;

    public EventLoopTimers(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Sets a timer. To be called on the event loop of this object, on which the timer also fires.
     *
     * @param at when it fires, by {@link System#nanoTime()}
     */
    public Timer runAt(long at, Runnable action) {
        if (!ticking) {
            ticking = true;
            wheel.advance(System.nanoTime());
            vertx.setTimer(TICK_MILLIS, this::tick);
        }
        return wheel.set(at, action);
    }

    private void tick(long timer) {
        try {
            wheel.advance(System.nanoTime());
        } finally {
            ticking = wheel.waiting() > 0;
            if (ticking) {
                vertx.setTimer(TICK_MILLIS, this::tick);
            }
        }
    }
}
