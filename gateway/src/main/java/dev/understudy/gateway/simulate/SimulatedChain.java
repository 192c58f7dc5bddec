package dev.understudy.gateway.simulate;

import dev.understudy.calls.plan.PlannedCall;
import dev.understudy.engine.Group;
import dev.understudy.engine.LatencyProfile;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Step;
import dev.understudy.engine.UsualTime;
import dev.understudy.simulator.rules.Budgets;
import dev.understudy.simulator.run.ChainSettings;
import dev.understudy.simulator.run.Scenario;
import dev.understudy.simulator.run.Traffic;
import dev.understudy.simulator.world.CallersSettings;
import dev.understudy.simulator.world.Faults;
import dev.understudy.simulator.world.Lognormal;
import dev.understudy.simulator.world.ProviderProfile;
import dev.understudy.simulator.world.Sizes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A chain of the configuration as the simulator knows chains, and the providers that it needs.
 *
 * <p>The simulator has one set of limits for a chain; those of the first target count. A provider's usual time to the first content is
 * what this gateway has measured, where it has measured enough.
 *
 * @param firstTokens nanoseconds by the names of providers, for those that are known
 */
record SimulatedChain(ChainSettings chain, Map<String, Double> firstTokens) {
    private static final int ENOUGH = 20;
    private static final double FIRST_TOKEN = 800e6;
    private static final double PER_TOKEN = 15e6;

    static SimulatedChain of(PlannedCall planned, Budgets budgets, LatencyProfile latency) {
        Plan plan = planned.plan();
        Step first = plan.chain().getFirst();
        List<String> targets = new ArrayList<>();
        Map<Integer, Integer> places = new LinkedHashMap<>();
        Map<String, Double> firstTokens = new LinkedHashMap<>();
        for (Step step : plan.chain()) {
            // With several keys a target is several steps; the simulated world has one key for each provider.
            String name = step.target().name();
            if (!targets.contains(name)) {
                places.put(step.id(), targets.size());
                targets.add(name);
                UsualTime usual = latency.usual(step.target(), true);
                if (usual.samples() >= ENOUGH) {
                    firstTokens.putIfAbsent(step.target().provider(), (double) usual.p50());
                }
            }
        }
        ChainSettings chain = ChainSettings.of(planned.name(), targets).toBuilder()
                .deadline(plan.deadline())
                .timeouts(first.timeouts())
                .retry(first.retry())
                .cooldown(first.cooldown())
                .commit(plan.commit())
                .recovery(plan.recovery())
                .hedging(plan.hedging())
                .budgets(budgets)
                .groups(plan.groups().stream()
                        .flatMap(group -> simulated(group, places).stream())
                        .toList())
                .build();
        return new SimulatedChain(chain, firstTokens);
    }

    /**
     * A group of the simulated chain: the keys of one target are one member.
     *
     * @param places of steps in the simulated chain, by their ids; further keys have none
     */
    private static Optional<Group> simulated(Group group, Map<Integer, Integer> places) {
        List<Group.Member> members = new ArrayList<>();
        for (Group.Member member : group.members()) {
            List<Integer> steps = member.steps().stream()
                    .flatMap(id -> Optional.ofNullable(places.get(id)).stream())
                    .toList();
            if (!steps.isEmpty()) {
                members.add(new Group.Member(steps, member.weight()));
            }
        }
        return members.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Group(group.name(), group.strategy(), group.byConversation(), group.slowStart(), members));
    }

    /** The same without fallbacks. */
    ChainSettings alone() {
        return chain.toBuilder()
                .name("primary alone")
                .targets(chain.targets().subList(0, 1))
                .groups(List.of())
                .build();
    }

    ChainSettings whole() {
        return chain.toBuilder().name("with fallbacks").build();
    }

    /** The world in which it is tried. */
    Scenario world(SimulatedOutage outage, long seed, Duration duration, int calls) {
        double perSecond = calls / (double) duration.toSeconds();
        String primary = ChainSettings.providerOf(chain.targets().getFirst());
        Map<String, ProviderProfile> providers = new LinkedHashMap<>();
        for (String target : chain.targets()) {
            String name = ChainSettings.providerOf(target);
            boolean isPrimarys = name.equals(primary);
            providers.put(
                    name,
                    new ProviderProfile(
                            new Lognormal(firstTokens.getOrDefault(name, FIRST_TOKEN), 0.7),
                            new Lognormal(PER_TOKEN, 0.3),
                            outage.climate(isPrimarys, duration),
                            Faults.ofDefaults(),
                            outage.limit(isPrimarys, perSecond)));
        }
        return Scenario.of(
                        seed,
                        duration,
                        providers,
                        CallersSettings.ofDefaults(),
                        new Traffic.Steady(perSecond, Sizes.ofDefaults()))
                .toBuilder()
                .shocks(outage.shocks(duration))
                .build();
    }
}
