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

    /** A good day: one request in a hundred fails in some way. */
    public static Faults ofDefaults() {
        return NONE.toBuilder()
                .errors(0.004)
                .limits(0.002)
                .hangs(0.001)
                .stalls(0.0005)
                .cuts(0.001)
                .blanks(0.001)
                .tails(0.0005)
                .build();
    }

    /** Errors and hangs only. */
    public static Faults of(double errors, double hangs) {
        return NONE.toBuilder().errors(errors).hangs(hangs).plain(true).build();
    }

    /** The same, to be changed. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Makes faults from others. */
    public static final class Builder {
        private double errors;
        private double limits;
        private double hangs;
        private double stalls;
        private double cuts;
        private double blanks;
        private double junk;
        private double tails;
        private double account;
        private boolean plain;

        private Builder(Faults begin) {
            errors = begin.errors;
            limits = begin.limits;
            hangs = begin.hangs;
            stalls = begin.stalls;
            cuts = begin.cuts;
            blanks = begin.blanks;
            junk = begin.junk;
            tails = begin.tails;
            account = begin.account;
            plain = begin.plain;
        }

        public Builder errors(double share) {
            errors = share;
            return this;
        }

        public Builder limits(double share) {
            limits = share;
            return this;
        }

        public Builder hangs(double share) {
            hangs = share;
            return this;
        }

        public Builder stalls(double share) {
            stalls = share;
            return this;
        }

        public Builder cuts(double share) {
            cuts = share;
            return this;
        }

        public Builder blanks(double share) {
            blanks = share;
            return this;
        }

        public Builder junk(double share) {
            junk = share;
            return this;
        }

        public Builder tails(double share) {
            tails = share;
            return this;
        }

        public Builder account(double share) {
            account = share;
            return this;
        }

        public Builder plain(boolean all) {
            plain = all;
            return this;
        }

        public Faults build() {
            return new Faults(errors, limits, hangs, stalls, cuts, blanks, junk, tails, account, plain);
        }
    }
}
