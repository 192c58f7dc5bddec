package dev.understudy.calls.plan;

import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.GroupPlace;
import dev.understudy.calls.config.GroupPolicy;
import dev.understudy.engine.Target;
import dev.understudy.protocol.options.FallbackOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A target that may become part of a call's chain, with what the caller stated for it.
 *
 * @param called the name that put it into the chain; the target's own name if the configuration did
 * @param timeout the limit of each of its attempts, if the caller stated one
 * @param overrides what this target receives instead of the request's own members
 * @param place its place in a group; empty if it is a step of the chain by itself
 * @param credential the caller's key for this candidate only
 */
record TargetCandidate(
        String called,
        Route route,
        Optional<Duration> timeout,
        List<FallbackOptions.Override> overrides,
        Optional<GroupPlace> place,
        Optional<FallbackOptions.Credential> credential) {
    static TargetCandidate of(Route route) {
        return new TargetCandidate(
                route.target().name(), route, Optional.empty(), List.of(), route.place(), Optional.empty());
    }

    /**
     * The targets of one name in a request.
     *
     * @param routes of the name
     * @param share the name's share of a group that the request states; empty for none
     */
    static List<TargetCandidate> of(
            String called,
            List<Route> routes,
            Optional<Duration> timeout,
            List<FallbackOptions.Override> overrides,
            Optional<FallbackOptions.Share> share) {
        double weights = routes.stream()
                .flatMap(route -> route.place().stream())
                .mapToDouble(GroupPlace::weight)
                .sum();
        return routes.stream()
                .map(route -> new TargetCandidate(
                        called,
                        route,
                        timeout,
                        overrides,
                        share.map(own -> within(own, route.place(), weights)).or(route::place),
                        share.flatMap(FallbackOptions.Share::credential)))
                .toList();
    }

    /** A group of the configuration in one of the request: its members become members of the request's group. */
    private static GroupPlace within(FallbackOptions.Share share, Optional<GroupPlace> place, double weights) {
        GroupPolicy group = GroupPolicy.weighted(share.group());
        return place.map(inner -> new GroupPlace(
                        group,
                        share.member() + "/" + inner.member(),
                        share.weight() * (weights > 0 ? inner.weight() / weights : 0),
                        inner.key()))
                .orElseGet(() -> new GroupPlace(group, share.member(), share.weight(), OptionalInt.empty()));
    }

    /** Whether another one is a member of the same group. */
    boolean isBeside(TargetCandidate other) {
        return place.isPresent()
                && place.map(GroupPlace::group).equals(other.place().map(GroupPlace::group));
    }

    /** Which of the provider's keys is used, from 0; empty for all. */
    OptionalInt key() {
        return place.map(GroupPlace::key).orElse(OptionalInt.empty());
    }

    boolean isNamedIn(Collection<String> names) {
        Target target = route.target();
        return names.contains(called)
                || names.contains(target.provider())
                || names.contains(target.model())
                || names.contains(target.name());
    }
}
