package dev.understudy.simulator.settings;

import dev.understudy.simulator.run.ChainSettings;
import dev.understudy.simulator.run.Scenario;
import dev.understudy.simulator.run.Traffic;
import dev.understudy.simulator.world.CallersSettings;
import dev.understudy.simulator.world.ProviderProfile;
import dev.understudy.simulator.world.Shocks;
import dev.understudy.simulator.world.Trace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a file of settings: the world under {@code calls}, {@code providers} and {@code shocks}, and {@code chains}. */
public final class SimulationReader {
    private static final LoadSettings YAML = LoadSettings.builder().build();

    private final Problems problems;
    private final Path folder;

    private SimulationReader(Problems problems, Path folder) {
        this.problems = problems;
        this.folder = folder;
    }

    /**
     * Reads a file.
     *
     * @throws InvalidSimulation with all that is wrong with it
     * @throws IOException if it cannot be read
     */
    public static SimulationSettings read(Path file) throws InvalidSimulation, IOException {
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("."));
        return read(file.toString(), Files.readString(file, StandardCharsets.UTF_8), folder);
    }

    /**
     * Reads a text.
     *
     * @param name of the file, for messages
     * @param folder where a trace that it names is looked for
     */
    public static SimulationSettings read(String name, String text, Path folder) throws InvalidSimulation {
        Problems problems = new Problems(name);
        SimulationReader reader = new SimulationReader(problems, folder);
        SimulationSettings settings = reader.settings(reader.root(text));
        if (problems.any()) {
            throw new InvalidSimulation(problems.found());
        }
        return settings;
    }

    private YamlSection root(String text) {
        try {
            Optional<Node> root = new Compose(YAML).composeString(text);
            return root.map(node -> YamlSection.of(node, "", problems)).orElseGet(() -> YamlSection.empty(problems));
        } catch (MarkedYamlEngineException broken) {
            int line = broken.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            problems.at(line, "", "not valid YAML: " + broken.getProblem());
        } catch (YamlEngineException broken) {
            problems.at("", "not valid YAML: " + broken.getMessage());
        }
        return YamlSection.empty(problems);
    }

    private SimulationSettings settings(YamlSection root) {
        root.only("seed", "duration", "calls", "providers", "shocks", "chains");
        Map<String, ProviderProfile> providers = new LinkedHashMap<>();
        root.section("providers").sections().forEach((name, below) -> providers.put(name, ProviderReader.read(below)));
        YamlSection calls = root.section("calls")
                .only(
                        "arrivals",
                        "per-second",
                        "burst",
                        "within",
                        "trace",
                        "streaming",
                        "leaving",
                        "slow",
                        "faulty",
                        "impatient",
                        "tools",
                        "hostile",
                        "long",
                        "long-tokens");
        YamlSection shocks = root.section("shocks").only("gap", "length", "spread", "reach");
        Optional<Trace> trace = calls.text("trace").flatMap(name -> trace(calls, name));
        Duration duration = root.positive(
                "duration",
                trace.map(known -> Duration.ofNanos(known.end() + 1)).orElse(Duration.ofDays(1)));
        Scenario scenario = Scenario.of(
                        (long) root.number("seed", 0, 1),
                        duration,
                        providers,
                        callers(calls),
                        trace.<Traffic>map(Traffic.Recorded::new).orElseGet(() -> TrafficReader.read(calls)))
                .toBuilder()
                .shocks(
                        shocks.has("gap")
                                ? new Shocks(
                                        shocks.duration("gap", Duration.ZERO),
                                        ProviderReader.lognormal(shocks, "length", Duration.ofMinutes(20), 1),
                                        shocks.share("reach", 0.5))
                                : Shocks.NONE)
                .build();
        List<ChainSettings> chains = new ArrayList<>();
        root.section("chains")
                .sections()
                .forEach((name, below) -> chains.add(ChainReader.read(name, below, providers)));
        if (chains.isEmpty() && !problems.any()) {
            root.problem(
                    "chains", "name at least one chain, such as chains: { mine: { targets: [a/model, b/model] } }");
        }
        return new SimulationSettings(scenario, chains);
    }

    private static CallersSettings callers(YamlSection calls) {
        CallersSettings usual = CallersSettings.ofDefaults();
        return new CallersSettings(
                calls.share("streaming", usual.streaming()),
                calls.share("leaving", usual.leaving()),
                calls.share("slow", usual.slow()),
                calls.share("faulty", usual.faulty()),
                calls.share("impatient", usual.impatient()),
                calls.share("tools", usual.tools()),
                calls.share("hostile", usual.hostile()));
    }

    private Optional<Trace> trace(YamlSection calls, String name) {
        Path file = folder.resolve(name);
        try {
            return Optional.of(Trace.read(name, Files.readAllLines(file, StandardCharsets.UTF_8)));
        } catch (IOException unreadable) {
            calls.problem("trace", "cannot read " + file);
        } catch (IllegalArgumentException broken) {
            problems.add(String.valueOf(broken.getMessage()));
        }
        return Optional.empty();
    }
}
