package dev.understudy.gateway.catalog;

import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Target;
import dev.understudy.engine.Timeouts;
import dev.understudy.gateway.config.ContinueWith;
import dev.understudy.gateway.config.Credential;
import dev.understudy.gateway.config.ProviderSettings;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The way to one target, with the limits that the operator set for it.
 *
 * @param target who is asked
 * @param provider where and how
 * @param contextWindow its context window in tokens, if the configuration says so
 * @param continueWith how it is asked to go on with another's answer; empty to find out
 * @param timeouts how long it may take
 * @param retry when it is asked again
 * @param cooldown when it is passed over
 * @param callersKey whether the key is one that a caller brought for one call; such a route is not remembered
 */
public record Route(
        Target target,
        ProviderSettings provider,
        OptionalInt contextWindow,
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

    /** The same way with a key that a caller brought. Its health is the key's own, whatever befalls the operator's. */
    public Route withKey(Credential key) {
        String owner = CALLERS + Integer.toHexString(key.hashCode()) + "@" + target.provider();
        Target same = new Target(target.provider(), target.model(), owner, target.site());
        return new Route(same, provider.withKey(key), contextWindow, continueWith, timeouts, retry, cooldown, true);
    }
}
