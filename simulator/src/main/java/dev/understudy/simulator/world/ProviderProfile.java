package dev.understudy.simulator.world;

import java.util.Map;
import java.util.Optional;

/**
 * One provider as it is to be simulated.
 *
 * @param firstToken nanoseconds from the request to the first token
 * @param perToken nanoseconds from one token to the next
 * @param climate its incidents
 * @param faults what goes wrong when there is none
 * @param limit how much it takes
 * @param habits how it answers when nothing goes wrong
 * @param models by name, those that differ from the others; all of them share one key
 */
public record ProviderProfile(
        Lognormal firstToken,
        Lognormal perToken,
        Climate climate,
        Faults faults,
        Optional<RateLimit> limit,
        Habits habits,
        Map<String, ModelProfile> models) {
    public ProviderProfile {
        models = Map.copyOf(models);
    }

    /** A provider from which nothing comes but content, and whose models are all alike. */
    public ProviderProfile(
            Lognormal firstToken, Lognormal perToken, Climate climate, Faults faults, Optional<RateLimit> limit) {
        this(firstToken, perToken, climate, faults, limit, Habits.NONE, Map.of());
    }

    /** How one of its models is. */
    public ModelProfile model(String name) {
        return models.getOrDefault(name, ModelProfile.PLAIN);
    }
}
