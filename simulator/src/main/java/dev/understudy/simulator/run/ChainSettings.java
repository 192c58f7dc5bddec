package dev.understudy.simulator.run;

import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Group;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Step;
import dev.understudy.engine.Target;
import dev.understudy.engine.Timeouts;
import dev.understudy.simulator.rules.Budgets;
import dev.understudy.simulator.world.Hostility;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A chain and the limits under which it is tried; the keys and defaults are the gateway's.
 *
 * @param name for reports
 * @param targets in the order in which they are tried, each {@code provider/model}
 * @param instead which targets take the rest of the chain's place after a failure of a kind
 * @param deadline the time in which attempts may begin, if it is set
 * @param limits explicit limits of single attempts, by the place of their target in the chain; none beyond the last
 * @param hedging whether a second target is started beside a late attempt
 * @param groups the targets among which calls are distributed, with the places of the members in {@code targets} as their steps
 */
public record ChainSettings(
        String name,
        List<String> targets,
        Map<FailureKind, List<String>> instead,
        Optional<Duration> deadline,
        Timeouts timeouts,
        List<Duration> limits,
        RetryPolicy retry,
        CooldownPolicy cooldown,
        CommitPoint commit,
        Recovery recovery,
        boolean hedging,
        Budgets budgets,
        List<Group> groups) {

    /** With every default. */
    public static ChainSettings of(String name, List<String> targets) {
        return new ChainSettings(
                name,
                List.copyOf(targets),
                Map.of(),
                Optional.empty(),
                Timeouts.ofDefaults(),
                List.of(),
                RetryPolicy.ofDefaults(),
                CooldownPolicy.ofDefaults(),
                CommitPoint.FIRST_CONTENT,
                Recovery.CONTINUE,
                true,
                Budgets.DEFAULT,
                List.of());
    }

    /** The same, without hedges. */
    public ChainSettings withoutHedging() {
        return toBuilder().hedging(false).build();
    }

    /** The same, to be changed. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** The plan of one call. */
    Plan plan(Scenario scenario, Caller caller) {
        List<Step> chain = steps(targets, 0, scenario, caller);
        Map<FailureKind, List<Step>> others = new LinkedHashMap<>();
        instead.forEach((kind, names) -> others.put(kind, steps(names, chain.size(), scenario, caller)));
        return Plan.of(chain)
                .instead(others)
                .deadline(deadline)
                .patience(caller.patience())
                .streaming(caller.streaming())
                .commit(commit)
                .recovery(recovery)
                .hedging(hedging)
                .caller(caller.name())
                .groups(groups)
                .build();
    }

    private List<Step> steps(List<String> names, int firstId, Scenario scenario, Caller caller) {
        List<Step> steps = new ArrayList<>();
        for (String name : names) {
            int place = steps.size();
            Optional<Duration> limit =
                    caller.limit().or(() -> place < limits.size() ? Optional.of(limits.get(place)) : Optional.empty());
            steps.add(Step.of(firstId + place, target(name, caller)).toBuilder()
                    .timeouts(limit.map(timeouts::withTotal).orElse(timeouts))
                    .usual(timeouts)
                    .retry(retry)
                    .cooldown(cooldown)
                    .reasons(scenario.isKnownToReason(name))
                    .build());
        }
        return steps;
    }

    /** The target as this caller names it, with its own key if it sends one. */
    private static Target target(String name, Caller caller) {
        Target target = target(name);
        if (caller.hostility().equals(Optional.of(Hostility.REFUSED_KEY))) {
            String key = caller.name() + "@" + target.provider();
            return new Target(target.provider(), target.model(), key, target.site(), true);
        }
        if (caller.hostility().equals(Optional.of(Hostility.UNKNOWN_MODEL))) {
            return new Target(target.provider(), target.model() + "-unknown", target.credential(), target.site());
        }
        return target;
    }

    /** The target with a name. */
    static Target target(String name) {
        int slash = name.indexOf('/');
        return Target.of(name.substring(0, slash), name.substring(slash + 1));
    }

    /** The name of a target's provider. */
    public static String providerOf(String target) {
        return target.substring(0, target.indexOf('/'));
    }

    /** Makes settings from others. */
    public static final class Builder {
        private String name;
        private List<String> targets;
        private Map<FailureKind, List<String>> instead;
        private Optional<Duration> deadline;
        private Timeouts timeouts;
        private List<Duration> limits;
        private RetryPolicy retry;
        private CooldownPolicy cooldown;
        private CommitPoint commit;
        private Recovery recovery;
        private boolean hedging;
        private Budgets budgets;
        private List<Group> groups;

        private Builder(ChainSettings begin) {
            name = begin.name;
            targets = begin.targets;
            instead = begin.instead;
            deadline = begin.deadline;
            timeouts = begin.timeouts;
            limits = begin.limits;
            retry = begin.retry;
            cooldown = begin.cooldown;
            commit = begin.commit;
            recovery = begin.recovery;
            hedging = begin.hedging;
            budgets = begin.budgets;
            groups = begin.groups;
        }

        public Builder name(String shown) {
            name = shown;
            return this;
        }

        public Builder targets(List<String> names) {
            targets = names;
            return this;
        }

        public Builder instead(Map<FailureKind, List<String>> names) {
            instead = names;
            return this;
        }

        public Builder deadline(Optional<Duration> time) {
            deadline = time;
            return this;
        }

        public Builder timeouts(Timeouts marks) {
            timeouts = marks;
            return this;
        }

        public Builder limits(List<Duration> ofAttempts) {
            limits = ofAttempts;
            return this;
        }

        public Builder retry(RetryPolicy policy) {
            retry = policy;
            return this;
        }

        public Builder cooldown(CooldownPolicy policy) {
            cooldown = policy;
            return this;
        }

        public Builder commit(CommitPoint point) {
            commit = point;
            return this;
        }

        public Builder recovery(Recovery how) {
            recovery = how;
            return this;
        }

        public Builder hedging(boolean allowed) {
            hedging = allowed;
            return this;
        }

        public Builder budgets(Budgets shares) {
            budgets = shares;
            return this;
        }

        public Builder groups(List<Group> balanced) {
            groups = List.copyOf(balanced);
            return this;
        }

        public ChainSettings build() {
            return new ChainSettings(
                    name, targets, instead, deadline, timeouts, limits, retry, cooldown, commit, recovery, hedging,
                    budgets, groups);
        }
    }
}
