package dev.understudy.simulator.world;

import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Manner;
import java.util.Optional;

/**
 * What a provider is asked.
 *
 * @param call the call's number
 * @param target the target's name
 * @param nth how many requests of the call went to this target before
 * @param tokens how long the answer is, or what is left of it
 * @param streaming whether it is streamed
 * @param manner why it is asked
 * @param callersFault what is wrong with the request itself, which every target says
 */
public record Request(
        int call,
        String target,
        int nth,
        int tokens,
        boolean streaming,
        Manner manner,
        Optional<FailureKind> callersFault) {}
