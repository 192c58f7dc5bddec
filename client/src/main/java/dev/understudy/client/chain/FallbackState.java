package dev.understudy.client.chain;

import dev.understudy.engine.Availability;
import dev.understudy.engine.HealthRegistry;
import dev.understudy.engine.HealthReport;
import dev.understudy.engine.HedgingBudget;
import dev.understudy.engine.LatencyProfile;
import dev.understudy.engine.OpenCircuit;
import dev.understudy.engine.RetryBudget;
import dev.understudy.engine.SharedState;
import dev.understudy.engine.Target;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What calls know together: the health of targets, the budgets of retries and hedges, and the usual times of targets. A chain
 * has its own unless it is given one; chains that share one share the health of targets of the same name.
 *
 * <p>Safe for use by many threads. Chains that share a state must have loops of the same time.
 */
public final class FallbackState {
    private final double retryBudget;
    private final double hedgingBudget;
    private final LongSupplier nanoTime;
    private volatile SharedState shared;

    private FallbackState(double retryBudget, double hedgingBudget, LongSupplier nanoTime) {
        this.retryBudget = retryBudget;
        this.hedgingBudget = hedgingBudget;
        this.nanoTime = nanoTime;
        this.shared = fresh();
    }

    private SharedState fresh() {
        return new SharedState(
                new HealthRegistry(),
                new RetryBudget(retryBudget),
                new LatencyProfile(),
                new HedgingBudget(hedgingBudget));
    }

    /** With the usual budgets of ten percent, and nothing known yet. */
    public static FallbackState create() {
        return create(0.1, 0.1);
    }

    /**
     * With budgets of one's own, and nothing known yet.
     *
     * @param retryBudget how many retries per success are sustainable, from 0 to 1
     * @param hedgingBudget the share of the calls that may be hedged in the long run, from 0 to 1
     */
    public static FallbackState create(double retryBudget, double hedgingBudget) {
        return create(retryBudget, hedgingBudget, System::nanoTime);
    }

    /** The same in the time of a loop of one's own, such as a virtual one: {@code loop::nanoTime}. */
    public static FallbackState create(double retryBudget, double hedgingBudget, LongSupplier nanoTime) {
        checkShare(retryBudget, "retryBudget");
        checkShare(hedgingBudget, "hedgingBudget");
        return new FallbackState(retryBudget, hedgingBudget, Checks.notNull(nanoTime, "nanoTime"));
    }

    private static void checkShare(double share, String name) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(name + " is " + share + "; it is a share from 0 to 1, such as 0.1");
        }
    }

    /** The engine's own view, for drivers of calls. */
    public SharedState shared() {
        return shared;
    }

    /** The targets that were tried, by name; if there are more than a few hundred, those that were tried last. */
    public List<TargetHealth> health() {
        return shared.health().triedTargets().stream()
                .sorted(Comparator.comparing(Target::name))
                .map(this::health)
                .toList();
    }

    /** How a target is, by its name. One that was never tried is healthy. */
    public TargetHealth health(String target) {
        Target unknown = TargetNames.target(Checks.name(target));
        // A target of an HTTP call has its provider's account and address, which its name does not tell.
        return health(shared.health().triedTargets().stream()
                .filter(tried -> tried.name().equals(unknown.name()))
                .findFirst()
                .orElse(unknown));
    }

    private TargetHealth health(Target target) {
        long now = nanoTime.getAsLong();
        HealthReport report = shared.health().report(target, now);
        Optional<OpenCircuit> outage = report.outage();
        TargetHealth.Circuit circuit = outage.isEmpty()
                ? TargetHealth.Circuit.CLOSED
                : outage.get().state() == Availability.State.COOLING
                        ? TargetHealth.Circuit.OPEN
                        : TargetHealth.Circuit.HALF_OPEN;
        Duration cooldown = circuit == TargetHealth.Circuit.OPEN
                ? Duration.ofNanos(Math.max(0, outage.orElseThrow().until() - now))
                : Duration.ZERO;
        return new TargetHealth(
                TargetNames.of(target),
                circuit,
                outage.map(OpenCircuit::because),
                cooldown,
                report.successRate(),
                report.recent());
    }

    /** Forgets everything: circuits are closed, budgets are full, usual times are unknown. Calls that run are not affected. */
    public void reset() {
        shared = fresh();
    }

    /**
     * Closes a target's circuits.
     *
     * @return whether anything was known of it
     */
    public boolean reset(String target) {
        return shared.health().reset(TargetNames.target(Checks.name(target)).name());
    }
}
