package dev.understudy.gateway.call;

import dev.understudy.gateway.timer.EventLoopTimers;
import dev.understudy.gateway.timer.Timer;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps a caller's stream alive while nothing comes for it: clients and proxies hang up on silence (nginx and load
 * balancers after 60 s, watchdogs after 20 to 30 s). The first sign sends the response headers, which commits the status and
 * nothing else.
 */
final class KeepAlive {
    private final EventLoopTimers clock;
    private final CallerResponse caller;
    private final byte[] sign;
    private final long interval;
    private final Runnable onFirst;
    private Optional<Timer> timer = Optional.empty();

    /**
     * @param sign what is sent; see {@link CallerResponse#keepAlive}
     * @param interval the longest silence
     * @param onFirst puts the response headers, before the first sign of a stream that has not begun
     */
    KeepAlive(EventLoopTimers clock, CallerResponse caller, byte[] sign, Duration interval, Runnable onFirst) {
        this.clock = clock;
        this.caller = caller;
        this.sign = sign;
        this.interval = interval.toNanos();
        this.onFirst = onFirst;
    }

    void start() {
        timer = Optional.of(clock.runAt(caller.lastWrite() + interval, this::fire));
    }

    void stop() {
        timer.ifPresent(Timer::cancel);
        timer = Optional.empty();
    }

    private void fire() {
        if (System.nanoTime() - caller.lastWrite() >= interval) {
            if (!caller.streamBegan()) {
                onFirst.run();
            }
            caller.keepAlive(sign);
        }
        start();
    }
}
