package dev.understudy.simulator.run;

import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Group;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Timeouts;
import dev.understudy.simulator.rules.Budgets;
import dev.understudy.simulator.world.CallersSettings;
import dev.understudy.simulator.world.Climate;
import dev.understudy.simulator.world.Draws;
import dev.understudy.simulator.world.Faults;
import dev.understudy.simulator.world.Habits;
import dev.understudy.simulator.world.Lognormal;
import dev.understudy.simulator.world.ModelProfile;
import dev.understudy.simulator.world.ProviderProfile;
import dev.understudy.simulator.world.RateLimit;
import dev.understudy.simulator.world.Reasoning;
import dev.understudy.simulator.world.Shocks;
import dev.understudy.simulator.world.Sizes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Worlds with every kind of fault, and chains with any valid settings: each seed another
 * one, for some dozens of calls within minutes.
 */
public final class RoughWorld {
    private static final double MINUTE = 6e10;
    private static final List<String> TARGETS = List.of("a/m", "a/n", "b/m", "c/m", "d/m");
    private static final List<String> OTHERS = List.of("e/large", "a/large");

    private RoughWorld() {}

    /** The world of a seed. */
    public static Scenario scenario(long seed) {
        SplittableRandom random = Draws.of(seed, "world");
        Map<String, ProviderProfile> providers = new LinkedHashMap<>();
        for (String name : List.of("a", "b", "c", "d", "e")) {
            providers.put(name, provider(random));
        }
        Shocks shocks = random.nextBoolean()
                ? new Shocks(Duration.ofMinutes(2), new Lognormal(MINUTE / 2, 1), random.nextDouble())
                : Shocks.NONE;
        CallersSettings callers = new CallersSettings(
                random.nextDouble(),
                random.nextDouble() / 5,
                random.nextDouble() / 3,
                random.nextDouble() / 5,
                random.nextDouble() / 2,
                random.nextDouble() / 3,
                random.nextBoolean() ? random.nextDouble() / 2 : 0);
        return Scenario.of(seed, Duration.ofMinutes(5), providers, callers, traffic(random)).toBuilder()
                .shocks(shocks)
                .known(random.nextInt(3) == 0 ? 45 : 0)
                .build();
    }

    private static ProviderProfile provider(SplittableRandom random) {
        Climate climate = new Climate(
                Duration.ofSeconds(30 + random.nextInt(200)),
                new Lognormal(MINUTE / 2, 1.2),
                random.nextDouble(),
                0.5,
                random.nextDouble() / 2,
                random.nextDouble() / 4,
                1 + 4 * random.nextDouble());
        // In this order: the random numbers of a seed are drawn one by one.
        Faults faults = Faults.NONE.toBuilder()
                .errors(random.nextDouble() / 10)
                .limits(random.nextDouble() / 10)
                .hangs(random.nextDouble() / 20)
                .stalls(random.nextDouble() / 20)
                .cuts(random.nextDouble() / 10)
                .blanks(random.nextDouble() / 20)
                .junk(random.nextDouble() / 20)
                .tails(random.nextDouble() / 20)
                .account(random.nextDouble() / 100)
                .build();
        Optional<RateLimit> limit = random.nextInt(3) == 0
                ? Optional.of(
                        new RateLimit(0.05 + random.nextDouble() / 5, 1 + random.nextInt(5), random.nextBoolean()))
                : Optional.empty();
        return new ProviderProfile(
                new Lognormal(1e9 * (0.2 + 3 * random.nextDouble()), 0.7),
                new Lognormal(1e6 * (5 + random.nextInt(60)), 0.4),
                climate,
                faults,
                limit,
                habits(random),
                models(random));
    }

    /** Signs of life, late first tokens and pauses, more of them than anywhere. */
    static Habits habits(SplittableRandom random) {
        return new Habits(
                random.nextDouble(),
                random.nextDouble(),
                new Lognormal(1e9 * (3 + 9 * random.nextDouble()), 0),
                random.nextDouble() / 3,
                new Lognormal(1e9 * (2 + 30 * random.nextDouble()), 0.4),
                random.nextDouble() / 3,
                new Lognormal(1e9 * (2 + 20 * random.nextDouble()), 0.4));
    }

    /** Two models at the key of {@code a}, of which one may reason, or be refused. */
    private static Map<String, ModelProfile> models(SplittableRandom random) {
        Map<String, ModelProfile> models = new LinkedHashMap<>();
        if (random.nextInt(3) == 0) {
            models.put("m", ModelProfile.reasoning(reasoning(random)));
        }
        if (random.nextInt(3) == 0) {
            List<FailureKind> kinds = List.of(FailureKind.QUOTA, FailureKind.AUTH, FailureKind.FORBIDDEN);
            models.put("n", new ModelProfile(Optional.empty(), Optional.of(kinds.get(random.nextInt(kinds.size())))));
        } else {
            models.put("n", ModelProfile.reasoning(reasoning(random)));
        }
        return models;
    }

