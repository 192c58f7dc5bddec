package dev.understudy.gateway.cli;

import dev.understudy.calls.config.Environment;
import java.nio.file.Path;

/**
 * The surroundings of a command.
 *
 * @param environment its variables
 * @param folder where {@code understudy.yaml} is looked for
 */
public record CommandContext(Environment environment, Path folder) {
    /** Those of this process. */
    public static CommandContext ofProcess() {
        return new CommandContext(Environment.ofProcess(), Path.of(""));
    }
}
