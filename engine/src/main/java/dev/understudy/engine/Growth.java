package dev.understudy.engine;

/** Exponential growth that stops at a cap and cannot overflow. */
final class Growth {
    private Growth() {}

    /** {@code min(cap, base·2ⁿ)}. */
    static long doubled(long base, int times, long cap) {
        if (base <= 0) {
            return 0;
        }
        boolean pastCap = times >= Long.numberOfLeadingZeros(base) - 1 || base << times > cap;
        return pastCap ? cap : base << times;
    }
}
