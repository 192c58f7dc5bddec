package dev.understudy.gateway.loop;

import dev.understudy.calls.loop.CallLoop;
import dev.understudy.calls.loop.Timer;
import dev.understudy.calls.loop.TimerWheel;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/**
 * An event loop of Vert.x. Its timers are exact to some 5 ms and cheap to cancel.
 *
 * <p>They stand in for timers of Vert.x, of which each costs a call several microseconds to set and to cancel. All timers here
 * share one of them, which runs only while a timer is pending.
 */
public final class EventLoop implements CallLoop {
    private static final long TICK_MILLIS = TimeUnit.NANOSECONDS.toMillis(TimerWheel.TICK);

    private final Vertx vertx;
    private final Context context;
    private final TimerWheel wheel = new TimerWheel(System.nanoTime());
    private boolean ticking;

    /** The event loop on which it is created. */
    public EventLoop(Vertx vertx) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
    }

    @Override
    public void execute(Runnable action) {
        context.runOnContext(on -> action.run());
    }

    @Override
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
