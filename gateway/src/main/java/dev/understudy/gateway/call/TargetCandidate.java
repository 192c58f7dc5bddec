package dev.understudy.gateway.call;

import dev.understudy.engine.Target;
import dev.understudy.gateway.catalog.Route;
import dev.understudy.protocol.options.FallbackOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A route that a call may take, and what the caller said of it.
 *
 * @param called the name by which it came into the chain; the target's own where the configuration named it
 * @param timeout how long this one may take, if the caller said so
 * @param overrides what this target gets instead of the request's own members
 */
record TargetCandidate(
        String called, Route route, Optional<Duration> timeout, List<FallbackOptions.Override> overrides) {
    static TargetCandidate of(Route route) {
        return new TargetCandidate(route.target().name(), route, Optional.empty(), List.of());
    }

    boolean isNamedIn(Collection<String> names) {
        Target target = route.target();
        return names.contains(called)
                || names.contains(target.provider())
                || names.contains(target.model())
                || names.contains(target.name());
    }
}
