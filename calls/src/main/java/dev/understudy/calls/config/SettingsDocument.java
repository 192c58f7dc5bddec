package dev.understudy.calls.config;

import java.util.Optional;

/**
 * What a configuration is read from.
 *
 * @param name what messages call it: the file as the operator named it
 * @param text in YAML; empty if there is no file, so that the environment alone counts
 */
public record SettingsDocument(String name, Optional<String> text) {
    /** No file. */
    public static final SettingsDocument ENVIRONMENT = new SettingsDocument("environment", Optional.empty());
}
