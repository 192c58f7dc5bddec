package dev.understudy.simulator.run;

import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.Recovery;
import dev.understudy.simulator.rules.Budgets;
import dev.understudy.simulator.world.CallersSettings;
import dev.understudy.simulator.world.Climate;
import dev.understudy.simulator.world.Draws;
import dev.understudy.simulator.world.Faults;
import dev.understudy.simulator.world.Habits;
import dev.understudy.simulator.world.Lognormal;
import dev.understudy.simulator.world.ModelProfile;
import dev.understudy.simulator.world.ProviderProfile;
import dev.understudy.simulator.world.Sizes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Worlds in which nothing goes wrong at the primary, and in which a gateway may all the same do harm: answers of minutes,
 * late first tokens, reasoning with and without signs of it, pauses, tool calls, slow readers, fallbacks that are down, and
 * hostile callers between ordinary ones. The chain has the default limits. Each seed is another world.
 */
public final class HarmlessWorld {
    private static final double SECOND = 1e9;
    private static final List<String> FALLBACKS = List.of("a/n", "b/m", "c/m");

    private HarmlessWorld() {}

    /** The world of a seed. */
    public static Scenario scenario(long seed) {
        SplittableRandom random = Draws.of(seed, "harmless world");
        boolean fallbacksAreDown = random.nextInt(3) == 0;
        Map<String, ProviderProfile> providers = new LinkedHashMap<>();
        providers.put("a", provider(random, Climate.CALM));
        for (String name : List.of("b", "c")) {
            providers.put(name, provider(random, fallbacksAreDown ? down(random) : Climate.CALM));
        }
        CallersSettings callers = new CallersSettings(
                random.nextDouble(),
                random.nextDouble() / 10,
                random.nextDouble() / 3,
                random.nextDouble() / 10,
                random.nextInt(3) == 0 ? random.nextDouble() / 2 : 0,
                random.nextDouble() / 3,
                random.nextBoolean() ? random.nextDouble() / 2 : 0);
        Sizes sizes = new Sizes(new Lognormal(500, 0), new Lognormal(80, 1))
                .withLong(random.nextDouble() / 4, new Lognormal(3_000, 0.4));
        Traffic traffic = new Traffic.Steady(0.02 + random.nextDouble() / 10, sizes);
        return Scenario.of(seed, Duration.ofMinutes(4), providers, callers, traffic).toBuilder()
                .known(random.nextInt(5) == 0 ? 45 : 0)
                .build();
    }

    private static ProviderProfile provider(SplittableRandom random, Climate climate) {
        // The silent cap of a stream is two minutes: what takes longer without a single byte is no answer.
        Habits habits = new Habits(
                random.nextDouble(),
                random.nextDouble(),
                new Lognormal(SECOND * (3 + 9 * random.nextDouble()), 0),
                random.nextDouble() / 3,
                new Lognormal(SECOND * (5 + 30 * random.nextDouble()), 0),
                random.nextDouble() / 3,
                new Lognormal(SECOND * (2 + 30 * random.nextDouble()), 0));
        Map<String, ModelProfile> models =
                random.nextBoolean() ? Map.of("m", ModelProfile.reasoning(RoughWorld.reasoning(random))) : Map.of();
        return new ProviderProfile(
                new Lognormal(SECOND * (0.2 + 3 * random.nextDouble()), 0.5),
                new Lognormal(1e6 * (5 + random.nextInt(40)), 0.2),
                climate,
                Faults.NONE,
                Optional.empty(),
                habits,
                models);
    }

    /** Down for good, so that nothing of it ever reaches a caller. */
    private static Climate down(SplittableRandom random) {
        return new Climate(Duration.ofMillis(1), new Lognormal(1e18, 0), 1, random.nextInt(3) / 2.0, 0, 0, 1);
    }

    /** The chain of a seed, with the default limits. */
    public static ChainSettings chain(long seed) {
        SplittableRandom random = Draws.of(seed, "harmless chain");
        List<String> left = new ArrayList<>(FALLBACKS);
        List<String> targets = new ArrayList<>(List.of("a/m"));
        for (int more = random.nextInt(4); more > 0; more--) {
            targets.add(left.remove(random.nextInt(left.size())));
        }
        Recovery[] recoveries = Recovery.values();
        return ChainSettings.of("harmless", targets).toBuilder()
                .commit(
                        random.nextInt(4) > 0
                                ? CommitPoint.FIRST_CONTENT
                                : new CommitPoint.After(
                                        1 + random.nextInt(80), Duration.ofMillis(random.nextInt(3_000))))
                .recovery(recoveries[random.nextInt(recoveries.length)])
                .hedging(random.nextInt(4) > 0)
                .budgets(new Budgets(random.nextDouble() / 2, random.nextInt(3) == 0 ? 0 : random.nextDouble()))
                .build();
    }
}
