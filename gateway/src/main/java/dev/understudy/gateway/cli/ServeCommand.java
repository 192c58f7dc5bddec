package dev.understudy.gateway.cli;

import dev.understudy.calls.config.Bind;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code understudy serve}. */
@Command(
        name = "serve",
        description = "Starts the gateway. Point any OpenAI client at the address that it prints.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Listens on 127.0.0.1:4400 unless the configuration or the options set another address. On an address that other",
            "machines can reach it starts only with keys for its callers (server.keys).",
            "",
            "SIGHUP reloads the configuration, all of it or nothing. SIGTERM and SIGINT end the gateway after its running calls;",
            "a further one ends it at once."
        })
public final class ServeCommand implements Callable<Integer> {
    private final CommandContext surroundings;
    private final Serving serving;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOption config;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "The address to listen on, in place of the configuration's.")
    private Optional<String> host = Optional.empty();

    @Option(names = "--port", paramLabel = "PORT", description = "The port to listen on; 0 for any that is free.")
    private Optional<Integer> port = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = {
                "The folder in which changes of the console and records of calls are kept (default:",
                "one for each configuration in $XDG_STATE_HOME/understudy or ~/.local/state/understudy). Not used with store.url."
            })
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--watch",
            description =
                    "Reload the configuration also when its file changes, a second or two later; else at SIGHUP only.")
    private boolean watch;

    /** @param serving what runs the gateway */
    public ServeCommand(CommandContext surroundings, Serving serving) {
        this.surroundings = surroundings;
        this.serving = serving;
    }

    @Override
    public Integer call() throws Exception {
        Ports.check(port, spec);
        Bind bind = new Bind(host, port);
        ConfigOption.Loaded loaded = config.load(surroundings, bind);
        return serving.serve(
                loaded.settings(),
                config.source(surroundings, bind),
                watch,
                data,
                spec.commandLine().getOut());
    }
}
