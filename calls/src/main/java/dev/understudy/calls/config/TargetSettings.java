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
 */
public record TargetSettings(
        String target, ModelCapabilities stated, Optional<ContinueWith> continueWith, TargetPolicy policy) {}
