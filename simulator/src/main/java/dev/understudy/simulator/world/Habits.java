package dev.understudy.simulator.world;

/**
 * Slow but healthy behaviour of a provider, beside its usual times: what is no fault and looks like one to a client that only
 * knows time limits. All shares are of the requests.
 *
 * @param early streams whose response headers come long before their first token
 * @param pings streams that are kept alive (pings, comments, empty deltas) while nothing else comes, also where nothing
 *     else ever comes
 * @param pingGap nanoseconds between two signs of life
 * @param late requests whose first token takes longer by {@code lateBy}
 * @param lateBy in nanoseconds
 * @param pauses streams that pause once inside their text
 * @param pause in nanoseconds
 */
public record Habits(
        double early, double pings, Lognormal pingGap, double late, Lognormal lateBy, double pauses, Lognormal pause) {
    private static final double SECOND = 1e9;

    /** Nothing comes but content, and it comes in its usual time. */
    public static final Habits NONE =
            new Habits(0, 0, new Lognormal(SECOND, 0), 0, new Lognormal(SECOND, 0), 0, new Lognormal(SECOND, 0));
}
