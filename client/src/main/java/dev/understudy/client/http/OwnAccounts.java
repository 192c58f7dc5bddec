package dev.understudy.client.http;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.plan.PlannedCall;
import dev.understudy.calls.plan.PlannedTarget;
import dev.understudy.calls.upstream.OwnEndpoint;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.translate.CallerRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The accounts that a call may use beside those of the configuration.
 *
 * @param primary of the call's model: the one that its SDK would have called
 * @param others further ones, which only fallbacks can use
 * @param completion what the client adds to the fallback options of a request
 */
public record OwnAccounts(OwnAccount primary, List<OwnAccount> others, Completion completion) {
    /** The model of a request that names none; no provider receives this name. */
    private static final String UNNAMED = "unnamed-model";

    public OwnAccounts {
        others = List.copyOf(others);
    }

    /**
     * One account.
     *
     * @param provider its name in targets, its dialect and its address
     * @param identity an opaque name of its key, never the key itself: attempts with the same one share their health
     * @param endpoint where its requests go, and how
     */
    public record OwnAccount(ProviderSettings provider, String identity, OwnEndpoint endpoint) {}

    /** What a client adds to the fallback options of a request. */
    @FunctionalInterface
    public interface Completion {
        /**
         * The options of a call.
         *
         * @param said those of the request
         * @param primary the target of the call's model
         * @param catalog the names of the configuration, and the own accounts
         */
        FallbackOptions of(FallbackOptions said, String primary, Catalog catalog);
    }

    List<ProviderSettings> providers() {
        if (others.isEmpty()) {
            return List.of(primary.provider());
        }
        List<ProviderSettings> all = new ArrayList<>();
        others.forEach(each -> all.add(each.provider()));
        all.add(primary.provider());
        return List.copyOf(all);
    }

    Map<String, OwnEndpoint> endpoints() {
        Map<String, OwnEndpoint> all = new HashMap<>();
        others.forEach(each -> all.put(each.provider().name(), each.endpoint()));
        all.put(primary.provider().name(), primary.endpoint());
        return all;
    }

    /** The request with a name for the planner if it has none. The primary receives it without one. */
    CallerRequest named(CallerRequest request) {
        return request.orModel(primary.provider().name() + "/" + UNNAMED, UNNAMED);
    }

    private String primaryOf(CallerRequest named) {
        String own = primary.provider().name() + "/";
        String model = named.model().orElseThrow();
        return model.equals(own + UNNAMED) ? model : own + model;
    }

    FallbackOptions completed(FallbackOptions said, CallerRequest named, Catalog catalog) {
        String target = primaryOf(named);
        List<FallbackOptions.Credential> identities = new ArrayList<>();
        identities.add(identity(primary));
        others.forEach(each -> identities.add(identity(each)));
        FallbackOptions completed = completion.of(said, target, catalog);
        return FallbackOptions.builder()
                .primary(completed.primary().or(() -> Optional.of(target)))
                .primaryTimeout(completed.primaryTimeout())
                .primaryOverrides(completed.primaryOverrides())
                .credentials(identities)
                .build()
                .or(completed);
    }

    private static FallbackOptions.Credential identity(OwnAccount account) {
        return new FallbackOptions.Credential(
                account.provider().name(), account.identity(), Optional.empty(), Optional.empty());
    }

    /**
     * The plan with routes as the SDK has them: the primary gets the request as it was made, for the API for which it was made,
     * and what a call costs is what its account pays.
     */
    PlannedCall exact(PlannedCall planned, Api api, Catalog catalog) {
        Map<String, OwnEndpoint> own = endpoints();
        List<PlannedTarget> targets = planned.targets().stream()
                .map(each -> own.containsKey(each.route().provider().name())
                        ? exact(each, planned.name(), api, catalog)
                        : each)
                .toList();
        return new PlannedCall(
                planned.name(),
                planned.plan(),
                targets,
                planned.skipped(),
                planned.delivery(),
                planned.warnings());
    }

    private PlannedTarget exact(PlannedTarget target, String name, Api api, Catalog catalog) {
        Route route = target.route();
        String targetName = route.target().name();
        boolean isPrimary = targetName.equals(name)
                && route.provider().name().equals(primary.provider().name());
        Route priced = new Route(
                route.target(),
                route.provider(),
                isPrimary ? ModelCapabilities.UNKNOWN : route.capabilities(),
                route.continueWith(),
                route.policy(),
                catalog.resolve(targetName).stream().findFirst().flatMap(Route::price),
                route.callersKey());
        return new PlannedTarget(priced, isPrimary ? api : target.api(), target.overrides());
    }
}
