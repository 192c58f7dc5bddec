package dev.understudy.calls.loop;

/** An action at a time, unless it is cancelled before. */
@FunctionalInterface
public interface Timer {
    /** Cancels the timer; no effect if it has fired. To be called on the loop on which it was set. */
    void cancel();
}
