package dev.understudy.calls.loop;

import java.util.concurrent.Executor;

/**
 * Runs everything that belongs to a call, one action at a time and in order, so that calls need no locks: an event loop of the
 * gateway, or a thread of the library.
 */
public interface CallLoop extends Executor {

    /** Runs an action on the loop, after those that wait already. May be called from any thread. */
    @Override
    void execute(Runnable action);

    /**
     * Sets a timer. To be called on the loop, on which the timer also fires.
     *
     * @param at when it fires, by {@link System#nanoTime()}
     */
    Timer runAt(long at, Runnable action);
}
