package dev.understudy.gateway.cli;

import dev.understudy.gateway.config.Bind;
import dev.understudy.gateway.config.InvalidSettings;
import dev.understudy.gateway.config.Settings;
import dev.understudy.gateway.config.SettingsReader;
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

    Loaded load(CommandContext surroundings, Bind bind) throws InvalidSettings {
        SettingsReader reader = new SettingsReader(surroundings.environment(), bind);
        Path usual = surroundings.folder().resolve(USUAL_FILE);
        Optional<Path> chosen = file.or(() -> Optional.of(usual).filter(Files::exists));
        if (chosen.isPresent()) {
            return new Loaded(reader.read(chosen.get()), chosen.get().toString());
        }
        return new Loaded(reader.withoutFile(), "the environment (there is no " + USUAL_FILE + " here)");
    }
}
