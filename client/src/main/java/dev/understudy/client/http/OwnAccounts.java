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
    public record OwnAccount(ProviderSettings provider, String identity, OwnEndpoint endpoint) {
        private Account account() {
            return new Account(provider, identity);
        }
    }

    /** What of an account decides about plans. Looked up with each call, so its hash is that of its few telling parts. */
    record Account(ProviderSettings provider, String identity) {
        @Override
        public int hashCode() {
            return 31 * provider.name().hashCode() + identity.hashCode();
        }
    }

    /** What a client adds to the fallback options of a request. */
    @FunctionalInterface
    public interface Completion {
        /**
         * The options of a call, which name its primary.
         *
         * @param said those of the request
         * @param primary the target of the call's model
         * @param catalog the names of the configuration, and the own accounts
         */
        FallbackOptions of(FallbackOptions said, String primary, Catalog catalog);
    }

    List<Account> accounts() {
        if (others.isEmpty()) {
            return List.of(primary.account());
        }
        List<Account> all = new ArrayList<>();
        others.forEach(each -> all.add(each.account()));
        all.add(primary.account());
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
        return completion.of(said, primaryOf(named), catalog);
    }

    /** The plan with a primary that gets the request as it was made, for the API for which it was made. */
    PlannedCall exact(PlannedCall planned, Api api) {
        List<PlannedTarget> targets = planned.targets().stream()
                .map(each -> isPrimary(each, planned.name()) ? exact(each, api) : each)
                .toList();
        return new PlannedCall(
                planned.name(), planned.plan(), targets, planned.skipped(), planned.delivery(), planned.warnings());
    }

    private boolean isPrimary(PlannedTarget target, String name) {
        return target.route().target().name().equals(name)
                && target.route().provider().name().equals(primary.provider().name());
    }

    private static PlannedTarget exact(PlannedTarget target, Api api) {
        Route route = target.route();
        Route unchanging = new Route(
                route.target(),
                route.provider(),
                // Nothing is known that would have to be changed for it.
                ModelCapabilities.UNKNOWN,
                route.continueWith(),
                route.policy(),
                route.price(),
                route.callersKey(),
                route.place());
        return new PlannedTarget(unchanging, api, target.overrides());
    }
}
