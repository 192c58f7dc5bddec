package dev.understudy.gateway.cli;

import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.Problem;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsDocument;
import dev.understudy.calls.config.SettingsSource;
import dev.understudy.gateway.Gateway;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reloads the configuration at each {@code SIGHUP}, and if wanted when its file changes: all of it or, if anything is wrong with it, nothing. */
final class ConfigurationReload {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationReload.class);

    private final Gateway gateway;
    private final SettingsSource source;

    private ConfigurationReload(Gateway gateway, SettingsSource source) {
        this.gateway = gateway;
        this.source = source;
    }

    /**
     * Where there is no such signal, as on Windows, nothing happens at one.
     *
     * @param watch notices changes of the file; empty if only signals count
     */
    static void install(Gateway gateway, SettingsSource source, Optional<FileWatch> watch) {
        ConfigurationReload reload = new ConfigurationReload(gateway, source);
        ProcessSignals.handle("HUP", number -> reload.reload());
        watch.ifPresent(changes -> changes.start(reload::reload));
    }

    /** Without a file there is nothing to reload: the environment of a process is constant. */
    static void checkReloadable(SettingsDocument document) throws InvalidSettings {
        if (document.text().isEmpty()) {
            throw ConfigOption.nothingToReload();
        }
    }

    /** Each signal has a thread of its own, and so has the watch; one reload at a time. */
    private synchronized void reload() {
        try {
            checkReloadable(source.document());
            List<String> ignored = gateway.reload();
            Settings settings = gateway.settings();
            LOG.info(
                    "the configuration was reloaded: {} providers, {} models",
                    settings.providers().size(),
                    settings.models().size());
            if (!ignored.isEmpty()) {
                LOG.warn("changed, but in force only after a restart: {}", String.join(", ", ignored));
            }
            settings.warnings().forEach(LOG::warn);
        } catch (InvalidSettings broken) {
            LOG.error(
                    "the configuration was not reloaded, and the former one stays in force:\n{}",
                    broken.problems().stream().map(Problem::toString).collect(Collectors.joining("\n")));
        } catch (RuntimeException fault) {
            LOG.error("the configuration was not reloaded, and the former one stays in force", fault);
        }
    }
}
