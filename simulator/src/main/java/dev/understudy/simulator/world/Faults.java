package dev.understudy.simulator.world;

/**
 * Failures of single requests while the provider has no incident. All are shares of the requests; they exclude each
 * other.
 *
 * @param errors fail at once
 * @param limits are refused with a 429 that no bucket explains, with a hint or without
 * @param hangs get a connection and then nothing
 * @param stalls get a part of the answer and then nothing
 * @param cuts get a part of the answer and then an end without a terminal mark
 * @param blanks get an answer with nothing in it
 * @param junk get an answer of an unexpected form
 * @param tails get a whole answer whose stream is not ended
 * @param account fail because of the key or the account
 * @param plain whether all errors are plain 500s, rather than of all kinds
 */
public record Faults(
        double errors,
        double limits,
        double hangs,
        double stalls,
        double cuts,
        double blanks,
        double junk,
        double tails,
        double account,
        boolean plain) {
    /** None. */
    public static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0, 0, 0, false);

    /** A good day: one request in a hundred meets with something. */
    public static Faults ofDefaults() {
        return new Faults(0.004, 0.002, 0.001, 0.0005, 0.001, 0.001, 0, 0.0005, 0, false);
    }

    /** Plain errors and hangs alone. */
    public static Faults of(double errors, double hangs) {
        return new Faults(errors, 0, hangs, 0, 0, 0, 0, 0, 0, true);
    }
}
