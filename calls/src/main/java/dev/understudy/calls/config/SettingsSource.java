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

    /** Settings over which a layer of changes can be laid. */
    interface Layered extends SettingsSource {
        /**
         * The configuration as it is now: its file, or the environment if there is none.
         *
         * @throws InvalidSettings if the file cannot be read
         */
        SettingsDocument document() throws InvalidSettings;

        /** Reads such documents. */
        SettingsReader reader();

        @Override
        default Settings read() throws InvalidSettings {
            return reader().read(document(), SettingsLayer.EMPTY);
        }
    }
}
