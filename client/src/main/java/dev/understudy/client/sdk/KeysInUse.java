package dev.understudy.client.sdk;

import dev.understudy.calls.config.Credential;
import dev.understudy.protocol.failure.SecretsInUse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The keys that an SDK's requests carry: each gets an opaque name, and is kept out of errors as long as the client is in use. */
final class KeysInUse implements AutoCloseable {
    private static final List<String> KEY_HEADERS = List.of("authorization", "api-key", "x-api-key", "x-goog-api-key");
    /** Tokens of cloud identities are renewed now and then, and the old ones are forgotten. */
    private static final int MOST = 64;

    private static final String WITHOUT_KEY = "without a key";

    private final Map<String, SecretsInUse.Registration> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SecretsInUse.Registration> eldest) {
            boolean isFull = size() > MOST;
            if (isFull) {
                eldest.getValue().close();
            }
            return isFull;
        }
    };

    /** The opaque name of a request's key at its address. */
    String identity(SdkRequest request) {
        Optional<String> value = KEY_HEADERS.stream()
                .flatMap(name -> request.header(name).stream())
                .findFirst();
        return identity(value.map(KeysInUse::withoutScheme).orElse(""), request.baseUrl());
    }

    /** The opaque name of a key at an address. */
    String identity(String key, String baseUrl) {
        if (!key.isBlank()) {
            register(key);
        }
        return Credential.of(key.isBlank() ? WITHOUT_KEY : key).digest(baseUrl);
    }

    private static String withoutScheme(String header) {
        String text = header.strip();
        return text.toLowerCase(Locale.ROOT).startsWith("bearer ")
                ? text.substring("bearer ".length()).strip()
                : text;
    }

    private synchronized void register(String key) {
        known.computeIfAbsent(key, each -> SecretsInUse.register(List.of(each)));
    }

    @Override
    public synchronized void close() {
        known.values().forEach(SecretsInUse.Registration::close);
        known.clear();
    }
}
