package dev.understudy.simulator.rules;

import dev.understudy.engine.HealthRegistry;
import dev.understudy.engine.HedgingBudget;
import dev.understudy.engine.LatencyProfile;
import dev.understudy.engine.RetryBudget;
import dev.understudy.engine.SharedState;

/**
 * What the calls of a run may spend together.
 *
 * @param retries how many retries per success are sustainable
 * @param hedges how many of the calls may be hedged
 */
public record Budgets(double retries, double hedges) {
    /** Ten percent of each. */
    public static final Budgets DEFAULT = new Budgets(0.1, 0.1);

    /** What calls share, with nothing known yet. */
    public SharedState fresh() {
        return new SharedState(
                new HealthRegistry(), new RetryBudget(retries), new LatencyProfile(), new HedgingBudget(hedges));
    }
}
