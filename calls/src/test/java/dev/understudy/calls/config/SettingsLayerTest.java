package dev.understudy.calls.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.options.AnswerPattern;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Changes over a file: which of both counts, and how problems of the changes are reported. */
class SettingsLayerTest {
    private static final String FILE = """
            providers:
              one: { base-url: "http://127.0.0.1:9001/v1", api-key: "${KEY}" }
              two: { base-url: "http://127.0.0.1:9002/v1" }
            models:
              assistant:
                targets: [one/a, { target: two/b, timeouts: { idle: 3s } }, "one/${MODEL}"]
                deadline: 30s
                retry: { attempts: 2 }
              other: { targets: [two/c] }
            fallbacks: [two/z]
            """;
    private static final Map<String, String> VARIABLES = Map.of("KEY", "sk-secret-1", "MODEL", "m", "OTHER", "hidden");

    private static final SettingsReader READER = new SettingsReader(Environment.of(VARIABLES));

    private static Settings read(String layer) throws InvalidSettings {
        return READER.read(new SettingsDocument("f.yaml", Optional.of(FILE)), SettingsLayer.parse(layer));
    }

    @Test
    void modelIsChangedKeyByKey() throws InvalidSettings {
        Settings settings = read("models: { assistant: { targets: [two/b, one/a] } }");

        ModelSettings assistant = settings.models().get("assistant");
        assertThat(assistant.targets()).extracting(TargetSettings::target).containsExactly("two/b", "one/a");
        assertThat(assistant.defaults().deadline()).contains(Duration.ofSeconds(30));
        assertThat(assistant.defaults().retry().attempts()).isEqualTo(2);
        assertThat(settings.models().keySet()).containsExactly("assistant", "other");
    }

    @Test
    void keyWithoutValueIsAsIfTheFileHadNotStatedIt() throws InvalidSettings {
        Settings settings = read("models: { assistant: { deadline: null } }");

        assertThat(settings.models().get("assistant").defaults().deadline()).isEmpty();
        assertThat(settings.models().get("assistant").targets()).hasSize(3);
    }

    @Test
    void newModelsComeAfterThoseOfTheFile() throws InvalidSettings {
        Settings settings = read("models: { fresh: { targets: [one/x], deadline: null } }\nfallbacks: [one/y]");

        assertThat(settings.models().keySet()).containsExactly("assistant", "other", "fresh");
        assertThat(settings.fallbacks()).containsExactly("one/y");
    }

    @Test
    void switchForAllModelsIsStrongerThanThatOfOne() throws InvalidSettings {
        Settings settings =
                read("defaults: { fallbacks-enabled: false }\nmodels: { assistant: { fallbacks-enabled: true } }");

        assertThat(settings.models().get("assistant").defaults().fallbacks()).isFalse();
        assertThat(settings.defaults().fallbacks()).isFalse();
    }

    @Test
    void problemsAreThoseOfTheConsoleWithTheirPaths() {
        assertThatThrownBy(() -> read("models: { assistant: { targets: [three/a, one/b, one/b] } }\nserver: {port: 1}"))
                .asInstanceOf(InstanceOfAssertFactories.type(InvalidSettings.class))
                .extracting(InvalidSettings::problems, InstanceOfAssertFactories.list(Problem.class))
                .extracting(Problem::toString)
                .anyMatch(problem -> problem.startsWith("console: models.assistant.targets[0]: ")
                        && problem.contains("not configured"))
                .anyMatch(problem -> problem.startsWith("console: models.assistant.targets[2]: "))
                .anyMatch(problem -> problem.startsWith("console: server: unknown key"))
                .hasSize(3);
    }

    @Test
    void onlyVariablesOfTheFilesChainsCanBeReferredTo() throws InvalidSettings {
        assertThat(read("models: { assistant: { targets: [\"one/${MODEL}\"] } }")
                        .models()
                        .get("assistant")
                        .targets())
                .extracting(TargetSettings::target)
                .containsExactly("one/m");
        for (String variable : new String[] {"OTHER", "KEY"}) {
            assertThatThrownBy(() -> read("models: { assistant: { targets: [\"one/${" + variable + "}\"] } }"))
                    .isInstanceOf(InvalidSettings.class)
                    .hasMessageContaining("is not set")
                    .hasMessageNotContaining(VARIABLES.get(variable));
        }
    }

