package dev.understudy.gateway.cli;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.config.Bind;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.plan.CallPreview;
import dev.understudy.calls.plan.NoEligibleTarget;
import dev.understudy.calls.plan.PlannedCall;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Step;
import dev.understudy.engine.TrailEntry;
import dev.understudy.gateway.cli.GatewayHealth.TargetHealth;
import dev.understudy.protocol.json.BadRequest;
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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code understudy explain}. */
@Command(
        name = "explain",
        description = {
            "Shows what a call would do: which targets are tried in which order, which are skipped and why, when a target is"
                    + " late, and what follows from each kind of failure. Calls no provider.",
            "",
            "With a MODEL it shows the call of a request that says nothing else. With --request it shows the call of that"
                    + " request, with the fallback options and the capabilities that it needs."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The column NOW is what a gateway that runs at the configured address reports.",
            "",
            "Examples:",
            "  understudy explain assistant",
            "  understudy explain gpt-5.1 --fallbacks claude-sonnet-4-5,local/llama",
            "  understudy explain --request body.json",
            "  understudy explain --request - --api messages < body.json"
        })
final class ExplainCommand implements Callable<Integer> {
    private final CommandContext context;
    private final GatewayHealth health;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOption config;

    @Parameters(
            paramLabel = "MODEL",
            arity = "0..1",
            description =
                    "A model name as in requests: a configured model, provider/model, or"
                            + " a well-known name such as gpt-… or claude-…. With --request, it replaces the request's own model.")
    private Optional<String> model = Optional.empty();

    @Option(
            names = "--fallbacks",
            paramLabel = "NAMES",
            description = "Fallbacks named by the request, separated by commas; \"\" for none. Not with"
                    + " --request, which names its own.")
    private Optional<String> fallbacks = Optional.empty();

    @Mixin
    private RequestOption request;

    ExplainCommand(CommandContext context, GatewayHealth health) {
        this.context = context;
        this.health = health;
    }

    @Override
    public Integer call() throws Exception {
        if (model.isEmpty() && !request.isPresent()) {
            throw new ParameterException(spec.commandLine(), "Name a MODEL, or a request body with --request FILE.");
        }
        if (request.hasApi() && !request.isPresent()) {
            throw new ParameterException(spec.commandLine(), "--api describes a request body; add --request FILE.");
        }
        if (fallbacks.isPresent() && request.isPresent()) {
            throw new ParameterException(
                    spec.commandLine(), "--fallbacks cannot be combined with --request: the request names its own.");
        }
        ConfigOption.Loaded loaded = config.load(context, Bind.AS_CONFIGURED);
        Catalog catalog = Catalog.of(loaded.settings());
        CallPreview preview = CallPreview.of(loaded.settings());
        PlannedCall planned;
        try {
            if (request.isPresent()) {
                planned = preview.ofRequest(request.read(spec, model), request.limits(loaded.settings()));
            } else {
                List<String> unknown = unknownNames(catalog);
                if (!unknown.isEmpty()) {
                    return fail(unknown.stream().map(catalog::whyUnknown).toList());
                }
                planned = preview.ofModel(model.orElseThrow(), fallbackNames());
            }
        } catch (NoEligibleTarget none) {
            List<String> lines = new ArrayList<>(List.of(none.reason().getMessage()));
            lines.addAll(SkipReasons.table(none.skipped()).lines());
            return fail(lines);
        } catch (BadRequest rejected) {
            return fail(List.of("the gateway would reject this request with status " + rejected.status() + ": "
                    + rejected.getMessage()));
        }
        print(planned, loaded.settings());
        return 0;
    }

    private int fail(List<String> lines) {
        PrintWriter err = spec.commandLine().getErr();
        lines.forEach(err::println);
        err.flush();
        return Main.EXIT_OPERATOR;
    }

    /** The fallbacks of {@code --fallbacks}; empty if the option is absent. */
    private Optional<List<String>> fallbackNames() {
        return fallbacks.map(list -> List.of(list.split(",")).stream()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList());
    }

    /** A call skips names that no model has; on the command line they are mistakes. */
    private List<String> unknownNames(Catalog catalog) {
        List<String> names = new ArrayList<>();
        model.ifPresent(names::add);
        fallbackNames().ifPresent(names::addAll);
        names.removeIf(name -> !catalog.resolve(name).isEmpty());
        return names;
    }

