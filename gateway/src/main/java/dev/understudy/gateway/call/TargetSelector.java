package dev.understudy.gateway.call;

import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Target;
import dev.understudy.engine.TrailEntry;
import dev.understudy.gateway.catalog.Catalog;
import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.config.Api;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.translate.CallerRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whom a call asks, and whom it passes over before anybody is asked: unknown names, those whom the caller excludes, those
 * who do not have the API, those whose models cannot do what the request needs.
 */
final class TargetSelector {
    private final Catalog catalog;
    private final Api api;
    private final CallerRequest request;
    private final FallbackOptions options;
    private final List<TrailEntry> skipped = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> lacking = new ArrayList<>();
    private boolean somebodyWasExcluded;
    private boolean dependsOnTheRequest;

    TargetSelector(Catalog catalog, Api api, CallerRequest request, FallbackOptions options) {
        this.catalog = catalog;
        this.api = api;
        this.request = request;
        this.options = options;
    }

    /** Who was passed over so far, and why. */
    List<TrailEntry> skipped() {
        return skipped;
    }

    /** What the caller should know of it. */
    List<String> warnings() {
        return warnings;
    }

    /** Whether another request for the same model may have another chain. */
    boolean dependsOnTheRequest() {
        return dependsOnTheRequest;
    }

    /** The chain of a call that names this model. */
    List<TargetCandidate> chain(String name) {
        List<TargetCandidate> chain = new ArrayList<>();
        List<Route> primary = known(name);
        if (!primary.isEmpty()) {
            chain.add(new TargetCandidate(
                    name, primary.getFirst(), options.primaryTimeout(), options.primaryOverrides()));
        }
        if (options.fallbacks().isPresent()) {
            chain.addAll(candidates(options.fallbacks().get()));
        } else {
            catalog.fallbacksOf(name)
                    .orElse(catalog.defaultFallbacks())
                    .forEach(route -> chain.add(TargetCandidate.of(route)));
        }
        if (options.failPrimaryOnPurpose() && !primary.isEmpty() && chain.size() > 1) {
            passOver(chain.removeFirst().route().target().name(), "on_purpose");
        }
        return inPreferredOrder(suited(able(permitted(withoutDuplicates(chain)))));
    }

    private List<TargetCandidate> candidates(List<FallbackOptions.Fallback> fallbacks) {
        return fallbacks.stream()
                .flatMap(fallback -> known(fallback.model()).stream()
                        .map(route ->
                                new TargetCandidate(fallback.model(), route, fallback.timeout(), fallback.overrides())))
                .toList();
    }

    private List<Route> known(String called) {
        List<Route> routes = catalog.resolve(called);
        if (routes.isEmpty()) {
            passOver(BadRequest.shown(called), FailureKind.UNKNOWN_MODEL.wireName());
            warnings.add(catalog.whyUnknown(called));
        }
        return routes;
    }

    private void passOver(String target, String reason) {
        skipped.add(TrailEntry.skipped(target, reason));
    }

    /** The first way to a target is the one that is taken. */
    private static List<TargetCandidate> withoutDuplicates(List<TargetCandidate> chain) {
        Map<Target, TargetCandidate> each = new LinkedHashMap<>();
        chain.forEach(candidate -> each.putIfAbsent(candidate.route().target(), candidate));
        return List.copyOf(each.values());
    }

    private List<TargetCandidate> permitted(List<TargetCandidate> chain) {
        List<TargetCandidate> permitted = new ArrayList<>();
        for (TargetCandidate candidate : chain) {
            boolean included = options.only().isEmpty() || candidate.isNamedIn(options.only());
            if (included && !candidate.isNamedIn(options.without())) {
                permitted.add(candidate);
            } else {
                somebodyWasExcluded = true;
                passOver(candidate.route().target().name(), "excluded");
            }
        }
        return permitted;
    }

    /** Those who have what is asked for. */
    private List<TargetCandidate> able(List<TargetCandidate> chain) {
        List<TargetCandidate> able = new ArrayList<>();
        for (TargetCandidate candidate : chain) {
            Target target = candidate.route().target();
            if (candidate.route().provider().apiFor(api).isEmpty()) {
                lacks(target, "lacks_" + api.dialect().name());
            } else if (api == Api.EMBEDDINGS
                    && !able.isEmpty()
                    && !catalog.giveSameVectors(able.getFirst().route().target(), target)) {
                // A vector of another model lies in another space: worse than none in an index.
                lacks(target, "other_vectors");
            } else {
                able.add(candidate);
            }
        }
        return able;
    }

    /**
     * Those whose models can do what the request needs. If that is nobody, everybody: what is known of models may be
     * wrong, and the provider's own words tell a caller more than ours.
     */
    private List<TargetCandidate> suited(List<TargetCandidate> chain) {
        CapabilityFilter suitability = new CapabilityFilter(request);
        Map<TargetCandidate, String> lacking = new LinkedHashMap<>();
        for (TargetCandidate candidate : chain) {
            suitability.lackedBy(candidate.route().capabilities()).ifPresent(what -> lacking.put(candidate, what));
        }
        if (lacking.isEmpty() || lacking.size() == chain.size()) {
            return chain;
        }
        dependsOnTheRequest = true;
        lacking.forEach((candidate, what) -> passOver(candidate.route().target().name(), what));
        return chain.stream().filter(each -> !lacking.containsKey(each)).toList();
    }

    private void lacks(Target target, String what) {
        lacking.add(target.name() + " " + what);
        passOver(target.name(), what);
    }

    /** Providers that the caller prefers come first, the others after them as they were. */
    private List<TargetCandidate> inPreferredOrder(List<TargetCandidate> chain) {
        List<String> order = options.providerOrder();
        if (order.isEmpty()) {
            return chain;
        }
        List<TargetCandidate> sorted = new ArrayList<>(chain);
        sorted.sort(Comparator.comparingInt(candidate -> {
            int rank = order.indexOf(candidate.route().target().provider());
            return rank < 0 ? order.size() : rank;
        }));
        return sorted;
    }

    /** Those who are to be asked after a certain failure. */
    List<TargetCandidate> instead(List<FallbackOptions.Fallback> fallbacks) {
        return able(permitted(withoutDuplicates(candidates(fallbacks))));
    }

    /** What is wrong with a request for which nobody is left. */
    BadRequest noTarget() {
        if (somebodyWasExcluded) {
            return BadRequest.nobodyLeft();
        }
        return lacking.isEmpty()
                ? BadRequest.unknownModel(String.join("; ", warnings))
                : BadRequest.unsupported("No target of the chain can serve this request: " + String.join(", ", lacking)
                        + ". Name one that can.");
    }
}
