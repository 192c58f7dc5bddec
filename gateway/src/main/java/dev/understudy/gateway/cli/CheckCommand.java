package dev.understudy.gateway.cli;

import dev.understudy.calls.config.Bind;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.config.ServerSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.plan.CallPreview;
import dev.understudy.calls.plan.NoEligibleTarget;
import dev.understudy.calls.plan.PlannedCall;
import dev.understudy.engine.TrailEntry;
import dev.understudy.protocol.json.BadRequest;
import java.io.PrintWriter;
import java.util.ArrayList;
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
        description = "Checks a configuration and prints every chain. Calls no provider.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exits with 1 and one line per problem (file:line: key: message) if the configuration is invalid."
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
        settings.warnings().forEach(warning -> out.println("Warning: " + warning));
        out.println();
        providers(settings).lines().forEach(out::println);
        out.println();
        List<TrailEntry> skipped = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        CallPreview preview = CallPreview.of(settings);
        chains(preview, settings, skipped, groups).lines().forEach(out::println);
        if (!groups.isEmpty()) {
            out.println();
            groups.forEach(out::println);
        }
        if (!skipped.isEmpty()) {
            out.println();
            SkipReasons.table(skipped).lines().forEach(out::println);
        }
        out.flush();
        return 0;
    }

    private static String listening(ServerSettings server) {
        String callers =
                server.keys().isEmpty() ? "callers need no key" : server.keys().size() + " key(s) for callers";
        String admin = server.adminIsOpen()
                ? "operator's pages need no key"
                : server.admin().key().isPresent()
                        ? "operator's pages need the admin key"
                        : "operator's pages are closed";
        String adminPort = server.admin()
                .port()
                .map(port -> " and are on " + server.admin().host() + ":" + port)
                .orElse("");
        return "Listens on " + server.host() + ":" + server.port() + "; " + callers + "; " + admin + adminPort + ".";
    }

    private static TextTable providers(Settings settings) {
        TextTable table = new TextTable("PROVIDER", "DIALECT", "BASE URL", "KEY");
        settings.providers().values().forEach(provider -> {
            boolean isBuiltIn = provider.name().equals(Settings.REHEARSAL);
            table.row(
                    provider.name(),
                    provider.dialect().wireName(),
                    isBuiltIn ? "(built in)" : provider.baseUrl().toString(),
                    keys(provider));
        });
        return table;
    }

    /** The provider's authentication, and the number of its keys. */
    private static String keys(ProviderSettings provider) {
        int further = provider.furtherKeys().size();
        return provider.authStyle().wireName() + (further == 0 ? "" : ", " + (further + 1) + " keys");
    }

    private static TextTable chains(
            CallPreview preview, Settings settings, List<TrailEntry> skipped, List<String> groups) throws BadRequest {
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
        for (String name : settings.models().keySet()) {
            try {
                PlannedCall call = preview.ofModel(name, Optional.empty());
                skipped.addAll(call.skipped());
                String deadline = LimitCells.deadline(call.plan().deadline());
                List<LimitCells> rows = LimitCells.of(call);
                addChain(table, name, deadline, rows);
                GroupLines.of(call.plan(), rows).forEach(line -> groups.add(name + ": " + line));
            } catch (NoEligibleTarget none) {
                skipped.addAll(none.skipped());
                table.row(name, "", "(none)", "", "", "", "", "", "", "", "", "");
            }
        }
        // A call that names a target tries it first, and then the default fallbacks.
        String deadline = LimitCells.deadline(settings.defaults().deadline());
        table.row("(any other)", "1", "as named", deadline, "", "", "", "", "", "", "", "");
        preview.withUnknownModel().ifPresent(call -> {
            List<LimitCells> rows = LimitCells.behindFirst(call);
            addChain(table, "", "", rows);
            GroupLines.of(call.plan(), rows).forEach(line -> groups.add("(any other): " + line));
        });
        return table;
    }

    private static void addChain(TextTable table, String name, String deadline, List<LimitCells> rows) {
        for (int i = 0; i < rows.size(); i++) {
            LimitCells limits = rows.get(i);
            table.row(
                    i == 0 ? name : "",
                    limits.place(),
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
