package dev.understudy.gateway.cli;

import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/** Runs the gateway, for {@code understudy serve}. */
@FunctionalInterface
public interface Serving {
    /**
     * Starts the gateway and stays until it has been stopped.
     *
     * @param settings free of faults; if they use the rehearsal provider, it must be started too
     * @param source where the settings are read again for a reload
     * @param watch whether a change of the file reloads the settings, as SIGHUP does
     * @param data the folder for what is to survive a restart, if one was named
     * @param out for people: where it listens, and why it stops
     * @return the exit code: 0 if it was stopped as wished
     * @throws Exception if it cannot start; the message is shown
     */
    int serve(Settings settings, SettingsSource source, boolean watch, Optional<Path> data, PrintWriter out)
            throws Exception;
}
