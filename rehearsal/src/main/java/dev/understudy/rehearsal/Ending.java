package dev.understudy.rehearsal;

import java.util.List;

/** What becomes of the connection when the steps of a script are done. */
sealed interface Ending {

    /** The answer is complete; the connection takes the next request. */
    record NextRequest() implements Ending {}

    /** Close in order (FIN), whatever the answer promised. */
    record Close() implements Ending {}

    /** Break the connection off (RST). */
    record Reset() implements Ending {}

    /** Keep the connection open and say nothing more, until the caller leaves. */
    record Hold() implements Ending {}

    /**
     * Perform these steps again and again, until the caller leaves.
     *
     * @param steps at least one of them a pause, so that the loop takes time
     */
    record Repeat(List<WireStep> steps) implements Ending {
        public Repeat {
            steps = List.copyOf(steps);
            if (steps.stream().noneMatch(WireStep.Pause.class::isInstance)) {
                throw new IllegalArgumentException("a repetition without a pause would never yield");
            }
        }
    }
}
