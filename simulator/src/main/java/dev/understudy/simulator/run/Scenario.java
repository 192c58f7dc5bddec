package dev.understudy.simulator.run;

import dev.understudy.simulator.world.CallersSettings;
import dev.understudy.simulator.world.ProviderProfile;
import dev.understudy.simulator.world.Reasoning;
import dev.understudy.simulator.world.Shocks;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A world, without the chain that is tried in it.
 *
 * @param seed of all that is random in it
 * @param duration how long calls arrive
 * @param providers by name
 * @param warmUp how many calls are made before any is measured
 * @param known how many answers of each target the engine knows the time of when the first call arrives
 */
public record Scenario(
        long seed,
        Duration duration,
        Map<String, ProviderProfile> providers,
        Shocks shocks,
        CallersSettings callers,
        Traffic traffic,
        int warmUp,
        int known) {

    /** The same with another seed. */
    public Scenario withSeed(long other) {
        return new Scenario(other, duration, providers, shocks, callers, traffic, warmUp, known);
    }

    /** The same for another time. */
    public Scenario lasting(Duration other) {
        return new Scenario(seed, other, providers, shocks, callers, traffic, warmUp, known);
    }

    /** Whether the gateway knows that a target reasons before it answers. */
    boolean isKnownToReason(String target) {
        return reasoning(target).filter(Reasoning::recognised).isPresent();
    }

    /** How a target reasons. */
    Optional<Reasoning> reasoning(String target) {
        String model = target.substring(target.indexOf('/') + 1);
        return Optional.ofNullable(providers.get(ChainSettings.providerOf(target)))
                .flatMap(provider -> provider.model(model).reasoning());
    }
}
