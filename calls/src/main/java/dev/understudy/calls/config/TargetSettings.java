package dev.understudy.calls.config;

import dev.understudy.protocol.dialect.ModelCapabilities;
import java.util.Optional;

/**
 * One target of a configured model.
 *
 * @param target {@code provider/model}
 * @param stated the capabilities that the configuration states, which correct what is known of the model
 * @param continueWith the form of a continuation; empty for its provider's setting
 * @param policy its limits and policies in this model's chain
 * @param place its place in a group; empty if it is a step of the chain by itself
 */
public record TargetSettings(
        String target,
        ModelCapabilities stated,
        Optional<ContinueWith> continueWith,
        TargetPolicy policy,
        Optional<GroupPlace> place) {

    /** The same target as a member of a group. */
    TargetSettings at(GroupPlace inGroup) {
        return new TargetSettings(target, stated, continueWith, policy, Optional.of(inGroup));
    }
}
