package dev.understudy.gateway;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.ResponseOwners;
import dev.understudy.calls.config.Defaults;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.plan.CallPlanner;
import dev.understudy.engine.SharedState;
import dev.understudy.gateway.quota.GatewayKeys;
import dev.understudy.gateway.quota.SharedLimits;
import dev.understudy.gateway.upstream.ModelLists;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The settings that are in force, and what follows from them alone. Immutable: a reload replaces the snapshot as a whole, and a
 * request uses the one that was in force when it arrived.
 *
 * @param keys of callers; their use is kept by the next snapshot too
 * @param shared health, latencies and budgets; what they have learned is kept by the next snapshot
 */
record ConfigurationSnapshot(
        Settings settings,
        SharedState shared,
        GatewayKeys keys,
        Catalog catalog,
        CallPlanner planner,
        ModelLists modelLists) {

    /**
     * @param sharing the limits of keys with other replicas
     * @param owners which provider has stored which response, shared by all snapshots
     */
    static ConfigurationSnapshot of(
            Settings settings, SharedState shared, Optional<SharedLimits> sharing, ResponseOwners owners) {
        return of(settings, shared, GatewayKeys.of(settings.server().keys(), sharing), owners);
    }

    private static ConfigurationSnapshot of(
            Settings settings, SharedState shared, GatewayKeys keys, ResponseOwners owners) {
        Catalog catalog = Catalog.of(settings);
        return new ConfigurationSnapshot(
                settings,
                shared,
                keys,
                catalog,
                new CallPlanner(catalog, owners, settings.server().bounds().deadline()),
                new ModelLists(catalog.providers()));
    }

    /** The snapshot of other settings, with what this one's calls have learned. */
    ConfigurationSnapshot with(Settings other, ResponseOwners owners) {
        Defaults.Budgets budgets = other.defaults().budgets();
        return of(
                other,
                shared.withBudgets(budgets.retries(), budgets.hedges()),
                keys.changedTo(other.server().keys()),
                owners);
    }

    /** The same snapshot with other keys of callers that were made at run time. */
    ConfigurationSnapshot with(GatewayKeys.Stored stored) {
        return new ConfigurationSnapshot(settings, shared, keys.withStored(stored), catalog, planner, modelLists);
    }

    /** The targets that the settings mention. */
    Set<String> targets() {
        Set<String> names = new LinkedHashSet<>();
        catalog.models()
                .forEach(name -> catalog.resolve(name)
                        .forEach(route -> names.add(route.target().name())));
        return names;
    }
}
