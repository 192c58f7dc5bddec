package dev.understudy.calls.config;

/** Where a running gateway finds its settings again. */
@FunctionalInterface
public interface SettingsSource {
    /**
     * Reads the settings anew.
     *
     * @throws InvalidSettings with everything that is wrong with them
     */
    Settings read() throws InvalidSettings;
}
