package dev.understudy.simulator.world;

/**
 * How callers behave. All are shares of the calls.
 *
 * @param streaming want the answer as a stream
 * @param leaving leave before it is there
 * @param slow stop reading for a while
 * @param faulty ask what no target can answer
 * @param impatient bring a timeout of their own
 */
public record CallersSettings(double streaming, double leaving, double slow, double faulty, double impatient) {
    /** Streams all of them, and few surprises. */
    public static CallersSettings ofDefaults() {
        return new CallersSettings(1, 0.01, 0.02, 0.005, 0);
    }

    /** Streams all of them, and no surprise at all. */
    public static final CallersSettings QUIET = new CallersSettings(1, 0, 0, 0, 0);
}
