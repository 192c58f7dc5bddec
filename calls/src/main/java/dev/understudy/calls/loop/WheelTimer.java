package dev.understudy.calls.loop;

/** A timer of a wheel: a link in the circular list of one of its slots. */
final class WheelTimer implements Timer {
    private final TimerWheel wheel;
    private final long tick;
    private final Runnable action;
    // A timer that is not set is a circular list of one.
    private WheelTimer previous = this;
    private WheelTimer next = this;

    WheelTimer(TimerWheel wheel, long tick, Runnable action) {
        this.wheel = wheel;
        this.tick = tick;
        this.action = action;
    }

    @Override
    public void cancel() {
        wheel.cancel(this);
    }

    void fire() {
        action.run();
    }

    long tick() {
        return tick;
    }

    WheelTimer next() {
        return next;
    }

    @SuppressWarnings("ReferenceEquality") // Its place in the list is compared.
    boolean isLinked() {
        return next != this;
    }

    void linkBefore(WheelTimer other) {
        previous = other.previous;
        next = other;
        other.previous.next = this;
        other.previous = this;
    }

    void unlink() {
        previous.next = next;
        next.previous = previous;
        previous = this;
        next = this;
    }
}
