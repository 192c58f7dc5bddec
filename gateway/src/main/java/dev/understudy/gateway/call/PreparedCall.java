package dev.understudy.gateway.call;

import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.calls.plan.NoEligibleTarget;
import dev.understudy.calls.plan.PlannedCall;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.translate.CallerRequest;

/**
 * A request that has been read and planned, and whose call has not begun.
 *
 * @param inbound with the turns of an earlier conversation, if only the gateway knows them
 * @param promptTokens an estimate of the prompt's tokens; 0 if no limit of the caller's key needs it
 */
public record PreparedCall(
        InboundRequest inbound, CallerRequest request, FallbackOptions options, Outcome outcome, long promptTokens) {

    /** What planning came to. */
    sealed interface Outcome {
        /** There is a target at least. */
        record Planned(PlannedCall call) implements Outcome {}

        /** No target is left. */
        record NoTarget(NoEligibleTarget reason) implements Outcome {}
    }
}
