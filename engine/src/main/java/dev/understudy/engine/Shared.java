package dev.understudy.engine;

/**
 * What calls share: the health of the targets and the budget of retries.
 *
 * @param health who is passed over
 * @param budget whether there is room for retries
 */
public record Shared(HealthBoard health, RetryBudget budget) {
    public static Shared ofDefaults() {
        return new Shared(new HealthBoard(), RetryBudget.ofDefaults());
    }
}
