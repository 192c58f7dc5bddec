package dev.understudy.simulator.world;

import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Failure;
import java.util.Optional;

/**
 * A request to a provider.
 *
 * @param call the call's number
 * @param target the target's name
 * @param nth how many requests of the call went to this target before
 * @param tokens how long the answer is, or what is left of it
 * @param streaming whether it is streamed
 * @param tool whether its answer ends in a tool call
 * @param attemptKind why it is made
 * @param callersFault what is wrong with the request itself, which every target reports
 */
public record SimulatedRequest(
        int call,
        String target,
        int nth,
        int tokens,
        boolean streaming,
        boolean tool,
        AttemptKind attemptKind,
        Optional<Failure> callersFault) {
    /** The name of the model. */
    String model() {
        return target.substring(target.indexOf('/') + 1);
    }

    /** The same request after {@code others} of the call to this target. */
    public SimulatedRequest following(int others, AttemptKind kind) {
        return new SimulatedRequest(call, target, others, tokens, streaming, tool, kind, callersFault);
    }

    /** The same request with nothing wrong in it. */
    public SimulatedRequest faultless() {
        return new SimulatedRequest(call, target, nth, tokens, streaming, tool, attemptKind, Optional.empty());
    }
}
