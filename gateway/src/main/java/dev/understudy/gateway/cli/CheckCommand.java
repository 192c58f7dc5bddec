package dev.understudy.gateway.cli;

import dev.understudy.gateway.catalog.Catalog;
import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.config.Bind;
import dev.understudy.gateway.config.ProviderSettings;
import dev.understudy.gateway.config.ServerSettings;
import dev.understudy.gateway.config.Settings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code understudy check}. */
@Command(
        name = "check",
        description = "Checks a configuration and prints every chain as it would be tried. Calls no provider.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exits with 1 and one line per problem (file:line: key: message) if the configuration is broken."
        })
final class CheckCommand implements Callable<Integer> {
    private final CommandContext surroundings;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOption config;

    CheckCommand(CommandContext surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Exception {
        ConfigOption.Loaded loaded = config.load(surroundings, Bind.AS_CONFIGURED);
        Settings settings = loaded.settings();
        PrintWriter out = spec.commandLine().getOut();
        out.println("No problem in " + loaded.origin() + ".");
        out.println(listening(settings.server()));
        out.println();
        providers(settings).lines().forEach(out::println);
        out.println();
        chains(settings).lines().forEach(out::println);
        out.flush();
        return 0;
    }

    private static String listening(ServerSettings server) {
        String who =
                server.keys().isEmpty() ? "callers need no key" : server.keys().size() + " key(s) for callers";
        return "Listens on " + server.host() + ":" + server.port() + "; " + who + ".";
    }

    private static TextTable providers(Settings settings) {
        TextTable table = new TextTable("PROVIDER", "DIALECT", "BASE URL", "KEY");
        settings.providers().values().forEach(provider -> {
            boolean isBuiltIn = provider.name().equals(Settings.REHEARSAL);
            table.row(
                    provider.name(),
                    provider.dialect().wireName(),
                    isBuiltIn ? "(built in)" : provider.baseUrl().toString(),
                    shown(provider));
        });
        return table;
    }

    /** How it is shown who asks, and with how many keys. */
    private static String shown(ProviderSettings provider) {
        int further = provider.furtherKeys().size();
        return provider.authStyle().wireName() + (further == 0 ? "" : ", " + (further + 1) + " keys");
    }

    private static TextTable chains(Settings settings) {
        Catalog catalog = Catalog.of(settings);
        TextTable table = new TextTable(
                "MODEL",
                "",
                "TARGET",
                "DEADLINE",
                "CONNECT",
                "FIRST TOKEN",
                "IDLE",
                "ANSWER",
                "REASONING",
                "WHEN LATE",
                "RETRIES",
                "WINDOW");
        settings.models()
                .keySet()
                .forEach(name -> chain(
                        table,
                        name,
                        1,
                        LimitCells.deadline(catalog.defaultsOf(name).deadline()),
                        catalog.chain(name, Optional.empty())));
        // Whoever names a target gets it first, and then the default fallbacks.
        String deadline = LimitCells.deadline(settings.defaults().deadline());
        table.row("(any other)", "1", "as named", deadline, "", "", "", "", "", "", "", "");
        chain(table, "", 2, "", catalog.defaultFallbacks());
        return table;
    }

    private static void chain(TextTable table, String name, int first, String deadline, List<Route> routes) {
        for (int i = 0; i < routes.size(); i++) {
            LimitCells limits = LimitCells.of(routes.get(i));
            table.row(
                    i == 0 ? name : "",
                    String.valueOf(first + i),
                    limits.target(),
                    i == 0 ? deadline : "",
                    limits.connect(),
                    limits.firstToken(),
                    limits.idle(),
                    limits.answer(),
                    limits.reasoning(),
                    limits.whenLate(),
                    limits.retries(),
                    limits.window());
        }
    }
}
