package dev.understudy.gateway.quota;

import dev.understudy.calls.config.ApiKey;
import dev.understudy.calls.config.Credential;
import java.util.List;
import java.util.Optional;

/** The keys of {@code server.keys}, with their use: shared by all event loops. */
public final class GatewayKeys {
    private static final Optional<GatewayKey> ANYONE = Optional.of(GatewayKey.ANYONE);

    private final List<Known> keys;

    /** @param found the key as a search returns it */
    private record Known(Credential secret, Optional<GatewayKey> found) {}

    private GatewayKeys(List<Known> keys) {
        this.keys = keys;
    }

    /**
     * Keys of which nothing has been used yet.
     *
     * @param keys none if anyone may call
     */
    public static GatewayKeys of(List<ApiKey> keys) {
        return new GatewayKeys(List.of()).changedTo(keys);
    }

    /** The keys of another configuration. Those that are in both have been used as much as in this one. */
    public GatewayKeys changedTo(List<ApiKey> others) {
        long now = System.nanoTime();
        return new GatewayKeys(others.stream()
                .map(key -> new Known(key.secret(), Optional.of(GatewayKey.of(key, quotaOf(key.secret()), now))))
                .toList());
    }

    private Optional<KeyQuota> quotaOf(Credential secret) {
        return keys.stream()
                .filter(known -> known.secret.equals(secret))
                .findFirst()
                .flatMap(known -> known.found)
                .flatMap(GatewayKey::quota);
    }

    /** Whether callers need no key. */
    public boolean areNone() {
        return keys.isEmpty();
    }

    /** The key that a caller presented; empty if it is none of these. */
    public Optional<GatewayKey> find(String presented) {
        if (keys.isEmpty()) {
            return ANYONE;
        }
        for (Known key : keys) {
            if (key.secret.matches(presented)) {
                return key.found;
            }
        }
        return Optional.empty();
    }
}
