package dev.understudy.engine;

/** The share of successes among the last few dozen attempts, smoothed: each new one weighs a twentieth. */
final class SuccessRate {
    private static final double WEIGHT = 0.05;
    /** Fewer attempts are an accident, not a rate. */
    private static final int ENOUGH = 20;

    private int samples;
    private double smoothed = 1;

    void add(boolean success) {
        samples = Math.min(ENOUGH, samples + 1);
        smoothed += WEIGHT * ((success ? 1 : 0) - smoothed);
    }

    boolean isBelow(double share) {
        return samples >= ENOUGH && smoothed < share;
    }

    /** From 0 to 1; 1 as long as nothing failed. */
    double smoothed() {
        return smoothed;
    }

    void forget() {
        samples = 0;
        smoothed = 1;
    }
}
