package dev.understudy.gateway.timer;

/** An action at a time, unless it is cancelled before. A link in the circular list of a slot of its wheel. */
public final class Timer {
    private final TimerWheel wheel;
    private final long tick;
    private final Runnable action;
    // A timer that is not set is a circular list of one.
    private Timer previous = this;
    private Timer next = this;

    Timer(TimerWheel wheel, long tick, Runnable action) {
        this.wheel = wheel;
        this.tick = tick;
        this.action = action;
    }

    /** Cancels the timer; no effect if it has fired. To be called on the event loop on which it was set. */
    public void cancel() {
        wheel.cancel(this);
    }

    void fire() {
        action.run();
    }

    long tick() {
        return tick;
    }

    Timer next() {
        return next;
    }

    @SuppressWarnings("ReferenceEquality") // Its place in the list is compared.
    boolean isLinked() {
        return next != this;
    }

    void linkBefore(Timer other) {
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
