package dev.understudy.engine;

import java.util.List;
import java.util.OptionalLong;

/**
 * The one timer of a call: set for the next limit, and set again only where that is sooner than the present setting, since a
 * timer that fires for nothing is cheaper than one that is moved with every event of a stream.
 */
final class NextTimer {
    private boolean isSet;
    private long setFor;
    private long next;

    /** Begins to look for the next limit; there is always the deadline. */
    void startFrom(long deadline) {
        next = deadline;
    }

    void consider(long limit) {
        if (limit - next < 0) {
            next = limit;
        }
    }

    void consider(OptionalLong limit) {
        if (limit.isPresent()) {
            consider(limit.getAsLong());
        }
    }

    /** @param fired whether the timer that was set has fired */
    void set(boolean fired, List<Command> commands) {
        if (fired || !isSet || next - setFor < 0) {
            isSet = true;
            setFor = next;
            commands.add(new Command.WakeAt(next));
        }
    }
}
