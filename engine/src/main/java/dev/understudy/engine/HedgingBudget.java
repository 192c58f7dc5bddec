package dev.understudy.engine;

/**
 * Keeps hedges a small part of the traffic: every call pays in a fraction of one, every hedge takes one.
 *
 * <p>One bucket for all: what must not double is the caller's bill and the load on all providers together, not on one of them. It is
 * full at the start, so that the first calls of a gateway whose provider hangs are rescued too. Safe for use by many
 * threads.
 */
public final class HedgingBudget {
    /** How many may come at once after a quiet time, when a provider that all calls go to begins to stall. */
    private static final double FULL = 50;

    private final double ratio;
    private double saved;
    private long calls;
    private long hedges;

    /** @param ratio how many of the calls may be hedged in the long run: 0.1 for ten percent, 0 for none */
    public HedgingBudget(double ratio) {
        if (!(ratio >= 0 && ratio <= 1)) {
            throw new IllegalArgumentException("a hedging budget is a share from 0 to 1, not " + ratio);
        }
        this.ratio = ratio;
        this.saved = ratio > 0 ? FULL : 0;
    }

    /** A budget with another ratio that begins with what this one has saved, for settings that change while calls run. */
    public synchronized HedgingBudget withRatio(double otherRatio) {
        HedgingBudget changed = new HedgingBudget(otherRatio);
        if (ratio > 0 && otherRatio > 0) {
            changed.saved = saved;
        }
        return changed;
    }

    /** The usual ten percent. */
    public static HedgingBudget ofDefaults() {
        return new HedgingBudget(0.1);
    }

    /** How many calls paid in, and how many hedges were taken, within a time. */
    public record Use(long calls, long hedges) {}

    /** What has changed the budget here since it was called last, for other replicas. */
    public synchronized Use use() {
        Use use = new Use(calls, hedges);
        calls = 0;
        hedges = 0;
        return use;
    }

    /**
     * Another replica has told this: it counts as if it had happened here, but is not told again. Hedges that several replicas took
     * before they knew of one another become a debt, which calls pay back.
     */
    public synchronized void usedElsewhere(Use use) {
        if (ratio > 0) {
            saved = Math.clamp(saved + use.calls() * ratio - use.hedges(), -FULL, FULL);
        }
    }

    synchronized void called() {
        // To a full budget a call adds nothing, and is not worth telling.
        calls += saved < FULL ? 1 : 0;
        saved = Math.min(FULL, saved + ratio);
    }

    synchronized boolean take() {
        boolean enough = saved >= 1;
        if (enough) {
            saved -= 1;
            hedges++;
        }
        return enough;
    }
}