    @Test
    void treeHasVariablesAsTheyAreWritten() throws InvalidSettings {
        ObjectNode tree = READER.tree(new SettingsDocument("f.yaml", Optional.of(FILE)), SettingsLayer.EMPTY);

        assertThat(tree.at("/providers/one/api-key").asText()).isEqualTo("${KEY}");
        assertThat(tree.at("/models/assistant/targets/2").asText()).isEqualTo("one/${MODEL}");
        assertThat(tree.at("/models/assistant/retry/attempts").isNumber()).isTrue();
    }

    @Test
    void textIsReadAsTheSameTree() throws Exception {
        ObjectNode tree = (ObjectNode) new ObjectMapper().readTree("""
                {"models": {"a: b": {"targets": ["one/a", {"target": "two/${X}", "reasons": true, "max-output": 100}, []],
                  "text": "true", "number": "12", "nothing": null, "empty": {}, "quote": "\\"#' \\n", "dash": "- x",
                  "colon": "x:", "comment": "a #b", "star": "*a", "date": "2027-01-31", "on": "yes", "tilde": "~"}}}""");

        SettingsLayer read = SettingsLayer.parse(YamlTree.text(tree));

        assertThat(read.model("a: b").orElseThrow().toString())
                .isEqualTo(tree.at("/models/a: b").toString());
        assertThat(SettingsLayer.parse(read.yaml())).isEqualTo(read);
    }

    @Test
    void layerWithoutChangesIsEmpty() throws InvalidSettings {
        ObjectNode keys = SettingsLayer.parse("models: { m: { targets: [one/a] } }")
                .model("m")
                .orElseThrow();
        SettingsLayer layer = SettingsLayer.EMPTY.withModel("m", keys).withFallbacksEnabled(Optional.of(false));
        assertThat(layer.yaml()).contains("m:", "one/a", "fallbacks-enabled: false");

        SettingsLayer back = layer.withModel("m", keys.removeAll()).withFallbacksEnabled(Optional.empty());

        assertThat(back.isEmpty()).isTrue();
        assertThat(back.yaml()).isEmpty();
        assertThat(SettingsLayer.parse("")).isEqualTo(SettingsLayer.EMPTY);
    }

    @Test
    void environmentCanHaveChangesToo() throws InvalidSettings {
        Settings settings = new SettingsReader(Environment.of(Map.of("OPENAI_API_KEY", "sk-test-123")))
                .read(SettingsDocument.ENVIRONMENT, SettingsLayer.parse("models: { m: { targets: [openai/a] } }"));

        assertThat(settings.models()).containsOnlyKeys("m");
    }

    @Test
    void storeHasItsOwnSection() throws InvalidSettings {
        assertThat(Configurations.read("").store()).isEqualTo(StoreSettings.BUILT_IN);
        Settings settings = Configurations.read(
                "store: { url: \"jdbc:postgresql://db/u?user=u&password=very-secret-1\", log: off, retention: 7d, max-calls: 10 }");
        assertThat(settings.store().logsCalls()).isFalse();
        assertThat(settings.store().retention()).isEqualTo(Duration.ofDays(7));
        assertThat(settings.store().maxCalls()).isEqualTo(10);
        assertThat(settings.secrets()).contains("very-secret-1");
        assertThat(Configurations.problems(
                        "store: { url: \"mysql://u:very-secret@x\", log: maybe, retention: 1s, max-calls: 0 }"))
                .hasSize(4)
                .noneMatch(problem -> problem.contains("very-secret"));
    }

