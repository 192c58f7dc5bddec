package dev.understudy.gateway.config;

import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Timeouts;
import dev.understudy.protocol.dialect.ModelCapabilities;
import java.util.Optional;

/**
 * One target of a configured model.
 *
 * @param target {@code provider/model}
 * @param stated what the configuration says of its model's abilities, which corrects what is known of it
 * @param continueWith how it is asked to go on with another's answer; empty for what its provider says
 * @param timeouts the limits for it in this model's chain
 * @param retry when it is asked again
 * @param cooldown when it is passed over
 */
public record TargetSettings(
        String target,
        ModelCapabilities stated,
        Optional<ContinueWith> continueWith,
        Timeouts timeouts,
        RetryPolicy retry,
        CooldownPolicy cooldown) {}
