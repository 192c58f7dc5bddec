package dev.understudy.gateway.http;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.plan.TargetPermissions;
import dev.understudy.gateway.quota.GatewayKey;
import dev.understudy.gateway.quota.KeyQuota;
import dev.understudy.gateway.quota.QuotaExceeded;
import dev.understudy.protocol.json.BadRequest;
import java.time.Instant;
import java.util.List;

/** The limits of a key for requests that are not calls: counts of tokens, stored responses. */
final class PermittedRoutes {
    private PermittedRoutes() {}

    /**
     * The routes of a model that a key may use; at least one.
     *
     * @throws BadRequest if the model is unknown, or the key may not use it
     */
    static List<Route> of(String name, Catalog catalog, TargetPermissions permissions) throws BadRequest {
        permissions.checkName(name, catalog);
        List<Route> routes = catalog.resolve(name);
        if (routes.isEmpty()) {
            throw BadRequest.unknownModel(catalog.whyUnknown(name));
        }
        if (permissions.permitEverything()) {
            return routes;
        }
        List<Route> permitted = routes.stream()
                .filter(route -> permissions.refusalOf(route).isEmpty())
                .toList();
        if (permitted.isEmpty()) {
            throw TargetPermissions.noTarget(routes.stream()
                    .map(route -> route.target().name() + " "
                            + permissions.refusalOf(route).orElse(""))
                    .toList());
        }
        return permitted;
    }

    /**
     * Checks the provider of a request that names no model.
     *
     * @throws BadRequest if the key may not use it
     */
    static void checkProvider(ProviderSettings provider, TargetPermissions permissions) throws BadRequest {
        if (!permissions.permitProvider(provider.name())) {
            throw BadRequest.notPermitted("This key may not use the provider " + provider.name() + ".");
        }
    }

    /**
     * Counts a request that uses no tokens.
     *
     * @throws QuotaExceeded if a limit of the key is reached
     */
    static void countRequest(GatewayKey key) throws QuotaExceeded {
        countRequest(key, 0, 0);
    }

    /**
     * Counts a request whose use is known only as an estimate, since its response is not read.
     *
     * @param cost in picodollars
     */
    static void countRequest(GatewayKey key, long tokens, long cost) throws QuotaExceeded {
        if (key.quota().isPresent()) {
            KeyQuota quota = key.quota().get();
            long now = System.nanoTime();
            Instant at = Instant.now();
            quota.admit(tokens, cost, now, at).settle(tokens, cost, now, at);
        }
    }
}