    @Test
    void contentsAreOffUnlessTheyAreSwitchedOn() throws InvalidSettings {
        assertThat(Configurations.read("store: {contents: {retention: 3d}}")
                        .store()
                        .contents()
                        .enabled())
                .isFalse();
        assertThat(Configurations.read("store: {contents: off}").store().contents())
                .isEqualTo(ContentsSettings.BUILT_IN);
        assertThat(Configurations.read("store: {contents: on}").store().contents())
                .isEqualTo(new ContentsSettings(true, Duration.ofDays(7), 10_000, 64 << 10, Set.of(), Set.of()));
        Settings settings =
                Configurations.read("store: {contents: {enabled: on, retention: 12h, max-calls: 5, max-size: 1KiB,"
                        + " redact: [emails, card-numbers], redact-patterns: ['CUST-[0-9]{6}', 'a|b$']}}");
        assertThat(settings.store().contents())
                .isEqualTo(new ContentsSettings(
                        true,
                        Duration.ofHours(12),
                        5,
                        1024,
                        Set.of(ContentsSettings.Personal.EMAILS, ContentsSettings.Personal.CARD_NUMBERS),
                        Set.of(AnswerPattern.of("CUST-[0-9]{6}"), AnswerPattern.of("a|b$"))));
        assertThat(settings.warnings()).singleElement().asString().contains("store.contents", "is kept for 12h");
    }

    @Test
    void whatIsWrongWithContentsIsReported() {
        assertThat(Configurations.problems("""
                        store:
                          contents:
                            enabled: perhaps
                            max-size: 2MB
                            redact: [email]
                            redact-patterns: ['(a', 'a*', 'x{900}{900}', '(?=a)b']
                            patterns: []
                        """))
                .hasSize(8)
                .anyMatch(problem -> problem.contains(":5: store.contents.redact[0]") && problem.contains("emails"))
                .anyMatch(problem -> problem.contains("redact-patterns[1]") && problem.contains("empty text"))
                .anyMatch(problem -> problem.contains("redact-patterns[3]") && problem.contains("RE2"));
        assertThat(Configurations.problems("store: {contents: maybe}")).hasSize(1);
        assertThat(Configurations.problems("store: {contents: {redact-patterns: ["
                        + "x,".repeat(21).replaceAll(",$", "") + "]}}"))
                .singleElement()
                .asString()
                .contains("more than 20");
    }

    @Test
    void replicasHaveTheirOwnSection() throws InvalidSettings {
        assertThat(Configurations.read("").replicas()).isEqualTo(ReplicaSettings.BUILT_IN);
        Settings settings =
                Configurations.read("replicas: { valkey: \"rediss://u:very-secret-1@valkey:6380/2\", prefix: eu }");
        assertThat(settings.replicas().valkey()).contains("rediss://u:very-secret-1@valkey:6380/2");
        assertThat(settings.replicas().prefix()).isEqualTo("eu");
        assertThat(settings.secrets()).contains("very-secret-1");
        assertThat(settings.replicas().needingRestart(ReplicaSettings.BUILT_IN)).containsExactly("replicas.valkey");
        assertThat(Configurations.problems(
                        "replicas: { valkey: \"http://:very-secret@x\", prefix: \"a b\", lease: 1s }"))
                .hasSize(3)
                .noneMatch(problem -> problem.contains("very-secret"));
        assertThat(Configurations.problems("replicas: { valkey: \"redis://u:very secret@x\" }"))
                .singleElement()
                .asString()
                .doesNotContain("very secret");
    }

    @Test
    void valkeyCanBeNamedByTheEnvironment() throws InvalidSettings {
        Map<String, String> variables = new HashMap<>(Configurations.KEYS);
        variables.put("UNDERSTUDY_VALKEY_URL", "valkey://one:6379");
        assertThat(Configurations.withoutFile(variables).replicas().valkey()).contains("valkey://one:6379");
        assertThat(Configurations.read("replicas: {valkey: \"redis://two\"}", variables)
                        .replicas()
                        .valkey())
                .contains("redis://two");
        variables.put("UNDERSTUDY_VALKEY_URL", "http://one");
        assertThat(Configurations.problems("", variables))
                .singleElement()
                .asString()
                .contains("UNDERSTUDY_VALKEY_URL");
    }
}
