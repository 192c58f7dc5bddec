package dev.understudy.simulator.cli;

import dev.understudy.simulator.report.HtmlReport;
import dev.understudy.simulator.report.JsonReport;
import dev.understudy.simulator.report.Results;
import dev.understudy.simulator.report.TextReport;
import dev.understudy.simulator.rules.BrokenRule;
import dev.understudy.simulator.rules.Machine;
import dev.understudy.simulator.run.ChainSettings;
import dev.understudy.simulator.run.Journal;
import dev.understudy.simulator.run.Measures;
import dev.understudy.simulator.run.Providers;
import dev.understudy.simulator.run.RuleSearch;
import dev.understudy.simulator.run.Scenario;
import dev.understudy.simulator.run.Simulation;
import dev.understudy.simulator.settings.InvalidSimulation;
import dev.understudy.simulator.settings.SimulationReader;
import dev.understudy.simulator.settings.SimulationSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code understudy simulate}. */
@Command(
        name = "understudy simulate",
        description = {
            "Measures what a chain is worth before an outage: runs the engine in virtual time, with providers that"
                    + " fail, stall and throttle as a seed decides. No provider is called.",
            ""
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Without a file it simulates a day of three providers, and three chains in the same world. Every run prints"
                    + " its seed; the same seed gives the same run. docs/simulator.md describes the settings.",
            "",
            "Exits with 1 if the settings are invalid (file:line: key: message) or a rule of the engine is violated (the"
                    + " seed and the shortest script that shows it)."
        })
final class SimulateCommand implements Callable<Integer> {
    private static final String EXAMPLE = "/dev/understudy/simulator/example.yaml";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "The world, and the chains to simulate in it.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--compare",
            arity = "2..*",
            paramLabel = "FILE",
            description = "Several files, side by side, with one seed.")
    private List<Path> compared = new ArrayList<>();

    @Option(names = "--seed", paramLabel = "N", description = "The seed, in place of the file's.")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--days",
            paramLabel = "N",
            description = "For how many days calls arrive, in place of the file's duration.")
    private Optional<Integer> days = Optional.empty();

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures as JSON.")
    private Optional<Path> json = Optional.empty();

    @Option(names = "--html", paramLabel = "FILE", description = "Writes a page with the figures and plots of them.")
    private Optional<Path> html = Optional.empty();

    @Option(names = "--trace", paramLabel = "FILE", description = "Writes every signal and every command.")
    private Optional<Path> trace = Optional.empty();

    @Option(
            names = "--table",
            description =
                    "Instead: compares ways to divide the time of a call among three targets, with 200,000 calls each.")
    private boolean table;

    @Option(
            names = "--rules",
            paramLabel = "SEEDS",
            description = "Instead: runs this many rough worlds and checks the engine's rules at every step.")
    private Optional<Integer> rules = Optional.empty();

    @Override
    public Integer call() throws IOException, InvalidSimulation {
        PrintWriter out = spec.commandLine().getOut();
        long first = seed.orElse(1L);
        int exit;
        if (table) {
            exit = PolicyTable.print(first, out);
        } else if (rules.isPresent()) {
            exit = RuleCheck.run(first, rules.get(), out, progress());
        } else {
            exit = simulate(out);
        }
        out.flush();
        return exit;
    }

    private Progress progress() {
        return new Progress(spec.commandLine().getErr());
    }

    private int simulate(PrintWriter out) throws IOException, InvalidSimulation {
        List<SimulationSettings> all = settings();
        long common = seed.orElse(all.getFirst().scenario().seed());
        out.println("Seed " + common + ".");
        out.flush();
        List<Results.Run> runs = new ArrayList<>();
        try (TraceFile lines = TraceFile.to(trace)) {
            for (SimulationSettings settings : all) {
                Scenario scenario = settings.scenario().withSeed(common);
                scenario = days.map(Duration::ofDays).map(scenario::lasting).orElse(scenario);
                for (ChainSettings chain : settings.chains()) {
                    runs.add(run(scenario, chain, lines.journal(chain.name())));
                }
            }
        }
        Results results = new Results(common, runs);
        TextReport.lines(results).forEach(out::println);
        write(json, to -> JsonReport.write(results, to));
        write(html, to -> HtmlReport.write(results, to));
        boolean honest = runs.stream().allMatch(run -> run.measures().truncationsAsSuccess() == 0);
        return honest ? 0 : Main.EXIT_OPERATOR;
    }

    private Results.Run run(Scenario scenario, ChainSettings chain, Journal journal) {
        Progress progress = progress();
        try {
            Measures measures = new Simulation(scenario, chain)
                    .journal(journal)
                    .progress(calls -> progress.report(chain.name() + ": " + calls + " calls"))
                    .run();
            progress.end();
            return new Results.Run(
                    chain.name(), chain.targets(), scenario, measures, new Providers(scenario).weather());
        } catch (BrokenRule broken) {
            progress.end();
            // A second run records everything, so that the script can be shortened.
            new RuleSearch(Machine.Maker.PRODUCTION)
                    .search(scenario, chain, false)
                    .ifPresent(found -> spec.commandLine().getErr().println(found.text()));
            throw broken;
        }
    }

    private List<SimulationSettings> settings() throws IOException, InvalidSimulation {
        List<Path> named = new ArrayList<>(files);
        named.addAll(compared);
        if (named.isEmpty()) {
            return List.of(example());
        }
        List<SimulationSettings> settings = new ArrayList<>();
        for (Path file : named) {
            settings.add(SimulationReader.read(file));
        }
        return settings;
    }

    /** The settings that are used without a file. */
    static SimulationSettings example() throws IOException, InvalidSimulation {
        try (InputStream example = SimulateCommand.class.getResourceAsStream(EXAMPLE)) {
            if (example == null) {
                throw new IllegalStateException("the example is not packaged: " + EXAMPLE);
            }
            String text = new String(example.readAllBytes(), StandardCharsets.UTF_8);
            return SimulationReader.read("example.yaml", text, Path.of("."));
        }
    }

    @FunctionalInterface
    private interface Report {
        void write(Writer to) throws IOException;
    }

    private static void write(Optional<Path> file, Report report) throws IOException {
        if (file.isPresent()) {
            try (Writer to = Files.newBufferedWriter(file.get(), StandardCharsets.UTF_8)) {
                report.write(to);
            }
        }
    }
}
