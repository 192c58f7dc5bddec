package dev.understudy.simulator.rules;

import dev.understudy.engine.Availability;
import dev.understudy.engine.Plan;
import dev.understudy.engine.SharedState;
import dev.understudy.engine.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The rules for all calls together: budgets, the hints of providers, and the callers whose requests a target refused. */
public final class Invariants {
    /** Half of a target's bucket in the engine: the failures before its retries stop, and the one that is in flight. */
    private static final int RETRIES_AT_ONCE = 51;

    /** The number of failures at a target, or at all targets of a provider, that may stop retries. */
    private static final int FAILURES_OF_A_TARGET = 50;

    private static final int FAILURES_OF_A_PROVIDER = 200;

    /** What the engine's budget of hedges holds at the start. */
    private static final int HEDGES_AT_ONCE = 50;

    /** After so many attempts in a row without any sign of life a target does not answer at all. */
    private static final int SILENT_IN_A_ROW = 5;

    /** No usual time is shorter. */
    private static final long SHORTEST_USUAL_TIME = TimeUnit.SECONDS.toNanos(2);

    private final SharedState shared;
    private final Budgets budgets;
    private final Map<Target, Tally> tallies = new HashMap<>();
    private final Map<String, Integer> failuresOfProviders = new HashMap<>();
    private final Map<Target, Hint> hints = new HashMap<>();
    private final Map<Target, Set<String>> forbidden = new HashMap<>();
    private long calls;
    private long hedges;

    private static final class Tally {
        private long retries;
        private long failures;
        private long successes;
        /** Attempts since the last content, and those before it that still run. */
        private final List<WatchedAttempt> unanswered = new ArrayList<>();
    }

    /** A provider gave a hint to wait. */
    private record Hint(long given, long until) {}

    public Invariants(SharedState shared, Budgets budgets) {
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

    /** The time in nanoseconds that all but one in twenty of a target's answers need. */
    long usualTime(Target target, boolean streaming) {
        return shared.latency().usual(target, streaming).p95();
    }

    /** A hedge was started that the budget has to pay for. */
    void hedged() {
        hedges++;
        double saved = budgets.hedges() > 0 ? HEDGES_AT_ONCE : 0;
        BrokenRule.unless(
                hedges <= saved + budgets.hedges() * calls + 1e-6,
                7,
                hedges + " hedges in " + calls + " calls are more than the budget");
    }

    /** An attempt was started. */
    void started(WatchedAttempt attempt) {
        tally(attempt.step.target()).unanswered.add(attempt);
    }

    /** Whether one attempt after the other at a target shows no sign of life, without content in between. */
    boolean seemsSilent(Target target, long now) {
        return tally(target).unanswered.stream()
                        .filter(attempt -> attempt.stayedSilentFor(SHORTEST_USUAL_TIME, now))
                        .count()
                >= SILENT_IN_A_ROW;
    }

    /** A target is tried again without a hint of its provider. */
    void retried(Target target) {
        Tally tally = tally(target);
        tally.retries++;
        BrokenRule.unless(
                target.callersKey() || tally.retries <= RETRIES_AT_ONCE + budgets.retries() * tally.successes + 1e-6,
                7,
                tally.retries + " retries at " + target + " with " + tally.successes
                        + " successes are more than the budget");
    }

    /** A failure that may take from the retry budget. */
    void failed(Target target) {
        if (!target.callersKey()) {
            tally(target).failures++;
            failuresOfProviders.merge(target.site(), 1, Integer::sum);
        }
    }

    /** Whether failures may have spent the retry budget of a target, or of its provider. */
    boolean retriesMayBeSpent(Target target) {
        return tally(target).failures >= FAILURES_OF_A_TARGET
                || failuresOfProviders.getOrDefault(target.site(), 0) >= FAILURES_OF_A_PROVIDER;
    }

    private Tally tally(Target target) {
        return tallies.computeIfAbsent(target, name -> new Tally());
    }

    void succeeded(Target target, long startedAt) {
        tally(target).successes++;
        forbidden.remove(target);
        contentDelivered(target, startedAt);
    }

    /** An attempt that was started after a hint and delivers content ends the hint. */
    void contentDelivered(Target target, long startedAt) {
        tally(target).unanswered.removeIf(WatchedAttempt::hasEnded);
        Hint hint = hints.get(target);
        if (hint != null && startedAt >= hint.given()) {
            hints.remove(target);
        }
    }

    void hinted(Target target, long nanos, long now) {
        hints.merge(target, new Hint(now, now + nanos), (old, fresh) -> old.until() > fresh.until() ? old : fresh);
    }

    /** Whether a hint of the target to wait is still running. */
    boolean isHintRunning(Target target, long now) {
        Hint hint = hints.get(target);
        return hint != null && now < hint.until();
    }

    /** A caller's request was forbidden. */
    void forbidden(Target target, String caller) {
        forbidden.computeIfAbsent(target, name -> new HashSet<>()).add(caller);
    }

    /** Whether requests of several callers were forbidden, with no success in between. */
    boolean isForbiddenToSeveral(Target target) {
        return forbidden.getOrDefault(target, Set.of()).size() > 1;
    }
}
