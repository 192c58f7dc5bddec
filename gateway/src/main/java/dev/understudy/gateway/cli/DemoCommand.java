package dev.understudy.gateway.cli;

import dev.understudy.calls.config.Bind;
import dev.understudy.calls.config.SettingsReader;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code understudy demo}. */
@Command(
        name = "demo",
        description = "Shows failover: a gateway, and a built-in provider that fails on demand. Needs no key.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    private final CommandContext surroundings;
    private final Demo demo;

    @Spec
    private CommandSpec spec;

    @Option(names = "--host", paramLabel = "HOST", description = "The address to listen on (default: 127.0.0.1).")
    private Optional<String> host = Optional.empty();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The port to listen on (default: 4400); 0 for any that is free.")
    private Optional<Integer> port = Optional.empty();

    @Option(
            names = "--quit",
            description = "Stop after the calls; otherwise the gateway keeps running for your own calls.")
    private boolean quits;

    /** @param demo what performs it */
    public DemoCommand(CommandContext surroundings, Demo demo) {
        this.surroundings = surroundings;
        this.demo = demo;
    }

    @Override
    public Integer call() throws Exception {
        Ports.check(port, spec);
        SettingsReader reader = new SettingsReader(surroundings.environment(), new Bind(host, port));
        return demo.perform(reader.forRehearsal(), !quits, spec.commandLine().getOut());
    }
}
