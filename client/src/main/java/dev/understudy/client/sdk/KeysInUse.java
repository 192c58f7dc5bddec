package dev.understudy.client.sdk;

import dev.understudy.calls.config.Credential;
import dev.understudy.protocol.failure.SecretsInUse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys that an SDK's requests carry: each gets an opaque name, and is kept out of errors as long as the client is in use. */
final class KeysInUse implements AutoCloseable {
    private static final List<String> KEY_HEADERS = List.of("authorization", "api-key", "x-api-key", "x-goog-api-key");
    /** Tokens of cloud identities are renewed now and then, and the old ones are forgotten. */
    private static final int MOST = 64;

    private static final String WITHOUT_KEY = "without a key";
    private static final String BEARER = "bearer ";

    private final Map<KeyAt, KeyInUse> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<KeyAt, KeyInUse> eldest) {
            boolean isFull = size() > MOST;
            if (isFull) {
                eldest.getValue().secret().close();
            }
            return isFull;
        }
    };

    /** Shows nothing of the key. */
    private record KeyAt(String key, String baseUrl) {
        @Override
        public String toString() {
            return "a key at " + baseUrl;
        }
    }

    /** @param secret ends when the key is no longer kept out of errors */
    private record KeyInUse(String identity, SecretsInUse.Registration secret) {}

    /** The opaque name of a request's key at its address. */
    String identity(SdkRequest request) {
        for (String name : KEY_HEADERS) {
            Optional<String> value = request.header(name);
            if (value.isPresent()) {
                return identity(withoutScheme(value.get()), request.baseUrl());
            }
        }
        return identity("", request.baseUrl());
    }

    /** The opaque name of a key at an address. */
    synchronized String identity(String key, String baseUrl) {
        return known.computeIfAbsent(new KeyAt(key, baseUrl), KeysInUse::register)
                .identity();
    }

    private static KeyInUse register(KeyAt at) {
        return at.key().isBlank()
                ? new KeyInUse(Credential.of(WITHOUT_KEY).digest(at.baseUrl()), SecretsInUse.register(List.of()))
                : new KeyInUse(Credential.of(at.key()).digest(at.baseUrl()), SecretsInUse.register(List.of(at.key())));
    }

    private static String withoutScheme(String header) {
        String text = header.strip();
        return text.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? text.substring(BEARER.length()).strip()
                : text;
    }

    @Override
    public synchronized void close() {
        known.values().forEach(each -> each.secret().close());
        known.clear();
    }
}
