package dev.understudy.gateway.cli;

import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Parses the value of {@code --port}. */
final class Ports {
    private static final int HIGHEST = 65_535;

    private Ports() {}

    static void check(Optional<Integer> port, CommandSpec spec) {
        if (port.isPresent() && (port.get() < 0 || port.get() > HIGHEST)) {
            throw new ParameterException(
                    spec.commandLine(), "--port: " + port.get() + " is not a port; it must be from 0 to " + HIGHEST);
        }
    }
}
