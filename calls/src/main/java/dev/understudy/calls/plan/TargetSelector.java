package dev.understudy.calls.plan;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.ResponseOwners;
import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.Api;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Target;
import dev.understudy.engine.TrailEntry;
import dev.understudy.protocol.dialect.responses.StoredState;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.translate.CallerRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Selects the targets of a call's chain, and skips the others before the first attempt: unknown names, targets that the
 * caller excludes or its key may not use, providers that do not have the API, models that lack a capability which the request needs.
 */
final class TargetSelector {
    private static final String LACKS_STORED_INPUT = "lacks_stored_input";

    /** In all steps of a chain together. */
    private static final int MOST_TARGETS = 64;

    private final Catalog catalog;
    private final TargetPermissions permissions;
    private final Api api;
    private final CallerRequest request;
    private final FallbackOptions options;
    private final StoredState storedState;
    /** The account that has stored the conversation which the request continues, if it is known and the caller's. */
    private final Optional<ResponseOwners.Owner> owner;
    /** Whether another caller has the conversation, to whose provider both have the same key. */
    private final boolean isOthers;

    private final List<TrailEntry> skipped = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> lacking = new ArrayList<>();
    private final List<String> forbidden = new ArrayList<>();
    private boolean hasExclusions;
    private boolean dependsOnTheRequest;
    private boolean fallbacksAreOff;

    TargetSelector(
            Catalog catalog,
            ResponseOwners owners,
            TargetPermissions permissions,
            Api api,
            CallerRequest request,
            FallbackOptions options,
            String callerName) {
        this.catalog = catalog;
        this.permissions = permissions;
        this.storedState = request.storedState();
        Optional<ResponseOwners.Owner> known = storedState.previousResponse().flatMap(owners::of);
        this.owner = known.filter(each -> each.isOf(callerName));
        this.isOthers = known.isPresent() && owner.isEmpty();
        this.api = api;
        this.request = request;
        this.options = options;
    }

    /** The targets that are skipped so far, and why. */
    List<TrailEntry> skipped() {
        return skipped;
    }

