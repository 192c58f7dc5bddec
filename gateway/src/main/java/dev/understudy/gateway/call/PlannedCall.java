package dev.understudy.gateway.call;

import dev.understudy.engine.Plan;
import dev.understudy.engine.TrailEntry;
import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.config.Api;
import dev.understudy.protocol.acceptance.Acceptance;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.options.ToolCallDelivery;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A call with everything decided that can be decided before anybody is asked.
 *
 * @param name the model that the caller asked for first
 * @param plan what the engine is to do
 * @param stops where each step of the plan goes, by the step's id
 * @param skipped what the caller named but nobody can ask, for the trail
 * @param emptyAllowed whether a blank answer is an answer
 * @param acceptance what else an answer must be like
 * @param keepAlive after how long a stream on which nothing happens gets a sign of life, and how often from then on; empty
 *     for never
 * @param toolCalls how tool calls of a stream reach the caller
 * @param warnings what the caller should know, though the call goes on
 */
record PlannedCall(
        String name,
        Plan plan,
        List<Stop> stops,
        List<TrailEntry> skipped,
        boolean emptyAllowed,
        Acceptance acceptance,
        Optional<Duration> keepAlive,
        ToolCallDelivery toolCalls,
        List<String> warnings) {
    PlannedCall {
        stops = List.copyOf(stops);
        skipped = List.copyOf(skipped);
        warnings = List.copyOf(warnings);
    }

    /** Whether each tool call of a stream is held back until it is complete. */
    boolean toolCallsWhole() {
        return toolCalls == ToolCallDelivery.WHOLE;
    }

    /** The same call of a caller who is told apart from others by this name; empty if it cannot be. */
    PlannedCall by(String caller) {
        return caller.isEmpty()
                ? this
                : new PlannedCall(
                        name,
                        plan.toBuilder().caller(caller).build(),
                        stops,
                        skipped,
                        emptyAllowed,
                        acceptance,
                        keepAlive,
                        toolCalls,
                        warnings);
    }

    /**
     * @param route where the request goes
     * @param api in which of its languages it is asked
     * @param overrides what this target gets instead of the request's own members
     */
    record Stop(Route route, Api api, List<FallbackOptions.Override> overrides) {}
}
