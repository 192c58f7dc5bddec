package dev.understudy.simulator.world;

/**
 * How callers behave. All are shares of the calls.
 *
 * @param streaming request the answer as a stream
 * @param leaving disconnect before it is complete
 * @param slow stop reading for a while
 * @param faulty send a request that no target can answer
 * @param impatient send a timeout of their own
 * @param tools get a tool call at the end of their answer
 * @param hostile send requests that no target can answer and that must not cost other callers anything ({@link Hostility})
 */
public record CallersSettings(
        double streaming, double leaving, double slow, double faulty, double impatient, double tools, double hostile) {

    /** Without tool calls and hostile callers. */
    public CallersSettings(double streaming, double leaving, double slow, double faulty, double impatient) {
        this(streaming, leaving, slow, faulty, impatient, 0, 0);
    }

    /** Streams only, with few faults of callers. */
    public static CallersSettings ofDefaults() {
        return new CallersSettings(1, 0.01, 0.02, 0.005, 0);
    }

    /** Streams only, without any fault of callers. */
    public static final CallersSettings NO_CONTENT = new CallersSettings(1, 0, 0, 0, 0);
}
