package dev.understudy.simulator.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Group;
import dev.understudy.engine.Recovery;
import dev.understudy.simulator.run.ChainSettings;
import dev.understudy.simulator.run.Measures;
import dev.understudy.simulator.run.Simulation;
import dev.understudy.simulator.world.ModelProfile;
import dev.understudy.simulator.world.ProviderProfile;
import dev.understudy.simulator.world.Reasoning;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a file of settings may say, and what is said of one that is broken. */
class SimulationReaderTest {
    private static final Path RESOURCES = Path.of("src/test/resources");

    @Test
    void theChainIsTheOneThatStandsThere() throws InvalidSimulation {
        SimulationSettings settings = SimulationReader.read("s.yaml", """
                seed: 7
                providers: { a: {}, b: { rate-limit: { per-minute: 60 } } }
                chains:
                  mine:
                    targets: [a/m, b/m]
                    deadline: 20s
                    stream: { recovery: restart }
                    overlap: { enabled: false }
                """, RESOURCES);
        ChainSettings chain = settings.chains().getFirst();
        assertThat(settings.scenario().seed()).isEqualTo(7);
        assertThat(chain.targets()).containsExactly("a/m", "b/m");
        assertThat(chain.deadline()).contains(Duration.ofSeconds(20));
        assertThat(chain.recovery()).isEqualTo(Recovery.RESTART);
        assertThat(chain.hedging()).isFalse();
    }

    @Test
    void aStepMayBeAGroup() throws InvalidSimulation {
        ChainSettings chain =
                SimulationReader.read("s.yaml", """
                providers: { a: {}, b: {}, c: {} }
                chains:
                  mine:
                    targets:
                      - strategy: least-loaded
                        slow-start: 30s
                        members: [a/m, { target: b/m, weight: 3 }]
                      - c/m
                """, RESOURCES).chains().getFirst();
        assertThat(chain.targets()).containsExactly("a/m", "b/m", "c/m");
        assertThat(chain.groups())
                .containsExactly(new Group(
                        "group 1",
                        Group.Strategy.LEAST_LOADED,
                        true,
                        Duration.ofSeconds(30),
                        List.of(new Group.Member(List.of(0), 1), new Group.Member(List.of(1), 3))));
        assertThat(catchThrowableOfType(InvalidSimulation.class, () -> SimulationReader.read("s.yaml", """
                providers: { a: {} }
                chains: { mine: { targets: [{ strategy: fastest, members: [a/m, { target: b/m }] }] } }
                """, RESOURCES))
                        .problems()
                        .toString())
                .contains("`fastest` is none of weighted")
                .contains("`b/m` is at no provider of this file");
    }

    @Test
    void modelsMayReasonAndProvidersHaveHabits() throws InvalidSimulation {
        SimulationSettings settings = SimulationReader.read("s.yaml", """
                calls: { long: 10%, tools: 20%, hostile: 1% }
                providers:
                  a:
                    habits: { pings: 50%, late: 3%, late-by: 20s }
                    models:
                      o: { reasoning: { median: 30s, shows: pings, recognised: false } }
                      p: { refused: quota }
                chains: { mine: { targets: [a/o, a/p], timeouts: { reasoning: 90s, when-late: cancel } } }
                """, RESOURCES);
        ProviderProfile provider = settings.scenario().providers().get("a");
        assertThat(provider.habits().pings()).isEqualTo(0.5);
        Reasoning reasoning = provider.model("o").reasoning().orElseThrow();
        assertThat(reasoning.shows()).isEqualTo(Reasoning.Shows.PINGS);
        assertThat(reasoning.recognised()).isFalse();
        assertThat(provider.model("p").refused()).contains(FailureKind.QUOTA);
        assertThat(provider.model("other")).isEqualTo(ModelProfile.PLAIN);
        assertThat(settings.scenario().callers().tools()).isEqualTo(0.2);
        ChainSettings chain = settings.chains().getFirst();
        assertThat(chain.deadline()).isEmpty();
        assertThat(chain.timeouts().reasoning()).isEqualTo(Duration.ofSeconds(90));
        assertThat(chain.timeouts().cancels()).isTrue();
    }

    @Test
    void theScenariosOfTheDecisionsCanBeRead() throws InvalidSimulation, IOException {
        try (DirectoryStream<Path> scenarios = Files.newDirectoryStream(Path.of("scenarios"), "*.yaml")) {
            for (Path scenario : scenarios) {
                assertThat(SimulationReader.read(scenario).chains())
                        .as("%s", scenario)
                        .isNotEmpty();
            }
        }
    }

    @Test
    void everyFaultIsNamedWithItsLine() {
        List<String> problems = problems("""
                duration: 1 day
                providers:
                  a: { first-tokn: 3 }
                chains:
                  mine: { targets: [a/m, c/m], deadline: 0s, stream: { recovery: pray } }
                """);
        assertThat(problems)
                .anyMatch(line -> line.startsWith("s.yaml:1: duration: `1 day` is not a duration"))
                .anyMatch(line -> line.startsWith("s.yaml:3: providers.a.first-tokn: unknown key; the keys here are "))
                .anyMatch(line -> line.startsWith("s.yaml:5: chains.mine.targets: `c/m` is at no provider"))
                .anyMatch(line -> line.startsWith("s.yaml:5: chains.mine.deadline: `0s` must be more than 0"))
                .anyMatch(line -> line.startsWith("s.yaml:5: chains.mine.stream.recovery: `pray` is none of"))
                .hasSize(5);
    }

    @Test
    void invalidYamlIsReported() {
        assertThat(problems("providers: [a\nchains: 3"))
                .singleElement()
                .asString()
                .startsWith("s.yaml:2: not valid YAML");
    }

    @Test
    void callsMayComeFromATrace() throws InvalidSimulation {
        SimulationSettings settings = SimulationReader.read("s.yaml", """
                calls: { trace: calls.csv, leaving: 0%, faulty: 0% }
                providers: { a: { incidents: { gap: 0s }, faults: { errors: 0% } } }
                chains: { mine: { targets: [a/m] } }
                """, RESOURCES);
        Measures measures =
                new Simulation(settings.scenario(), settings.chains().getFirst()).run();
        assertThat(measures.calls()).isEqualTo(10);
    }

    @Test
    void aTraceThatIsNotThereIsAFault() {
        assertThat(problems("calls: { trace: none.csv }\nproviders: { a: {} }\nchains: { m: { targets: [a/m] } }"))
                .singleElement()
                .asString()
                .startsWith("s.yaml:1: calls.trace: cannot read ");
    }

    private static List<String> problems(String text) {
        InvalidSimulation broken =
                catchThrowableOfType(InvalidSimulation.class, () -> SimulationReader.read("s.yaml", text, RESOURCES));
        assertThat(broken).isNotNull();
        return broken.problems();
    }
}
