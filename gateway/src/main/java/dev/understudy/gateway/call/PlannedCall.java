package dev.understudy.gateway.call;

import dev.understudy.engine.Plan;
import dev.understudy.engine.TrailEntry;
import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.config.Api;
import dev.understudy.protocol.ask.Ask;
import dev.understudy.protocol.chat.acceptance.Acceptance;
import java.util.List;

/**
 * A call with everything decided that can be decided before anybody is asked.
 *
 * @param name the model that the caller asked for first
 * @param plan what the engine is to do
 * @param stops where each step of the plan goes, by the step's id
 * @param passedOver what the caller named but nobody can ask, for the trail
 * @param emptyAllowed whether a blank answer is an answer
 * @param acceptance what else an answer must be like
 * @param warnings what the caller should know, though the call goes on
 */
record PlannedCall(
        String name,
        Plan plan,
        List<Stop> stops,
        List<TrailEntry> passedOver,
        boolean emptyAllowed,
        Acceptance acceptance,
        List<String> warnings) {
    PlannedCall {
        stops = List.copyOf(stops);
        passedOver = List.copyOf(passedOver);
        warnings = List.copyOf(warnings);
    }

    /**
     * @param route where the request goes
     * @param api in which of its languages it is asked
     * @param overrides what this target gets instead of the request's own members
     */
    record Stop(Route route, Api api, List<Ask.Override> overrides) {}
}
