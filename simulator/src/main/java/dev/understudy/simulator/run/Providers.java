package dev.understudy.simulator.run;

import dev.understudy.simulator.world.SimulatedProvider;
import dev.understudy.simulator.world.Weather;
import java.util.LinkedHashMap;
import java.util.Map;

/** The providers of one run, with their weather. */
public final class Providers {
    private final Map<String, SimulatedProvider> byName = new LinkedHashMap<>();

    public Providers(Scenario scenario) {
        long end = scenario.duration().toNanos();
        scenario.providers().forEach((name, settings) -> {
            Weather weather = Weather.draw(scenario.seed(), name, settings.climate(), scenario.shocks(), end);
            byName.put(name, new SimulatedProvider(settings, weather, scenario.seed()));
        });
    }

    /** The provider of a target. */
    SimulatedProvider of(String target) {
        SimulatedProvider provider = byName.get(ChainSettings.providerOf(target));
        if (provider == null) {
            throw new IllegalArgumentException("no provider is known for " + target);
        }
        return provider;
    }

    /** The weather of each. */
    public Map<String, Weather> weather() {
        Map<String, Weather> weather = new LinkedHashMap<>();
        byName.forEach((name, provider) -> weather.put(name, provider.weather()));
        return weather;
    }
}
