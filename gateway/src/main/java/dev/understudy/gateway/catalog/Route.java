package dev.understudy.gateway.catalog;

import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Target;
import dev.understudy.engine.Timeouts;
import dev.understudy.gateway.config.ContinueWith;
import dev.understudy.gateway.config.Credential;
import dev.understudy.gateway.config.ProviderSettings;
import dev.understudy.protocol.dialect.ModelCapabilities;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The way to one target, with the limits that the operator set for it.
 *
 * @param target who is asked
 * @param provider where and how
 * @param capabilities what its model can do, as far as it is known or configured
 * @param continueWith how it is asked to go on with another's answer; empty to find out
 * @param timeouts how long it may take
 * @param retry when it is asked again
 * @param cooldown when it is passed over
 * @param callersKey whether the key is one that a caller brought for one call; such a route is not remembered
 */
public record Route(
        Target target,
        ProviderSettings provider,
        ModelCapabilities capabilities,
        Optional<ContinueWith> continueWith,
        Timeouts timeouts,
        RetryPolicy retry,
        CooldownPolicy cooldown,
        boolean callersKey) {

    /** No provider's name has a colon in it. */
    private static final String CALLERS = "caller:";

    /** As many as nobody finds two keys for that share them: 128 bits. */
    private static final int DIGEST_BYTES = 16;

    /** Its context window in tokens, if it is known. */
    public OptionalInt contextWindow() {
        return capabilities.contextWindow();
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
            ways.add(new Route(
                    same, provider.withKey(key), capabilities, continueWith, timeouts, retry, cooldown, false));
        }
        return List.copyOf(ways);
    }

    /**
     * The same way with a key that a caller brought. Its health is the key's own, whatever befalls the operator's.
     *
     * @param atCallers the provider as the caller wants it asked, with its key
     */
    public Route withKey(Credential key, ProviderSettings atCallers) {
        String site = atCallers.baseUrl().equals(provider.baseUrl())
                ? target.site()
                : atCallers.baseUrl().toString();
        Target same = new Target(target.provider(), target.model(), opaqueName(key, atCallers.baseUrl()), site, true);
        return new Route(same, atCallers, capabilities, continueWith, timeouts, retry, cooldown, true);
    }

    /** A name by which a key at an address is told apart from every other, and from which it cannot be found. */
    private static String opaqueName(Credential key, URI address) {
        MessageDigest digest = sha256();
        digest.update(key.reveal().getBytes(StandardCharsets.UTF_8));
        // No key has this byte in it, so that what follows cannot be part of the key.
        digest.update((byte) 0);
        digest.update(address.toString().getBytes(StandardCharsets.UTF_8));
        return CALLERS + HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
