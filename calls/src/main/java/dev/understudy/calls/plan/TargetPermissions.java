package dev.understudy.calls.plan;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.KeyLimits;
import dev.understudy.calls.config.NamePatterns;
import dev.understudy.protocol.json.BadRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which models and targets a key may use. There is one instance per key, so instances are compared by identity where plans are
 * cached.
 *
 * <p>The names that callers write are limited by {@code models}. The targets that the operator put behind such a name are used
 * whatever their names; {@code providers} limits them.
 */
public final class TargetPermissions {
    /** Everything is permitted. */
    public static final TargetPermissions ALL = new TargetPermissions(KeyLimits.NONE);

    private static final String PROVIDER = "provider_not_permitted";
    private static final String PRICE = "lacks_price";

    private final NamePatterns models;
    private final Set<String> providers;
    private final boolean needsPrice;

    private TargetPermissions(KeyLimits limits) {
        this.models = limits.models();
        this.providers = limits.providers();
        this.needsPrice = limits.budget().isLimited() && limits.budget().refusesUnpriced();
    }

    public static TargetPermissions of(KeyLimits limits) {
        TargetPermissions permissions = new TargetPermissions(limits);
        return permissions.permitEverything() ? ALL : permissions;
    }

    /** Whether nothing is limited. */
    public boolean permitEverything() {
        return models.isAny() && providers.isEmpty() && !needsPrice;
    }

    /**
     * Whether a caller may write a name: as it is written or, if no configured model has it, as {@code provider/model}.
     *
     * @param catalog resolves the name
     */
    public boolean permitName(String name, Catalog catalog) {
        if (models.match(name)) {
            return true;
        }
        List<Route> routes = catalog.isConfigured(name) ? List.of() : catalog.resolve(name);
        return !routes.isEmpty() && models.match(routes.getFirst().target().name());
    }

    /**
     * Checks a name that a caller wrote.
     *
     * @throws BadRequest with status 403 if the key may not use it
     */
    public void checkName(String name, Catalog catalog) throws BadRequest {
        if (!permitName(name, catalog)) {
            throw BadRequest.notPermitted("This key may not use the model '" + BadRequest.shown(name)
                    + "'. GET /v1/models lists the models that it may use.");
        }
    }

    /** Whether a provider may be used. */
    public boolean permitProvider(String provider) {
        return providers.isEmpty() || providers.contains(provider);
    }

    /** Why a target is skipped; empty if it may be used. */
    public Optional<String> refusalOf(Route route) {
        if (!permitProvider(route.target().provider())) {
            return Optional.of(PROVIDER);
        }
        return needsPrice && route.price().isEmpty() ? Optional.of(PRICE) : Optional.empty();
    }

    /** Whether a model belongs into the key's list of models. */
    public boolean list(String name, Catalog catalog) {
        return permitEverything()
                || (permitName(name, catalog)
                        && catalog.resolve(name).stream()
                                .anyMatch(route -> refusalOf(route).isEmpty()));
    }

    /** The error of a request none of whose targets may be used. */
    public static BadRequest noTarget(List<String> refused) {
        return BadRequest.notPermitted("This key may use no target of the model's chain: " + String.join(", ", refused)
                + ". GET /v1/models lists the models that it may use.");
    }
}
