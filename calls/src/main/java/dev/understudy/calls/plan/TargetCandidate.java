package dev.understudy.calls.plan;

import dev.understudy.calls.catalog.Route;
import dev.understudy.engine.Target;
import dev.understudy.protocol.options.FallbackOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A target that may become part of a call's chain, with what the caller stated for it.
 *
 * @param called the name that put it into the chain; the target's own name if the configuration did
 * @param timeout the limit of each of its attempts, if the caller stated one
 * @param overrides what this target receives instead of the request's own members
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
