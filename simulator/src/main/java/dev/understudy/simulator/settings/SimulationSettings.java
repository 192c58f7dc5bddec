package dev.understudy.simulator.settings;

import dev.understudy.simulator.run.ChainSettings;
import dev.understudy.simulator.run.Scenario;
import java.util.List;

/**
 * What is to be simulated.
 *
 * @param scenario the world
 * @param chains one, or several to be compared in the same world; never empty
 */
public record SimulationSettings(Scenario scenario, List<ChainSettings> chains) {
    public SimulationSettings {
        chains = List.copyOf(chains);
    }
}
