package dev.understudy.gateway.replicas;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.config.Credential;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.engine.CircuitId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Tells whether two replicas mean the same account by the same name. While a new key or address is rolled out, what happens with the
 * old one must not be believed of the new one.
 *
 * <p>An account is told by 32 bits of a digest of its address and its key: enough to tell two apart, and too few to find a key by, since
 * many texts have the same.
 */
final class Accounts {
    private static final int BYTES = 4;

    private final Settings settings;
    private final Map<String, String> bySite = new HashMap<>();
    private final Map<String, String> byCredential = new HashMap<>();

    Accounts(Settings settings) {
        this.settings = settings;
        settings.providers().values().forEach(this::add);
    }

    private void add(ProviderSettings provider) {
        String address = provider.baseUrl().toString();
        bySite.put(provider.name(), digest(address));
        for (String name : Catalog.credentialsOf(provider)) {
            byCredential.put(name, digest(address + '\n' + key(provider, name)));
        }
    }

    /** The names of further keys end with their numbers, from 2. */
    private static String key(ProviderSettings provider, String name) {
        int number = name.lastIndexOf('#');
        Optional<Credential> key = number < provider.name().length()
                ? provider.apiKey()
                : Optional.of(provider.furtherKeys().get(Integer.parseInt(name.substring(number + 1)) - 2));
        return key.map(Credential::reveal).orElse("");
    }

    /** Whether these are the accounts of the settings. */
    @SuppressWarnings("ReferenceEquality") // Settings are replaced as a whole.
    boolean areOf(Settings others) {
        return settings == others;
    }

    /** Empty if the account is not one of the configuration. */
    Optional<String> of(CircuitId circuit) {
        return Optional.ofNullable(
                switch (circuit.scope()) {
                    case PROVIDER -> bySite.get(circuit.name());
                    case CREDENTIAL, TARGET -> byCredential.get(circuit.credential());
                });
    }

    /** Empty if the key is not one of the configuration. */
    Optional<String> ofCredential(String credential) {
        return Optional.ofNullable(byCredential.get(credential));
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
