package dev.understudy.engine;

/**
 * What calls know together.
 *
 * @param health which targets are skipped
 * @param retries whether there is room for retries
 * @param latency how long each target usually takes
 * @param hedges whether there is room for hedges
 * @param load how busy targets are
 */
public record SharedState(
        HealthRegistry health, RetryBudget retries, LatencyProfile latency, HedgingBudget hedges, TargetLoad load) {

    /** Where no attempt is in flight yet. */
    public SharedState(HealthRegistry health, RetryBudget retries, LatencyProfile latency, HedgingBudget hedges) {
        this(health, retries, latency, hedges, new TargetLoad());
    }

    /** The same knowledge with budgets of other ratios, for settings that change while calls run. */
    public SharedState withBudgets(double retryRatio, double hedgingRatio) {
        return new SharedState(health, retries.withRatio(retryRatio), latency, hedges.withRatio(hedgingRatio), load);
    }

    /** With the usual budgets, and nothing known yet. */
    public static SharedState ofDefaults() {
        return new SharedState(
                new HealthRegistry(), RetryBudget.ofDefaults(), new LatencyProfile(), HedgingBudget.ofDefaults());
    }
}
