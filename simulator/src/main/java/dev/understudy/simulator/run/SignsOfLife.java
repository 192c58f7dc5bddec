package dev.understudy.simulator.run;

import dev.understudy.engine.Signal;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * What a silent attempt shows of its model's work. It shows life while signs keep coming: one sign, such as the response
 * headers, only shows that the request has arrived.
 */
final class SignsOfLife {
    /** Signs that lie closer together may be one greeting in two pieces. */
    private static final long APART = TimeUnit.SECONDS.toNanos(2);

    /** The longest time between two signs of a stream that is kept alive. */
    private static final long GAP = TimeUnit.SECONDS.toNanos(15);

    /** The longest time between two pieces of reasoning, or of a tool call. */
    private static final long GAP_AT_WORK = TimeUnit.SECONDS.toNanos(60);

    /** For how long the engine accepts pings alone as signs of life: a little longer than it waits for a reasoning call. */
    private static final long GRANTED = TimeUnit.SECONDS.toNanos(75);

    /** The same where a model is known to reason, or has shown that it works. */
    private static final long GRANTED_AT_WORK = TimeUnit.SECONDS.toNanos(150);

    private final boolean reasons;
    private long since;
    private OptionalLong first = OptionalLong.empty();
    private long last;
    private OptionalLong work = OptionalLong.empty();

    /** @param reasons whether the model is known to reason */
    SignsOfLife(boolean reasons, long now) {
        this.reasons = reasons;
        this.since = now;
    }

    void sign(Signal.Sign sign, long now) {
        if (first.isEmpty()) {
            first = OptionalLong.of(now);
        }
        last = now;
        if (sign != Signal.Sign.BYTES) {
            work = OptionalLong.of(now);
        }
    }

    void content(long now) {
        since = now;
        first = OptionalLong.of(now);
        last = now;
        work = OptionalLong.empty();
    }

    /** Whether signs of life keep coming. */
    boolean isShown(long now) {
        boolean pings = first.isPresent() && last - first.getAsLong() >= APART && now - last < GAP;
        return pings || (work.isPresent() && now - work.getAsLong() < GAP_AT_WORK);
    }

    /** Whether they do, and are within the time for which the engine accepts them. */
    boolean isAccepted(long now) {
        long granted = reasons || work.isPresent() ? GRANTED_AT_WORK : GRANTED;
        return isShown(now) && now - since < granted;
    }
}
