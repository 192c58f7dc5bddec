package dev.understudy.store;

import java.util.Optional;

/** What gateways that share a database tell one another. */
public sealed interface StoreChange {
    /** There is a newer version of the settings. */
    record SettingsChanged() implements StoreChange {}

    /** Keys of callers were made, changed or revoked. */
    record KeysChanged() implements StoreChange {}

    /**
     * The operator has closed circuits.
     *
     * @param target whose; empty for all
     */
    record HealthReset(Optional<String> target) implements StoreChange {}
}
