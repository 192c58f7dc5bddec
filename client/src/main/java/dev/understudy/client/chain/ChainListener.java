package dev.understudy.client.chain;

import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.TrailEntry;
import java.time.Duration;
import java.util.Optional;

/**
 * Observes the calls of a chain. The events of one call come in order, on a thread that may be another one for each event; those
 * of different calls may come at the same time. What a listener throws is logged, and changes no call.
 */
public interface ChainListener {

    /**
     * The listener that observes one call: by default this one. It is taken on the thread that makes the call, before any other event,
     * so a listener that keeps something of each call, or needs what the thread knows, such as its trace, makes one here.
     */
    default ChainListener forCall() {
        return this;
    }

    /**
     * A request goes to a target.
     *
     * @param number the attempt's number in its call, from 1
     */
    default void attemptStarted(String target, int number, AttemptKind kind) {}

    /** An attempt has ended: it answered, failed or was cancelled. */
    default void attemptEnded(TrailEntry attempt) {}

    /**
     * Another target is tried, after a failure or beside a late attempt.
     *
     * @param from the target of the attempt before
     * @param because the failure of that attempt; empty if it is late and continues
     */
    default void fallback(String from, String to, Optional<Failure> because) {}

    /**
     * A target's circuit has opened: it is skipped for a while.
     *
     * @param cooldown for how long
     */
    default void circuitOpened(String target, FailureKind because, Duration cooldown) {}

    /** A target has recovered. */
    default void circuitClosed(String target) {}

    /** A call has ended with an answer. */
    default void callAnswered(String target, CallTrail trail, Duration duration) {}

    /** A call has ended without an answer, or its caller left ({@link FailureKind#CANCELLED}). */
    default void callFailed(FailureKind kind, CallTrail trail, Duration duration) {}
}