    /** A model that reasons, shows it or not, and is known for it or not. */
    static Reasoning reasoning(SplittableRandom random) {
        Reasoning.Shows[] all = Reasoning.Shows.values();
        return new Reasoning(
                new Lognormal(1e9 * (5 + 30 * random.nextDouble()), 0.4),
                all[random.nextInt(all.length)],
                random.nextInt(3) > 0);
    }

    private static Traffic traffic(SplittableRandom random) {
        double perSecond = 0.02 + random.nextDouble() / 5;
        Sizes sizes = new Sizes(new Lognormal(500, 0), new Lognormal(60, 1))
                .withLong(random.nextInt(3) == 0 ? 0.1 : 0, new Lognormal(3_000, 0.5));
        return random.nextBoolean()
                ? new Traffic.Steady(perSecond, sizes)
                : new Traffic.InBursts(
                        perSecond, 2 + random.nextInt(8), Duration.ofMillis(1 + random.nextInt(5_000)), sizes);
    }

    /** The chain of a seed. */
    public static ChainSettings chain(long seed) {
        SplittableRandom random = Draws.of(seed, "chain");
        List<String> left = new ArrayList<>(TARGETS);
        List<String> targets = new ArrayList<>();
        for (int length = 1 + random.nextInt(4); length > 0; length--) {
            targets.add(left.remove(random.nextInt(left.size())));
        }
        Map<FailureKind, List<String>> instead = random.nextInt(4) == 0
                ? Map.of(FailureKind.CONTEXT_LENGTH, OTHERS, FailureKind.CONTENT_POLICY, OTHERS.subList(0, 1))
                : Map.of();
        Duration base = Duration.ofMillis(1 + random.nextInt(10_000));
        return ChainSettings.of("rough", targets).toBuilder()
                .instead(instead)
                .deadline(
                        random.nextBoolean()
                                ? Optional.of(Duration.ofMillis(500 + random.nextInt(60_000)))
                                : Optional.empty())
                .timeouts(new Timeouts(
                        Duration.ofMillis(500 + random.nextInt(3_000)),
                        Duration.ofMillis(500 + random.nextInt(15_000)),
                        Duration.ofMillis(500 + random.nextInt(10_000)),
                        Duration.ofMillis(1_000 + random.nextInt(40_000)),
                        Duration.ofMillis(16_000 + random.nextInt(60_000)),
                        Optional.empty(),
                        random.nextInt(5) == 0))
                .limits(random.nextInt(5) == 0 ? List.of(Duration.ofMillis(500 + random.nextInt(20_000))) : List.of())
                .retry(new RetryPolicy(
                        random.nextInt(4),
                        Duration.ofMillis(random.nextInt(500)),
                        Duration.ofSeconds(4),
                        Duration.ofMillis(random.nextInt(5_000)),
                        random.nextBoolean()))
                .cooldown(new CooldownPolicy(
                        1 + random.nextInt(4),
                        random.nextDouble(),
                        base,
                        base.multipliedBy(1 + random.nextInt(10)),
                        Duration.ofSeconds(1 + random.nextInt(120))))
                .commit(commit(random))
                .recovery(recovery(random))
                .hedging(random.nextInt(3) > 0)
                .budgets(new Budgets(random.nextDouble() / 2, random.nextInt(3) == 0 ? 0 : random.nextDouble()))
                .groups(groups(Draws.of(seed, "groups"), targets.size()))
                .build();
    }

    /** In one world of three the first targets of the chain are a group. */
    private static List<Group> groups(SplittableRandom random, int targets) {
        if (random.nextInt(3) > 0) {
            return List.of();
        }
        List<Group.Member> members = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(targets); i++) {
            members.add(new Group.Member(List.of(i), 1 + random.nextInt(4)));
        }
        Group.Strategy[] strategies = Group.Strategy.values();
        return List.of(new Group(
                "rough",
                strategies[random.nextInt(strategies.length)],
                random.nextBoolean(),
                Duration.ofSeconds(random.nextInt(60)),
                members));
    }

    private static Recovery recovery(SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> Recovery.CONTINUE;
            case 1 -> Recovery.RESTART;
            default -> Recovery.TERMINATE;
        };
    }

    private static CommitPoint commit(SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> CommitPoint.FIRST_CONTENT;
            case 1 -> CommitPoint.COMPLETE;
            default -> new CommitPoint.After(1 + random.nextInt(80), Duration.ofMillis(random.nextInt(3_000)));
        };
    }
}