    /** What the caller should know of the selection. */
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
            chain.addAll(TargetCandidate.of(
                    name,
                    primary.subList(0, Catalog.firstStep(primary)),
                    options.primaryTimeout(),
                    options.primaryOverrides(),
                    options.primaryShare()));
        }
        int firstStep = chain.size();
        List<TargetCandidate> fallbacks = options.fallbacks()
                .map(this::candidates)
                .orElseGet(() -> catalog.fallbacksOf(name).orElse(catalog.defaultFallbacks()).stream()
                        .map(TargetCandidate::of)
                        .toList());
        fallbacksAreOff = !catalog.defaultsOf(name).fallbacks();
        if (fallbacksAreOff) {
            leaveOut(fallbacks, chain);
        } else {
            chain.addAll(fallbacks);
        }
        if (options.failPrimaryOnPurpose() && chain.size() > firstStep) {
            List<TargetCandidate> failing = chain.subList(0, firstStep);
            failing.forEach(candidate -> skip(candidate.route().target().name(), "on_purpose"));
            failing.clear();
        }
        return notTooMany(inPreferredOrder(capable(knowing(withApi(permitted(withoutDuplicates(chain)))))));
    }

    /**
     * The operator has switched the fallbacks off. A request that names its own is answered all the same, because a call that
     * would succeed must not fail for a switch that its caller does not know; the warning tells the caller.
     */
    private void leaveOut(List<TargetCandidate> fallbacks, List<TargetCandidate> chain) {
        fallbacks.stream()
                .map(candidate -> candidate.route().target())
                .filter(target ->
                        chain.stream().noneMatch(tried -> tried.route().target().equals(target)))
                .map(Target::name)
                .distinct()
                .forEach(target -> skip(target, "fallbacks_off"));
        if (options.fallbacks().isPresent() && !options.fallbacks().get().isEmpty()) {
            warnings.add(
                    "the fallbacks of this request are not used, because the operator has switched fallbacks off for this"
                            + " model (fallbacks-enabled)");
        }
    }

    private List<TargetCandidate> candidates(List<FallbackOptions.Fallback> fallbacks) {
        return fallbacks.stream()
                .filter(fallback -> mayBeNamed(fallback.model()))
                .flatMap(fallback -> TargetCandidate.of(
                        fallback.model(),
                        known(fallback.model()),
                        fallback.timeout(),
                        fallback.overrides(),
                        fallback.share())
                        .stream())
                .toList();
    }

    private boolean mayBeNamed(String model) {
        boolean may = permissions.permitName(model, catalog);
        if (!may) {
            forbid(BadRequest.shown(model), "model_not_permitted");
        }
        return may;
    }

    private void forbid(String target, String reason) {
        forbidden.add(target + " " + reason);
        skip(target, reason);
    }

    private List<Route> known(String called) {
        List<Route> routes = catalog.resolve(called);
        if (routes.isEmpty()) {
            skip(BadRequest.shown(called), FailureKind.UNKNOWN_MODEL.wireName());
            warnings.add(catalog.whyUnknown(called));
        }
        return routes;
    }

    private void skip(String target, String reason) {
        skipped.add(TrailEntry.skipped(target, reason));
    }

    /** A target that is named twice keeps its first place. */
    private static List<TargetCandidate> withoutDuplicates(List<TargetCandidate> chain) {
        Map<Use, TargetCandidate> each = new LinkedHashMap<>();
        for (TargetCandidate candidate : chain) {
            Target target = candidate.route().target();
            Optional<String> callersKey = candidate.credential().map(FallbackOptions.Credential::key);
            if (!each.containsKey(new Use(target, OptionalInt.empty(), callersKey))) {
                each.putIfAbsent(new Use(target, candidate.key(), callersKey), candidate);
            }
        }
        return List.copyOf(each.values());
    }

    /** A target with one of its provider's keys, or with all of them, or with one of the caller's. */
    private record Use(Target target, OptionalInt key, Optional<String> callersKey) {}

    /** A chain of more targets would only keep providers busy, and a request can name groups that have many. */
    private List<TargetCandidate> notTooMany(List<TargetCandidate> chain) {
        if (chain.size() <= MOST_TARGETS) {
            return chain;
        }
        warnings.add(
                "the chain has " + chain.size() + " targets, of which only the first " + MOST_TARGETS + " are used");
        return chain.subList(0, MOST_TARGETS);
    }

    private List<TargetCandidate> permitted(List<TargetCandidate> chain) {
        List<TargetCandidate> permitted = new ArrayList<>();
        for (TargetCandidate candidate : chain) {
            boolean included = options.only().isEmpty() || candidate.isNamedIn(options.only());
            Optional<String> refusal = permissions.refusalOf(candidate.route());
            if (refusal.isPresent()) {
                forbid(candidate.route().target().name(), refusal.get());
            } else if (included && !candidate.isNamedIn(options.without())) {
                permitted.add(candidate);
            } else {
                hasExclusions = true;
                skip(candidate.route().target().name(), "excluded");
            }
        }
        return permitted;
    }

    /** The candidates whose providers have the API. */
    private List<TargetCandidate> withApi(List<TargetCandidate> chain) {
        List<TargetCandidate> kept = new ArrayList<>();
        for (TargetCandidate candidate : chain) {
            Target target = candidate.route().target();
            if (candidate.route().provider().apiFor(api).isEmpty()) {
                lacks(target, "lacks_" + api.dialect().name());
            } else if (api.returnsVectors()
                    && !kept.isEmpty()
                    && !catalog.giveSameVectors(kept.getFirst().route().target(), target)) {
                // Vectors of different models are not comparable: in an index they are worse than an error.
                lacks(target, "other_vectors");
            } else {
                kept.add(candidate);
            }
        }
        return kept;
    }

    /**
     * The candidates that know what the request refers to. A conversation, an item, a file or cached content that a provider has
     * stored is known to that provider alone; any other target would answer without it. A background job is started once, so
     * nothing stands behind the first target.
     */
    private List<TargetCandidate> knowing(List<TargetCandidate> chain) {
        // Whether a sole target of another dialect can do without an item of Responses is decided in the translation.
        boolean isForeign = api != Api.RESPONSES && !chain.stream().allMatch(this::hasDialect);
        boolean inInput = (chain.size() > 1 || owner.isPresent() || isForeign) && request.hasStoredInput();
        if (chain.isEmpty() || (!storedState.isAny() && !inInput)) {
            return chain;
        }
        dependsOnTheRequest = true;
        String what =
                storedState.conversation() || storedState.previousResponse().isPresent()
                        ? "lacks_conversation"
                        : inInput ? LACKS_STORED_INPUT : "lacks_background";
        boolean ofAnAccount = !what.equals("lacks_background");
        List<TargetCandidate> kept = new ArrayList<>();
        for (TargetCandidate candidate : chain) {
            String provider = candidate.route().target().provider();
            if (!hasDialect(candidate)
                    || (isOthers && !bringsKey(candidate))
                    || (ofAnAccount && !provider.equals(knownTo(kept).orElse(provider)))) {
                lacks(candidate.route().target(), what);
            } else if (storedState.background() && !kept.isEmpty()) {
                skip(candidate.route().target().name(), "background");
            } else {
                kept.add(candidate);
            }
        }
        return kept;
    }

    /** Whether a target has the caller's dialect, so that its provider can have stored what the request refers to. */
    private boolean hasDialect(TargetCandidate candidate) {
        return candidate
                .route()
                .provider()
                .apiFor(api)
                .filter(used -> used.dialect().name().equals(api.dialect().name()))
                .isPresent();
    }

    /** Whether the caller has a key of its own for a target: the provider then decides what that key may see. */
    private boolean bringsKey(TargetCandidate candidate) {
        return options.credentials().stream().anyMatch(brought -> candidate.isNamedIn(Set.of(brought.name())));
    }

    /** The provider that has what is stored: the owner, or else the first of the chain that can have it. */
    private Optional<String> knownTo(List<TargetCandidate> kept) {
        return owner.map(ResponseOwners.Owner::provider)
                .or(() -> kept.stream()
                        .findFirst()
                        .map(first -> first.route().target().provider()));
    }

    /**
     * Of one target with several keys, the routes whose key knows the conversation; a background job has one route only. All
     * routes if the key is no longer configured, or is the caller's.
     *
     * @param key which of the keys a member of a group uses, unless the conversation decides
     */
    List<Route> ofOneAccount(List<Route> routes, OptionalInt key) {
        if (key.isPresent() && owner.isEmpty()) {
            // A key that was taken away at run time leaves the others.
            return List.of(routes.get(Math.min(key.getAsInt(), routes.size() - 1)));
        }
        List<Route> knowing = owner.isEmpty()
                ? routes
                : routes.stream()
                        .filter(route -> owner.get().is(route.target()))
                        .toList();
        List<Route> chosen = knowing.isEmpty() ? routes : knowing;
        return storedState.background() ? List.of(chosen.getFirst()) : chosen;
    }

    /**
     * The candidates whose models have the capabilities that the request needs. If that leaves none, all are kept: the model
     * table may be wrong, and the provider's own error tells the caller more than ours.
     */
    private List<TargetCandidate> capable(List<TargetCandidate> chain) {
        CapabilityFilter filter = new CapabilityFilter(request);
        Map<TargetCandidate, String> lacking = new LinkedHashMap<>();
        for (TargetCandidate candidate : chain) {
            filter.lackedBy(candidate.route().capabilities()).ifPresent(what -> lacking.put(candidate, what));
        }
        if (lacking.isEmpty() || lacking.size() == chain.size()) {
            return chain;
        }
        dependsOnTheRequest = true;
        lacking.forEach((candidate, what) -> skip(candidate.route().target().name(), what));
        return chain.stream().filter(each -> !lacking.containsKey(each)).toList();
    }

    private void lacks(Target target, String what) {
        lacking.add(target.name() + " " + what);
        skip(target.name(), what);
    }

    /** Providers that the caller prefers come first; the others follow in their own order. */
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

    /** The targets that replace the rest of the chain after a certain kind of failure. */
    List<TargetCandidate> instead(List<FallbackOptions.Fallback> fallbacks) {
        return fallbacksAreOff
                ? List.of()
                : notTooMany(knowing(withApi(permitted(withoutDuplicates(candidates(fallbacks))))));
    }

    /** The error of a request for which no target is left. */
    BadRequest noTarget() {
        if (!forbidden.isEmpty()) {
            return TargetPermissions.noTarget(forbidden);
        }
        if (hasExclusions) {
            return BadRequest.noTargetLeft();
        }
        if (!lacking.isEmpty() && storedState.previousResponse().isPresent()) {
            return BadRequest.previousResponse(storedState.previousResponse().get());
        }
        if (lacking.stream().anyMatch(each -> each.endsWith(LACKS_STORED_INPUT))) {
            return BadRequest.unsupported(
                    "The request refers to a file, an item or cached content that is stored at a provider,"
                            + " and no target of the chain is one that can have it: " + String.join(", ", lacking)
                            + ". Name a target at that provider, or send the content itself.");
        }
        return lacking.isEmpty()
                ? BadRequest.unknownModel(String.join("; ", warnings))
                : BadRequest.unsupported("No target of the chain can serve this request: " + String.join(", ", lacking)
                        + ". Name a target that can.");
    }
}
