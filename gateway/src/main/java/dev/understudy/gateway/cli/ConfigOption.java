package dev.understudy.gateway.cli;

import dev.understudy.calls.config.Bind;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsDocument;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.calls.config.SettingsSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --config}, an option of several commands, and its default. */
final class ConfigOption {
    private static final String USUAL_FILE = "understudy.yaml";

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration. Without it: " + USUAL_FILE
                    + " in the current folder if there is one, else the providers whose usual environment variables"
                    + " (OPENAI_API_KEY, ANTHROPIC_API_KEY and so on) are set.")
    private Optional<Path> file = Optional.empty();

    /**
     * @param settings what was read
     * @param origin where it stands, for a sentence
     */
    record Loaded(Settings settings, String origin) {}

    /** Where a running gateway reads its settings again: a file that is there when it is read, or else the environment. */
    SettingsSource source(CommandContext surroundings, Bind bind) {
        SettingsReader reader = new SettingsReader(surroundings.environment(), bind);
        return new SettingsSource() {
            @Override
            public SettingsDocument document() throws InvalidSettings {
                Optional<Path> chosen = chosen(surroundings);
                return chosen.isPresent() ? SettingsReader.document(chosen.get()) : SettingsDocument.ENVIRONMENT;
            }

            @Override
            public SettingsReader reader() {
                return reader;
            }
        };
    }

    /** The problem of a reload without a file. */
    static InvalidSettings nothingToReload() {
        return InvalidSettings.inUse(
                "",
                "there is nothing to reload: no configuration file was named and there is no " + USUAL_FILE
                        + " here, and the environment variables of a running process do not change; restart it, or"
                        + " start it with --config");
    }

    private Optional<Path> chosen(CommandContext surroundings) {
        Path usual = surroundings.folder().resolve(USUAL_FILE);
        return file.or(() -> Optional.of(usual).filter(Files::exists));
    }

    Loaded load(CommandContext surroundings, Bind bind) throws InvalidSettings {
        SettingsReader reader = new SettingsReader(surroundings.environment(), bind);
        Optional<Path> chosen = chosen(surroundings);
        if (chosen.isPresent()) {
            return new Loaded(reader.read(chosen.get()), chosen.get().toString());
        }
        return new Loaded(reader.withoutFile(), "the environment (there is no " + USUAL_FILE + " here)");
    }
}
