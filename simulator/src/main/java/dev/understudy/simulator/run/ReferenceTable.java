package dev.understudy.simulator.run;

import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Timeouts;
import dev.understudy.simulator.world.CallersSettings;
import dev.understudy.simulator.world.Climate;
import dev.understudy.simulator.world.Faults;
import dev.understudy.simulator.world.Habits;
import dev.understudy.simulator.world.Lognormal;
import dev.understudy.simulator.world.ModelProfile;
import dev.understudy.simulator.world.ProviderProfile;
import dev.understudy.simulator.world.RateLimit;
import dev.understudy.simulator.world.Reasoning;
import dev.understudy.simulator.world.Reasoning.Shows;
import dev.understudy.simulator.world.Sizes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The comparison that speaks for hedging: four ways to divide the time of a call among three targets.
 *
 * <p>In the worlds of {@link #scenario} the first token takes 6, 6 and 8 s in the median (lognormal, 0.7), each target is
 * down for some of the calls and silent in four tenths of these, and a deadline of 45 s is set. In the world of {@link
 * #slowButWell} models reason and answers are long, and each policy has a deadline of its own.
 *
 * <p>Every call stands for itself: nothing cools and nothing is retried, so that only the division of time differs.
 */
public final class ReferenceTable {
    private static final Duration DEADLINE = Duration.ofSeconds(45);
    private static final double SILENT = 0.4;
    private static final List<String> TARGETS = List.of("a/m", "b/m", "c/m");
    /** Enough for the engine to know its targets' usual times, the later ones' too. */
    private static final int WARM_UP = 5_000;

    private static final double SECOND = 1e9;

    private ReferenceTable() {}

    /**
     * The world of the table.
     *
     * @param calls how many are measured
     * @param down the share of the calls for which a target is down
     */
    public static Scenario scenario(long seed, int calls, double down) {
        Map<String, ProviderProfile> providers = new LinkedHashMap<>();
        double[] medians = {6e9, 6e9, 8e9};
        for (int i = 0; i < medians.length; i++) {
            providers.put(
                    ChainSettings.providerOf(TARGETS.get(i)),
                    new ProviderProfile(
                            new Lognormal(medians[i], 0.7), new Lognormal(1e6, 0), Climate.CALM, faults(down), none()));
        }
        Sizes sizes = new Sizes(new Lognormal(500, 0), new Lognormal(1, 0));
        return world(seed, calls, providers, CallersSettings.NO_CONTENT, sizes);
    }

    /**
     * A world of models that reason for half a minute, half of them without showing it, and of answers of minutes; a third
     * of the callers wants no stream.
     */
    public static Scenario slowButWell(long seed, int calls, double down) {
        Habits habits = new Habits(1, 0.5, seconds(4, 0.3), 0.1, seconds(20, 0.5), 0.02, seconds(12, 0.5));
        Map<String, ProviderProfile> providers = new LinkedHashMap<>();
        Shows[] shows = {Shows.REASONING, Shows.PINGS, Shows.NOTHING};
        for (int i = 0; i < shows.length; i++) {
            providers.put(
                    ChainSettings.providerOf(TARGETS.get(i)),
                    new ProviderProfile(
                            seconds(1.5, 0.7),
                            seconds(0.02, 0.2),
                            Climate.CALM,
                            faults(down),
                            none(),
                            habits,
                            Map.of("m", ModelProfile.reasoning(new Reasoning(seconds(25, 0.6), shows[i], true)))));
        }
        Sizes sizes = Sizes.ofDefaults().withLong(0.2, new Lognormal(4_000, 0.5));
        return world(seed, calls, providers, new CallersSettings(0.67, 0, 0, 0, 0, 0.2, 0), sizes);
    }

    private static Faults faults(double down) {
        return Faults.of(down * (1 - SILENT), down * SILENT);
    }

    private static Optional<RateLimit> none() {
        return Optional.empty();
    }

    private static Lognormal seconds(double median, double spread) {
        return new Lognormal(median * SECOND, spread);
    }

    private static Scenario world(
            long seed, int calls, Map<String, ProviderProfile> providers, CallersSettings callers, Sizes sizes) {
        return Scenario.of(seed, Duration.ofSeconds(calls + WARM_UP), providers, callers, new Traffic.Steady(1, sizes))
                .toBuilder()
                .warmUp(WARM_UP)
                .build();
    }

    /** The policies where a deadline of 45 s is set, in the order of the table. */
    public static List<ChainSettings> policies() {
        return List.of(waitForFirst(Optional.of(DEADLINE)), equalSplit(), halves(), hedging(Optional.of(DEADLINE)));
    }

    /** The policies where each has its own deadline: to wait and to hedge need none, to divide needs something to divide. */
    public static List<ChainSettings> policiesWithTheirDeadlines() {
        return List.of(waitForFirst(Optional.empty()), equalSplit(), halves(), hedging(Optional.empty()));
    }

    /** The first target has all the time there is; only an error moves on. */
    public static ChainSettings waitForFirst(Optional<Duration> deadline) {
        Map<FailureKind, List<String>> instead = Map.of(FailureKind.SERVER_ERROR, TARGETS.subList(1, 3));
        return policy("wait for the primary", TARGETS.subList(0, 1), instead, deadline, List.of(), false);
    }

    /** 15 s each, then killed. */
    public static ChainSettings equalSplit() {
        Duration third = DEADLINE.dividedBy(3);
        List<Duration> limits = List.of(third, third, third);
        return policy("15/15/15, then cancel", TARGETS, Map.of(), Optional.of(DEADLINE), limits, false);
    }

    /** Half of what is left while another target stands by, then killed. */
    public static ChainSettings halves() {
        List<Duration> limits = List.of(DEADLINE.dividedBy(2), DEADLINE.dividedBy(4));
        return policy("half of the rest, then cancel", TARGETS, Map.of(), Optional.of(DEADLINE), limits, false);
    }

    /** The next target beside a late one, which continues: the engine with its defaults. */
    public static ChainSettings hedging(Optional<Duration> deadline) {
        return policy("hedge (the defaults)", TARGETS, Map.of(), deadline, List.of(), true);
    }

    private static ChainSettings policy(
            String name,
            List<String> targets,
            Map<FailureKind, List<String>> instead,
            Optional<Duration> deadline,
            List<Duration> limits,
            boolean hedging) {
        // Where late marks start no hedges they are out of the way, so that no attempt counts as hung.
        Duration never = Duration.ofMinutes(10);
        Timeouts timeouts = hedging
                ? Timeouts.ofDefaults()
                : new Timeouts(never, never, never, never, never, Optional.empty(), false);
        Duration moment = Duration.ofSeconds(1);
        return ChainSettings.of(name, targets).toBuilder()
                .instead(instead)
                .deadline(deadline)
                .timeouts(timeouts)
                .limits(limits)
                .retry(new RetryPolicy(0, Duration.ZERO, moment, Duration.ZERO))
                .cooldown(new CooldownPolicy(1_000_000_000, 0, moment, moment, moment))
                .hedging(hedging)
                .build();
    }
}