    private void print(PlannedCall planned, Settings settings) {
        GatewayHealth.Report report = health.read(settings.server());
        Plan plan = planned.plan();
        List<LimitCells> rows = LimitCells.of(planned);
        PrintWriter out = spec.commandLine().getOut();
        out.println("A call of " + planned.name() + " has " + LimitCells.deadline(plan.deadline())
                + " to start attempts, in this order:");
        out.println();
        chain(rows, report).lines().forEach(out::println);
        out.println();
        skips(planned.skipped()).forEach(out::println);
        GroupLines.of(plan, rows).forEach(out::println);
        planned.warnings().forEach(warning -> out.println("Warning: " + warning + "."));
        translations(rows).forEach(out::println);
        lateness(plan).forEach(out::println);
        out.println("Cooling: " + report.remark() + ".");
        out.println(
                "Cooling targets are skipped; when no other target is left, they are tried as last resorts, the one that"
                        + " recovers soonest first.");
        out.println("A stream reaches the caller with " + StreamOptionValues.text(plan.commit())
                + "; one that breaks after that: " + plan.recovery().wireName() + ". Keep-alive: "
                + planned.delivery().keepAlive().map(LimitCells::text).orElse("off") + "; tool calls: "
                + planned.delivery().toolCalls().wireName() + ".");
        out.println();
        new FailureOutlook(plan).table().lines().forEach(out::println);
        out.flush();
    }

    private static TextTable chain(List<LimitCells> rows, GatewayHealth.Report report) {
        TextTable table = new TextTable(
                "", "TARGET", "NOW", "CONNECT", "FIRST TOKEN", "IDLE", "ANSWER", "REASONING", "REASONS", "WINDOW");
        for (LimitCells limits : rows) {
            table.row(
                    limits.place(),
                    limits.target(),
                    now(limits.name(), report),
                    limits.connect(),
                    limits.firstToken(),
                    limits.idle(),
                    limits.answer(),
                    limits.reasoning(),
                    limits.reasons(),
                    limits.window());
        }
        return table;
    }

    private List<String> skips(List<TrailEntry> skipped) {
        if (skipped.isEmpty()) {
            return request.isPresent() ? List.of("The request skips no target.") : List.of();
        }
        List<String> lines = new ArrayList<>(SkipReasons.table(skipped).lines());
        lines.add("");
        return lines;
    }

    /** The targets to which a request is translated; one without a request shows none, because its API is not known. */
    private List<String> translations(List<LimitCells> rows) {
        if (!request.isPresent()) {
            return List.of();
        }
        List<String> translated = rows.stream()
                .filter(row -> row.planned().api() != request.api())
                .map(row ->
                        row.target() + " (" + RequestOption.name(row.planned().api()) + ")")
                .distinct()
                .toList();
        return translated.isEmpty()
                ? List.of("The request is passed through to every target.")
                : List.of("The request is translated for " + String.join(", ", translated) + ".");
    }

    /** What happens when the late marks of the table pass. */
    private static List<String> lateness(Plan plan) {
        List<String> lines = new ArrayList<>();
        if (plan.chain().size() < 2) {
            lines.add(
                    "CONNECT to REASONING are late marks. There is no other target, so that a late one is waited for.");
        } else if (plan.hedging()) {
            lines.add("CONNECT to REASONING are late marks: beside a target that is later the next one is started (a"
                    + " hedge), and the first to deliver content wins. A target's own p95 takes their place once it is"
                    + " known.");
        } else {
            lines.add("CONNECT to REASONING are late marks. Hedging is off, so that a late target is waited for.");
        }
        lines.add(
                "REASONING takes the place of FIRST TOKEN and ANSWER where the model reasons (REASONS, or the request),"
                        + " and of IDLE inside a tool call.");
        String cancelling = plan.chain().stream()
                .filter(step -> step.timeouts().cancels())
                .map(Step::target)
                .map(target -> target.name())
                .distinct()
                .collect(Collectors.joining(", "));
        if (!cancelling.isEmpty()) {
            lines.add("when-late: cancel makes them limits: " + cancelling
                    + " is cancelled there, and the next target is tried.");
        }
        lines.add(
                plan.deadline().isPresent()
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
