package dev.understudy.gateway.time;

/** Something to be done at a time, unless it is cancelled before. A link in the ring of a slot of its wheel. */
public final class Alarm {
    private final AlarmWheel wheel;
    private final long tick;
    private final Runnable action;
    // An alarm by itself is a ring of one.
    private Alarm previous = this;
    private Alarm next = this;

    Alarm(AlarmWheel wheel, long tick, Runnable action) {
        this.wheel = wheel;
        this.tick = tick;
        this.action = action;
    }

    /** It will not ring; nothing if it has rung. On the event loop on which it was set. */
    public void cancel() {
        wheel.cancel(this);
    }

    void ring() {
        action.run();
    }

    long tick() {
        return tick;
    }

    Alarm next() {
        return next;
    }

    @SuppressWarnings("ReferenceEquality") // Its place in the ring is meant.
    boolean isLinked() {
        return next != this;
    }

    void linkBefore(Alarm other) {
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
