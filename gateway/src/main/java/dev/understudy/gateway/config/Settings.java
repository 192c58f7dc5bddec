package dev.understudy.gateway.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The complete configuration, with every default filled in. Immutable, and free of faults: a reader that finds one
 * throws {@link InvalidSettings} instead.
 *
 * @param server the gateway's own side
 * @param providers the accounts by name, in the configuration's order
 * @param models the names that callers may use, in the configuration's order
 * @param fallbacks for every chain that names none: targets or configured models
 * @param defaults the settings of every call unless its model or the call overrides them
 */
public record Settings(
        ServerSettings server,
        Map<String, ProviderSettings> providers,
        Map<String, ModelSettings> models,
        List<String> fallbacks,
        Defaults defaults) {

    /** The name of the built-in provider that fails on demand. */
    public static final String REHEARSAL = "rehearsal";

    public Settings {
        providers = Collections.unmodifiableMap(new LinkedHashMap<>(providers));
        models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
        fallbacks = List.copyOf(fallbacks);
    }

    /** What is allowed but unsafe, for the operator to read: each with the setting that it is about. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        providers.values().stream()
                .filter(Settings::sendsKeyInTheClear)
                .forEach(provider -> warnings.add("providers."
                        + provider.name() + ".base-url: keys are sent unencrypted to "
                        + provider.baseUrl().getHost()
                        + "; use https"));
        if (server.adminIsOpen() && !ServerSettings.isLoopback(server.adminHost())) {
            warnings.add("server.admin.open: every client that reaches " + server.adminHost()
                    + " can read metrics and health and reset circuits; set server.admin.key");
        }
        return warnings;
    }

    private static boolean sendsKeyInTheClear(ProviderSettings provider) {
        boolean plain = "http".equalsIgnoreCase(provider.baseUrl().getScheme());
        return plain
                && provider.authStyle() != AuthStyle.NONE
                && !ServerSettings.isLoopback(provider.baseUrl().getHost());
    }

    /** Whether the rehearsal provider must be started; until {@link #rehearsalAt} its port is 0. */
    public boolean usesRehearsal() {
        return providers.containsKey(REHEARSAL);
    }

    /**
     * These settings with the rehearsal provider at its real address.
     *
     * @param baseUrl such as {@code http://127.0.0.1:40123/v1}
     */
    public Settings rehearsalAt(URI baseUrl) {
        Map<String, ProviderSettings> moved = new LinkedHashMap<>(providers);
        moved.computeIfPresent(REHEARSAL, (name, provider) -> provider.at(baseUrl));
        return new Settings(server, moved, models, fallbacks, defaults);
    }

    Settings withServer(ServerSettings other) {
        return new Settings(other, providers, models, fallbacks, defaults);
    }
}
