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

    /** A world without common incidents and warm-up, in which the engine knows nothing yet. */
    public static Scenario of(
            long seed,
            Duration duration,
            Map<String, ProviderProfile> providers,
            CallersSettings callers,
            Traffic traffic) {
        return new Scenario(seed, duration, providers, Shocks.NONE, callers, traffic, 0, 0);
    }

    /** The same, to be changed. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** The same with another seed. */
    public Scenario withSeed(long other) {
        return toBuilder().seed(other).build();
    }

    /** The same for another time. */
    public Scenario lasting(Duration other) {
        return toBuilder().duration(other).build();
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

    /** Makes a scenario from another. */
    public static final class Builder {
        private long seed;
        private Duration duration;
        private Map<String, ProviderProfile> providers;
        private Shocks shocks;
        private CallersSettings callers;
        private Traffic traffic;
        private int warmUp;
        private int known;

        private Builder(Scenario begin) {
            seed = begin.seed;
            duration = begin.duration;
            providers = begin.providers;
            shocks = begin.shocks;
            callers = begin.callers;
            traffic = begin.traffic;
            warmUp = begin.warmUp;
            known = begin.known;
        }

        public Builder seed(long number) {
            seed = number;
            return this;
        }

        public Builder duration(Duration time) {
            duration = time;
            return this;
        }

        public Builder providers(Map<String, ProviderProfile> byName) {
            providers = byName;
            return this;
        }

        public Builder shocks(Shocks common) {
            shocks = common;
            return this;
        }

        public Builder callers(CallersSettings settings) {
            callers = settings;
            return this;
        }

        public Builder traffic(Traffic arriving) {
            traffic = arriving;
            return this;
        }

        public Builder warmUp(int calls) {
            warmUp = calls;
            return this;
        }

        public Builder known(int answers) {
            known = answers;
            return this;
        }

        public Scenario build() {
            return new Scenario(seed, duration, providers, shocks, callers, traffic, warmUp, known);
        }
    }
}
