package dev.understudy.gateway.cli;

import dev.understudy.gateway.catalog.Catalog;
import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.cli.GatewayHealth.TargetHealth;
import dev.understudy.gateway.config.Bind;
import dev.understudy.gateway.config.Defaults;
import dev.understudy.gateway.config.StreamSettings;
import dev.understudy.protocol.options.StreamOptionValues;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code understudy explain}. */
@Command(
        name = "explain",
        description =
                "Tells what a call of a model would do: which targets are tried in which order, which are skipped and why,"
                        + " when a target is late, and what follows from each kind of failure. Calls no provider.",
        mixinStandardHelpOptions = true,
        footer = {"", "Asks a gateway that runs at the configured address which targets are cooling."})
final class ExplainCommand implements Callable<Integer> {
    private final CommandContext surroundings;
    private final GatewayHealth health;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOption config;

    @Parameters(
            paramLabel = "MODEL",
            description = "A name as callers write it: a configured model, provider/model, or"
                    + " a well-known name such as gpt-… or claude-….")
    private String model;

    @Option(
            names = "--fallbacks",
            paramLabel = "NAMES",
            description = "Fallbacks that the call itself would name, separated by commas; \"\" for none.")
    private Optional<String> fallbacks = Optional.empty();

    ExplainCommand(CommandContext surroundings, GatewayHealth health) {
        this.surroundings = surroundings;
        this.health = health;
    }

    @Override
    public Integer call() throws Exception {
        ConfigOption.Loaded loaded = config.load(surroundings, Bind.AS_CONFIGURED);
        Catalog catalog = Catalog.of(loaded.settings());
        PrintWriter err = spec.commandLine().getErr();
        List<String> names = fallbacks.stream()
                .flatMap(list -> List.of(list.split(",")).stream())
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        List<String> unknown = new ArrayList<>(List.of(model));
        unknown.addAll(names);
        unknown.removeIf(name -> !catalog.resolve(name).isEmpty());
        if (!unknown.isEmpty()) {
            unknown.forEach(name -> err.println(catalog.whyUnknown(name)));
            err.flush();
            return Main.EXIT_OPERATOR;
        }
        Optional<List<Route>> ofCall = fallbacks.map(stated ->
                names.stream().flatMap(name -> catalog.resolve(name).stream()).toList());
        print(
                catalog.chain(model, ofCall),
                catalog.defaultsOf(model),
                health.ask(loaded.settings().server()));
        return 0;
    }

    private void print(List<Route> chain, Defaults defaults, GatewayHealth.Report report) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("A call of " + model + " has " + LimitCells.deadline(defaults.deadline())
                + " to start attempts, in this order:");
        out.println();
        TextTable table = new TextTable(
                "", "TARGET", "NOW", "CONNECT", "FIRST TOKEN", "IDLE", "ANSWER", "REASONING", "REASONS", "WINDOW");
        for (int i = 0; i < chain.size(); i++) {
            LimitCells limits = LimitCells.of(chain.get(i));
            table.row(
                    String.valueOf(i + 1),
                    limits.target(),
                    now(limits.target(), report),
                    limits.connect(),
                    limits.firstToken(),
                    limits.idle(),
                    limits.answer(),
                    limits.reasoning(),
                    limits.reasons(),
                    limits.window());
        }
        table.lines().forEach(out::println);
        out.println();
        lateness(chain, defaults).forEach(out::println);
        out.println("Cooling: " + report.remark() + ".");
        out.println(
                "Targets that cool are skipped; when no other target is left, they are tried after all, the one that"
                        + " recovers soonest first.");
        StreamSettings stream = defaults.stream();
        out.println("A stream reaches the caller with " + StreamOptionValues.text(stream.commit())
                + "; one that breaks after that: " + stream.recovery().wireName() + ". Keep-alive: "
                + stream.keepAlive().interval().map(LimitCells::text).orElse("off") + "; tool calls: "
                + stream.toolCalls().wireName() + ".");
        out.println();
        new FailureOutlook(chain, defaults).table().lines().forEach(out::println);
        out.flush();
    }

    /** What happens when the marks of the table pass. */
    private static List<String> lateness(List<Route> chain, Defaults defaults) {
        List<String> lines = new ArrayList<>();
        if (chain.size() < 2) {
            lines.add(
                    "CONNECT to REASONING are late marks. There is no other target, so that a late one is waited for.");
        } else if (defaults.hedging()) {
            lines.add("CONNECT to REASONING are late marks: beside a target that is later the next one is started (a"
                    + " hedge), and the first to deliver content wins. A target's own p95 takes their place once it is"
                    + " known.");
        } else {
            lines.add("CONNECT to REASONING are late marks. Hedging is off, so that a late target is waited for.");
        }
        lines.add(
                "REASONING takes the place of FIRST TOKEN and ANSWER where the model reasons (REASONS, or the request),"
                        + " and of IDLE inside a tool call.");
        String cancelling = chain.stream()
                .filter(route -> route.timeouts().cancels())
                .map(route -> route.target().name())
                .collect(Collectors.joining(", "));
        if (!cancelling.isEmpty()) {
            lines.add("when-late: cancel makes them limits: " + cancelling
                    + " is cancelled there, and the next target is tried.");
        }
        lines.add(
                defaults.deadline().isPresent()
                        ? "The deadline is set: it also ends attempts that have delivered no content by then."
                        : "The deadline ends no attempt. A call ends after 10m, or when its client stops waiting.");
        return lines;
    }

    private static String now(String target, GatewayHealth.Report report) {
        if (!report.isKnown()) {
            return "not known";
        }
        return Optional.ofNullable(report.byTarget().get(target))
                .map(TargetHealth::text)
                .orElse("ready");
    }
}
