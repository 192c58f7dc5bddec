package dev.understudy.simulator.world;

import java.util.Optional;

/**
 * One provider as it is to be simulated.
 *
 * @param firstToken nanoseconds from the request to the first token
 * @param perToken nanoseconds from one token to the next
 * @param climate its incidents
 * @param faults what goes wrong when there is none
 * @param limit how much it takes
 */
public record ProviderSettings(
        Lognormal firstToken, Lognormal perToken, Climate climate, Faults faults, Optional<RateLimit> limit) {}
