package dev.understudy.calls.catalog;

import dev.understudy.calls.config.ContinueWith;
import dev.understudy.calls.config.Credential;
import dev.understudy.calls.config.GroupPlace;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.config.TargetPolicy;
import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Target;
import dev.understudy.engine.Timeouts;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.model.ModelPrice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How one target is reached, with the limits that the operator set for it.
 *
 * @param target the target as the engine knows it
 * @param provider its account, address and key
 * @param capabilities what its model can do, as far as that is known or configured
 * @param continueWith the form of a continuation; empty to find out
 * @param policy its limits and policies
 * @param price what its tokens cost the operator; empty if that is not known
 * @param callersKey whether the key is one that a caller brought for one call; such a route is not cached
 * @param place its place in a group of the configuration; empty if it is a step of its chain by itself
 */
public record Route(
        Target target,
        ProviderSettings provider,
        ModelCapabilities capabilities,
        Optional<ContinueWith> continueWith,
        TargetPolicy policy,
        Optional<ModelPrice> price,
        boolean callersKey,
        Optional<GroupPlace> place) {

    /** No provider's name contains a colon. */
    private static final String CALLERS = "caller:";

    /** The late marks and limits of its attempts. */
    public Timeouts timeouts() {
        return policy.timeouts();
    }

    /** When it is tried again. */
    public RetryPolicy retry() {
        return policy.retry();
    }

    /** When it is skipped. */
    public CooldownPolicy cooldown() {
        return policy.cooldown();
    }

    /** Its context window in tokens, if it is known. */
    public OptionalInt contextWindow() {
        return capabilities.contextWindow();
    }

    /**
     * The opaque name of a provider's key.
     *
     * @param index from 0, in the configuration's order
     */
    static String credential(String provider, int index) {
        return index == 0 ? provider : provider + "#" + (index + 1);
    }

    /** The same route once with each of the provider's keys, in order. */
    public List<Route> withEachKey() {
        if (provider.furtherKeys().isEmpty()) {
            return List.of(this);
        }
        List<Route> routes = new ArrayList<>();
        routes.add(this);
        for (Credential key : provider.furtherKeys()) {
            String credential = credential(target.provider(), routes.size());
            Target same = new Target(target.provider(), target.model(), credential, target.site());
            routes.add(new Route(same, provider.withKey(key), capabilities, continueWith, policy, price, false, place));
        }
        return List.copyOf(routes);
    }

    /** The same model at the account that has stored what a request refers to. */
    public Route at(ProviderSettings owner) {
        return new Route(target, owner, capabilities, continueWith, policy, price, callersKey, place);
    }

    /**
     * The same route with a key that a caller brought. Its health is separate from that of the operator's keys, and the
     * caller pays for it.
     *
     * @param atCallers the provider with the caller's key and base URL
     */
    public Route withKey(Credential key, ProviderSettings atCallers) {
        String site = atCallers.baseUrl().equals(provider.baseUrl())
                ? target.site()
                : atCallers.baseUrl().toString();
        Target same = new Target(
                target.provider(),
                target.model(),
                CALLERS + key.digest(atCallers.baseUrl().toString()),
                site,
                true);
        return new Route(
                same, atCallers, capabilities, continueWith, policy, Optional.of(ModelPrice.FREE), true, place);
    }
}
