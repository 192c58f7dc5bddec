package dev.understudy.simulator.rules;

import dev.understudy.engine.Availability;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Shared;
import dev.understudy.engine.Target;
import java.util.HashMap;
import java.util.Map;

/** What the rules say of all calls together: budgets, and the hints of providers. */
public final class Invariants {
    /** Half of the engine's bucket: so many failures in a row before retries stop, and the one that is under way. */
    private static final int RETRIES_AT_ONCE = 51;

    private final Shared shared;
    private final Budgets budgets;
    private final Map<String, Site> sites = new HashMap<>();
    private final Map<Target, Hint> hints = new HashMap<>();
    private long calls;
    private long overlaps;

    private static final class Site {
        private long retries;
        private long successes;
    }

    /** A provider asked to be left alone. */
    private record Hint(long given, long until) {}

    public Invariants(Shared shared, Budgets budgets) {
        this.shared = shared;
        this.budgets = budgets;
    }

    /** A call arrives that is to be watched. */
    public CallRules watch(Plan plan, long now) {
        calls += plan.hedging() && plan.chain().size() > 1 ? 1 : 0;
        return new CallRules(this, plan, now);
    }

    Availability availability(Target target, long now) {
        return shared.health().availability(target, now);
    }

    void overlapped() {
        overlaps++;
        BrokenRule.unless(
                overlaps <= 1 + budgets.hedges() * calls + 1e-6,
                7,
                overlaps + " overlaps in " + calls + " calls are more than the budget");
    }

    void retried(String site) {
        Site known = sites.computeIfAbsent(site, name -> new Site());
        known.retries++;
        BrokenRule.unless(
                known.retries <= RETRIES_AT_ONCE + budgets.retries() * known.successes + 1e-6,
                7,
                known.retries + " retries at " + site + " with " + known.successes
                        + " successes are more than the budget");
    }

    void succeeded(Target target, long startedAt) {
        sites.computeIfAbsent(target.site(), name -> new Site()).successes++;
        Hint hint = hints.get(target);
        if (hint != null && startedAt >= hint.given()) {
            hints.remove(target);
        }
    }

    void hinted(Target target, long nanos, long now) {
        hints.merge(target, new Hint(now, now + nanos), (old, fresh) -> old.until() > fresh.until() ? old : fresh);
    }

    /** Whether the target asked to be left alone until later. */
    boolean isLeftAlone(Target target, long now) {
        Hint hint = hints.get(target);
        return hint != null && now < hint.until();
    }
}
