package dev.understudy.simulator.report;

import dev.understudy.simulator.run.Measures;
import dev.understudy.simulator.run.Scenario;
import dev.understudy.simulator.world.Weather;
import java.util.List;
import java.util.Map;

/**
 * The results of chains with the same seed.
 *
 * @param runs in the order in which they are to be shown
 */
public record Results(long seed, List<Run> runs) {
    public Results {
        runs = List.copyOf(runs);
    }

    /**
     * One chain.
     *
     * @param name for reports
     * @param targets in the order of the chain
     * @param weather of each provider
     */
    public record Run(
            String name, List<String> targets, Scenario scenario, Measures measures, Map<String, Weather> weather) {}
}
