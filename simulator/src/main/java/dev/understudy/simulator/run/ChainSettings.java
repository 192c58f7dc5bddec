package dev.understudy.simulator.run;

import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Step;
import dev.understudy.engine.Target;
import dev.understudy.engine.Timeouts;
import dev.understudy.simulator.rules.Budgets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A chain and the limits under which it is asked; the keys and defaults are the gateway's.
 *
 * @param name for reports
 * @param targets in the order in which they are asked, each {@code provider/model}
 * @param instead who takes the rest of the chain's place after a failure of a kind
 */
public record ChainSettings(
        String name,
        List<String> targets,
        Map<FailureKind, List<String>> instead,
        Duration deadline,
        Timeouts timeouts,
        RetryPolicy retry,
        CooldownPolicy cooldown,
        CommitPoint commit,
        Recovery recovery,
        boolean overlap,
        Budgets budgets) {

    /** With every default. */
    public static ChainSettings of(String name, List<String> targets) {
        return new ChainSettings(
                name,
                List.copyOf(targets),
                Map.of(),
                Duration.ofSeconds(45),
                Timeouts.ofDefaults(),
                RetryPolicy.ofDefaults(),
                CooldownPolicy.ofDefaults(),
                CommitPoint.FIRST_CONTENT,
                Recovery.CONTINUE,
                true,
                Budgets.DEFAULT);
    }

    /** The same, without asking a second target beside a late one. */
    public ChainSettings withoutOverlap() {
        return new ChainSettings(
                name, targets, instead, deadline, timeouts, retry, cooldown, commit, recovery, false, budgets);
    }

    /** The plan of one call. */
    public Plan plan(boolean streaming, Optional<Duration> patience) {
        List<Step> chain = steps(targets, 0);
        Map<FailureKind, List<Step>> others = new LinkedHashMap<>();
        instead.forEach((kind, names) -> others.put(kind, steps(names, chain.size())));
        return Plan.of(chain)
                .instead(others)
                .deadline(Optional.of(deadline))
                .patience(patience)
                .streaming(streaming)
                .commit(commit)
                .recovery(recovery)
                .hedging(overlap)
                .build();
    }

    private List<Step> steps(List<String> names, int firstId) {
        List<Step> steps = new ArrayList<>();
        for (String name : names) {
            Target target = target(name);
            steps.add(
                    new Step(firstId + steps.size(), target, timeouts, timeouts, retry, cooldown, OptionalInt.empty()));
        }
        return steps;
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
}
