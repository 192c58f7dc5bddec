package dev.understudy.gateway.catalog;

import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Target;
import dev.understudy.engine.Timeouts;
import dev.understudy.gateway.config.ContinueWith;
import dev.understudy.gateway.config.Credential;
import dev.understudy.gateway.config.ProviderSettings;
import dev.understudy.protocol.dialect.Abilities;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The way to one target, with the limits that the operator set for it.
 *
 * @param target who is asked
 * @param provider where and how
 * @param abilities what its model can do, as far as it is known or configured
 * @param continueWith how it is asked to go on with another's answer; empty to find out
 * @param timeouts how long it may take
 * @param retry when it is asked again
 * @param cooldown when it is passed over
 * @param callersKey whether the key is one that a caller brought for one call; such a route is not remembered
 */
public record Route(
        Target target,
        ProviderSettings provider,
        Abilities abilities,
        Optional<ContinueWith> continueWith,
        Timeouts timeouts,
        RetryPolicy retry,
        CooldownPolicy cooldown,
        boolean callersKey) {

    /** No provider's name has a colon in it. */
    private static final String CALLERS = "caller:";

    /** Whether a target is reached with a key that a caller brought. */
    public static boolean isWithCallersKey(Target target) {
        return target.credential().startsWith(CALLERS);
    }

    /** Its context window in tokens, if it is known. */
    public OptionalInt contextWindow() {
        return abilities.contextWindow();
    }

    /** The same way once with each of the provider's keys, in order. */
    public List<Route> withEachKey() {
        if (provider.furtherKeys().isEmpty()) {
            return List.of(this);
        }
        List<Route> ways = new ArrayList<>();
        ways.add(this);
        for (Credential key : provider.furtherKeys()) {
            Target same = new Target(
                    target.provider(), target.model(), target.provider() + "#" + (ways.size() + 1), target.site());
            ways.add(new Route(same, provider.withKey(key), abilities, continueWith, timeouts, retry, cooldown, false));
        }
        return List.copyOf(ways);
    }

    /**
     * The same way with a key that a caller brought. Its health is the key's own, whatever befalls the operator's.
     *
     * @param atCallers the provider as the caller wants it asked, with its key
     */
    public Route withKey(Credential key, ProviderSettings atCallers) {
        String owner = CALLERS + Integer.toHexString(key.hashCode()) + "@" + atCallers.baseUrl();
        String site = atCallers.baseUrl().equals(provider.baseUrl())
                ? target.site()
                : atCallers.baseUrl().toString();
        Target same = new Target(target.provider(), target.model(), owner, site);
        return new Route(same, atCallers, abilities, continueWith, timeouts, retry, cooldown, true);
    }
}
