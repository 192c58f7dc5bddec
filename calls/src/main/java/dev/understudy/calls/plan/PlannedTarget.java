package dev.understudy.calls.plan;

import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.Api;
import dev.understudy.protocol.options.FallbackOptions;
import java.util.List;

/**
 * Where one step of a plan sends its requests.
 *
 * @param api the API of the provider that is used: the caller's own if the provider has it, else the one to which the
 *     request is translated
 * @param overrides what this target receives instead of the request's own members
 */
public record PlannedTarget(Route route, Api api, List<FallbackOptions.Override> overrides) {
    public PlannedTarget {
        overrides = List.copyOf(overrides);
    }
}
