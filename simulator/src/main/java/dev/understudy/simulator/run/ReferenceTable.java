package dev.understudy.simulator.run;

import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Timeouts;
import dev.understudy.simulator.rules.Budgets;
import dev.understudy.simulator.world.CallersSettings;
import dev.understudy.simulator.world.Climate;
import dev.understudy.simulator.world.Faults;
import dev.understudy.simulator.world.Lognormal;
import dev.understudy.simulator.world.ProviderSettings;
import dev.understudy.simulator.world.Shocks;
import dev.understudy.simulator.world.Sizes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The comparison from which overlap follows: a deadline of 45 s and three targets whose first token takes 6, 6 and 8 s in
 * the median (lognormal, 0.7), each of them down for some of the calls and silent in four tenths of these.
 *
 * <p>Every call stands for itself: nothing cools and nothing is retried, so that only the division of time differs.
 */
public final class ReferenceTable {
    private static final Duration DEADLINE = Duration.ofSeconds(45);
    private static final double SILENT = 0.4;
    private static final List<String> TARGETS = List.of("a/m", "b/m", "c/m");
    /** Enough for the engine to know its targets' usual times, the later ones' too. */
    private static final int WARM_UP = 5_000;

    private ReferenceTable() {}

    /**
     * The world of the table.
     *
     * @param calls how many are measured
     * @param down the share of the calls for which a target is down
     */
    public static Scenario scenario(long seed, int calls, double down) {
        Map<String, ProviderSettings> providers = new LinkedHashMap<>();
        double[] medians = {6e9, 6e9, 8e9};
        for (int i = 0; i < medians.length; i++) {
            providers.put(
                    ChainSettings.providerOf(TARGETS.get(i)),
                    new ProviderSettings(
                            new Lognormal(medians[i], 0.7),
                            new Lognormal(1e6, 0),
                            Climate.CALM,
                            Faults.of(down * (1 - SILENT), down * SILENT),
                            Optional.empty()));
        }
        Sizes sizes = new Sizes(new Lognormal(500, 0), new Lognormal(1, 0));
        return new Scenario(
                seed,
                Duration.ofSeconds(calls + WARM_UP),
                providers,
                Shocks.NONE,
                CallersSettings.QUIET,
                new Traffic.Steady(1, sizes),
                WARM_UP,
                0);
    }

    /** The policies, in the order of the table. */
    public static List<ChainSettings> policies() {
        return List.of(waitForFirst(), equalSplit(), halves(), overlap());
    }

    /** The first target has all the time there is; only an error moves on. */
    public static ChainSettings waitForFirst() {
        Map<FailureKind, List<String>> instead = Map.of(FailureKind.SERVER_ERROR, TARGETS.subList(1, 3));
        return policy("wait for the first", TARGETS.subList(0, 1), instead, Optional.empty(), false);
    }

    /** 15 s each, then killed. */
    public static ChainSettings equalSplit() {
        return policy("15/15/15 then kill", TARGETS, Map.of(), Optional.of(DEADLINE.dividedBy(3)), false);
    }

    /** Half of what is left while another target stands by, then killed: the engine where it knows no usual times. */
    public static ChainSettings halves() {
        return policy("half of what is left", TARGETS, Map.of(), Optional.empty(), false);
    }

    /** The next target from the usual time on, and the first goes on. */
    public static ChainSettings overlap() {
        return policy("overlap", TARGETS, Map.of(), Optional.empty(), true);
    }

    private static ChainSettings policy(
            String name,
            List<String> targets,
            Map<FailureKind, List<String>> instead,
            Optional<Duration> limit,
            boolean overlap) {
        ChainSettings usual = ChainSettings.of(name, targets);
        Timeouts timeouts = new Timeouts(DEADLINE, DEADLINE, DEADLINE, DEADLINE, limit);
        Duration moment = Duration.ofSeconds(1);
        return new ChainSettings(
                name,
                targets,
                instead,
                DEADLINE,
                timeouts,
                new RetryPolicy(0, Duration.ZERO, moment, Duration.ZERO),
                new CooldownPolicy(1_000_000_000, 0, moment, moment, moment),
                usual.commit(),
                usual.recovery(),
                overlap,
                Budgets.DEFAULT);
    }
}
