package dev.understudy.gateway.admin;

import dev.understudy.calls.config.Credential;
import dev.understudy.calls.config.Settings;
import dev.understudy.engine.SharedState;
import dev.understudy.gateway.quota.GatewayKeys;
import java.util.Optional;
import java.util.Set;

/** The configuration that is in force, with what is changed of it beside the settings' versions: keys of callers and of providers. */
public interface RunningConfiguration {
    /** The settings, with the keys of providers that were set at run time. */
    Settings settings();

    /** Health, latencies and budgets. */
    SharedState shared();

    /** The keys of callers. */
    GatewayKeys keys();

    /** Puts the keys of callers in force that were made at run time, for the next call. */
    void useKeys(GatewayKeys.Stored stored);

    /** The providers whose key was set at run time. */
    Set<String> providersWithOwnKey();

    /**
     * Sets the key of a provider in place of the configuration's, until the process ends; for the next attempt.
     *
     * @param key empty for that of the configuration
     */
    void useProviderKey(String provider, Optional<Credential> key);
}
