package dev.understudy.engine;

import dev.understudy.engine.Disposition.Scope;

/**
 * Why a target is skipped, or was until just now: one scope whose failures opened its circuit breaker.
 *
 * @param scope whose failures they were
 * @param state {@link Availability.State#COOLING}; {@link Availability.State#ON_TRIAL} while one call tries it out; {@link
 *     Availability.State#READY} if the cooldown is over and the next call will be the trial
 * @param since the time at which it began; failures since then may have extended it
 * @param because the failure that set its end
 * @param until the time until which others are kept out: the end of the cooldown or, on trial, that of the trial's lease
 * @param trips how many cooldowns there were in a row, with no answer between them; at least 1
 * @param binding whether the provider itself set the time, or said that requests are useless
 */
public record OpenCircuit(
        Scope scope,
        Availability.State state,
        long since,
        FailureKind because,
        long until,
        int trips,
        boolean binding) {

    /** The one of two that keeps a target out for longer. */
    static OpenCircuit worse(OpenCircuit one, OpenCircuit other) {
        if (one.state != other.state) {
            return severity(one.state) >= severity(other.state) ? one : other;
        }
        return one.until - other.until >= 0 ? one : other;
    }

    private static int severity(Availability.State state) {
        return switch (state) {
            case READY -> 0;
            case ON_TRIAL -> 1;
            case COOLING -> 2;
        };
    }
}
