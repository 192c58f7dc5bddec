package dev.understudy.gateway.quota;

import dev.understudy.gateway.config.ApiKey;
import dev.understudy.gateway.config.Credential;
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
        long now = System.nanoTime();
        return new GatewayKeys(keys.stream()
                .map(key -> new Known(key.secret(), Optional.of(GatewayKey.of(key, now))))
                .toList());
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
