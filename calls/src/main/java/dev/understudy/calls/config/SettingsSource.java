package dev.understudy.calls.config;

/** Where a running gateway finds its settings again, over which changes can be laid. */
public interface SettingsSource {
    /**
     * The configuration as it is now: its file, or the environment if there is none.
     *
     * @throws InvalidSettings if the file cannot be read
     */
    SettingsDocument document() throws InvalidSettings;

    /** Reads such documents. */
    SettingsReader reader();
}
