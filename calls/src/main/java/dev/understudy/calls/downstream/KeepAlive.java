package dev.understudy.calls.downstream;

import dev.understudy.calls.loop.CallLoop;
import dev.understudy.calls.loop.Timer;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends keep-alives on a caller's stream while no content arrives: clients and proxies close silent connections (nginx and
 * load balancers after 60 s, watchdogs after 20 to 30 s). The first keep-alive sends the response headers, which commits the
 * status and nothing else.
 */
public final class KeepAlive {
    private final CallLoop loop;
    private final CallerResponse caller;
    private final byte[] sign;
    private final long interval;
    private final Runnable onFirst;
    private Optional<Timer> timer = Optional.empty();

    /**
     * @param sign the bytes to send; see {@link CallerResponse#keepAlive}
     * @param interval the longest silence
     * @param onFirst sets the response headers, before the first keep-alive of a stream that has not begun
     */
    public KeepAlive(CallLoop loop, CallerResponse caller, byte[] sign, Duration interval, Runnable onFirst) {
        this.loop = loop;
        this.caller = caller;
        this.sign = sign;
        this.interval = interval.toNanos();
        this.onFirst = onFirst;
    }

    /** Starts the timer. */
    public void start() {
        timer = Optional.of(loop.runAt(caller.lastWrite() + interval, this::fire));
    }

    /** Sends no more. */
    public void stop() {
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
