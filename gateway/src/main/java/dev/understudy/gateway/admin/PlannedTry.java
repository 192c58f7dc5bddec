package dev.understudy.gateway.admin;

import dev.understudy.calls.config.Settings;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.calls.plan.PlannedCall;
import dev.understudy.gateway.drill.DrillFault;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.translate.CallerRequest;
import java.util.Map;

/**
 * A call that tries a chain out, as {@link TryPlanner} has planned it: it can begin.
 *
 * @param settings with the chain that is tried
 * @param upstreams what receives its requests
 */
public record PlannedTry(
        Settings settings,
        InboundRequest inbound,
        CallerRequest request,
        FallbackOptions options,
        PlannedCall planned,
        Upstreams upstreams) {
    /** What receives the requests of a call. */
    sealed interface Upstreams {
        /**
         * The rehearsal provider.
         *
         * @param acts what it plays for each target; a target without an act is one of the rehearsal provider itself
         */
        record Rehearsed(Map<String, String> acts) implements Upstreams {}

        /**
         * The providers themselves.
         *
         * @param faults that are injected, by target
         * @param author who called them; empty if that is not known
         */
        record Real(Map<String, DrillFault> faults, String author) implements Upstreams {}
    }
}
