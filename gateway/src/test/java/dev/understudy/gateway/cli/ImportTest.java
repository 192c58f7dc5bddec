package dev.understudy.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.GroupPlace;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsDocument;
import dev.understudy.calls.config.SettingsLayer;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.calls.config.TargetSettings;
import dev.understudy.engine.Group;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code import}: files of other gateways' shapes become configurations that {@code check} accepts, without any key. */
@Timeout(60)
class ImportTest {
    /** Every variable is set: the configurations must lack nothing else. A path is one that can be read. */
    private static final Environment ALL = name -> name.endsWith("_BASE") || name.endsWith("_BASE_URL")
            ? Optional.of("https://address.example/v1")
            : name.startsWith("AWS_") || name.startsWith("OTEL_") || name.startsWith("UNDERSTUDY_")
                    ? Optional.empty()
                    : Optional.of("value-of-" + name);

    @TempDir
    private Path folder;

    private record Outcome(int exit, String out, String err) {}

    private Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Main.commandLine(new CommandContext(ALL, folder))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .execute(arguments);
        return new Outcome(exit, out.toString(), err.toString());
    }

    private Path example(String name) throws IOException {
        try (InputStream in = ImportTest.class.getResourceAsStream("/dev/understudy/gateway/imports/" + name)) {
            Path file = folder.resolve(name);
            // The key file of a service account must be there.
            Path key = Files.writeString(folder.resolve("key.json"), "{}");
            return Files.writeString(
                    file,
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .replace("/etc/understudy/key.json", key.toString()));
        }
    }

    private String imported(String source, String example, String... further) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("import", source, example(example).toString(), "--output", "understudy.yaml"));
        arguments.addAll(List.of(further));
        Outcome outcome = run(arguments.toArray(String[]::new));
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exit()).isZero();
        return Files.readString(folder.resolve("understudy.yaml"));
    }

    private static Settings settings(String yaml) throws InvalidSettings {
        return new SettingsReader(ALL).read("understudy.yaml", yaml);
    }

    private static List<String> targets(Settings settings, String model) {
        return settings.models().get(model).targets().stream()
                .map(TargetSettings::target)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "litellm,litellm.yaml,",
        "litellm,litellm-small.yaml,",
        "portkey,portkey-fallback.json,--model=gpt-5.1",
        "portkey,portkey-conditional.json,",
        "openrouter,openrouter.json,"
    })
    void resultPassesTheCheckAndHasNoKey(String source, String example, String further) throws IOException {
        String yaml = further == null ? imported(source, example) : imported(source, example, further);
        Outcome check = run("check");
        assertThat(check.err()).isEmpty();
        assertThat(check.exit()).isZero();
        assertThat(yaml)
                .doesNotContain(
                        "literal-key",
                        "literal_key",
                        "very-secret",
                        "another-literal",
                        "literal-master",
                        "literal-azure")
                .doesNotContain("nothing of this is copied");
    }

    private static GroupPlace place(Settings settings, String model, String target) {
        return settings.models().get(model).targets().stream()
                .filter(each -> each.target().equals(target))
                .findFirst()
                .flatMap(TargetSettings::place)
                .orElseThrow();
    }

    @Test
    void deploymentsOfOneNameAreAGroup() throws IOException, InvalidSettings {
        String yaml = imported("litellm", "litellm.yaml");
        Settings settings = settings(yaml);

        assertThat(targets(settings, "gpt-5.1"))
                .containsExactlyInAnyOrder("azure/gpt-5.1-eu", "azure-2/gpt-5.1-us", "openai/gpt-5.1");
        assertThat(place(settings, "gpt-5.1", "azure/gpt-5.1-eu").group().strategy())
                .isEqualTo(Group.Strategy.LOWEST_LATENCY);
        assertThat(settings.models().get("local").targets().getFirst().place()).isEmpty();
        assertThat(targets(settings, "claude"))
                .containsExactly("anthropic/claude-sonnet-4-5", "bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0");
        assertThat(targets(settings, "gpt-4")).isEqualTo(targets(settings, "gpt-5.1"));
        assertThat(targets(settings, "hidden")).isEqualTo(targets(settings, "claude"));
        assertThat(settings.models()).doesNotContainKeys("strange", "anthropic/*");
        assertThat(inOneLine(yaml))
                .contains("strange: unheard_of/some-model: the provider unheard_of is not known here");
    }

    @Test
    void accountsKeepTheirAddressesAndVariables() throws IOException, InvalidSettings {
        String yaml = imported("litellm", "litellm.yaml");
        Settings settings = settings(yaml);

        assertThat(settings.providers().get("azure").baseUrl()).hasHost("example-eu.openai.azure.com");
        assertThat(settings.providers().get("azure").apiKey().orElseThrow().reveal())
                .isEqualTo("value-of-AZURE_EU_KEY");
        assertThat(settings.providers().get("azure-2").baseUrl()).hasHost("address.example");
        assertThat(settings.providers().get("openai").apiKey().orElseThrow().reveal())
                .isEqualTo("value-of-OPENAI_API_KEY");
        assertThat(settings.providers().get("openai-2").baseUrl()).hasPort(9000);
        // A server of one's own does not get OpenAI's key.
        assertThat(settings.providers().get("openai-2").apiKey()).isEmpty();
        assertThat(settings.providers().get("vertex").baseUrl())
                .asString()
                .isEqualTo(
                        "https://europe-west4-aiplatform.googleapis.com/v1/projects/my-project/locations/europe-west4"
                                + "/publishers/google");
        assertThat(settings.providers().get("perplexity").baseUrl()).hasHost("api.perplexity.ai");
        assertThat(settings.providers().get("bedrock").baseUrl()).hasHost("bedrock-runtime.eu-central-1.amazonaws.com");
        assertThat(yaml).contains("The key was written in the file that was imported");
    }

    @Test
    void fallbacksOfAllKindsAreFallbacks() throws IOException, InvalidSettings {
        Settings settings = settings(imported("litellm", "litellm.yaml"));

        assertThat(settings.models().get("gpt-5.1").fallbacks()).contains(List.of("claude", "gemini"));
        assertThat(settings.models().get("gpt-4").fallbacks()).contains(List.of("claude", "gemini"));
        assertThat(settings.models().get("claude").fallbacks()).contains(List.of("gpt-5.1", "gemini"));
        assertThat(settings.models().get("claude").defaults().fallbackOn()).hasSize(1);
        assertThat(settings.models().get("local").fallbacks()).contains(List.of("gemini"));
        assertThat(settings.fallbacks()).containsExactly("gemini");
    }

    @Test
    void limitsEndAttemptsAsBefore() throws IOException, InvalidSettings {
        Settings settings = settings(imported("litellm", "litellm.yaml"));

        assertThat(settings.defaults().target().retry().attempts()).isEqualTo(2);
        assertThat(settings.defaults().target().cooldown().after()).isEqualTo(4);
        assertThat(settings.defaults().target().cooldown().base()).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.defaults().target().timeouts().answer()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.defaults().target().timeouts().cancels()).isTrue();
        var ofTarget = settings.models().get("gpt-5.1").targets().stream()
                .filter(target -> target.target().startsWith("azure-2/"))
                .findFirst()
                .orElseThrow()
                .policy();
        assertThat(ofTarget.timeouts().firstToken()).isEqualTo(Duration.ofSeconds(8));
        assertThat(ofTarget.timeouts().answer()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.prices()).containsKey("anthropic/claude-sonnet-4-5");
        assertThat(settings.server().keys()).hasSize(1);
        assertThat(settings.server().admin().key()).isPresent();
    }

    @Test
    void whatHasNoCounterpartIsNamed() throws IOException {
        assertThat(inOneLine(imported("litellm", "litellm.yaml")))
                .contains("Without a counterpart here:")
                .contains("drop_params, cache, success_callback")
                .contains("redis_host, retry_policy")
                .contains("general_settings: alerting")
                .contains("general_settings.database_url")
                .contains("REDIS_PASSWORD")
                .contains("default_fallbacks: missing is not in the list of models")
                .contains("temperature")
                .contains("rpm");
    }

    @Test
    void twoLiteralKeysAreTwoAccounts() throws IOException, InvalidSettings {
        Settings settings = settings(imported("litellm", "litellm-small.yaml"));
        assertThat(targets(settings, "fast")).containsExactly("groq/llama-3.3-70b", "groq-2/llama-3.3-70b");
        assertThat(settings.providers().get("groq-2").apiKey().orElseThrow().reveal())
                .isEqualTo("value-of-GROQ_2_API_KEY");
        assertThat(targets(settings, "plain")).containsExactly("anthropic/claude-haiku-4-5");
        assertThat(settings.server().keys().getFirst().secret().reveal()).isEqualTo("value-of-LITELLM_MASTER_KEY");
    }

    @Test
    void strategiesOfPortkeyAreSteps() throws IOException, InvalidSettings {
        String yaml = imported("portkey", "portkey-fallback.json", "--name", "support", "--model", "gpt-5.1");
        Settings settings = settings(yaml);
        assertThat(targets(settings, "support"))
                .containsExactly(
                        "openai/gpt-5.1",
                        "anthropic/claude-sonnet-4-5",
                        "bedrock/anthropic.claude-sonnet-4-5",
                        "azure/gpt-5-1",
                        "in-house-9f8e/gpt-5.1");
        assertThat(place(settings, "support", "anthropic/claude-sonnet-4-5").weight())
                .isEqualTo(0.7);
        assertThat(place(settings, "support", "bedrock/anthropic.claude-sonnet-4-5")
                        .group()
                        .strategy())
                .isEqualTo(Group.Strategy.WEIGHTED);
        TargetSettings first = settings.models().get("support").targets().getFirst();
        assertThat(first.place()).isEmpty();
        assertThat(first.policy().retry().attempts()).isEqualTo(3);
        assertThat(first.policy().timeouts().answer()).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings.providers().get("azure").baseUrl()).hasHost("my-resource.openai.azure.com");
        assertThat(settings.providers().get("in-house-9f8e").baseUrl()).hasHost("llm.example");
        assertThat(settings.providers().get("in-house-9f8e").apiKey()).isPresent();
        assertThat(inOneLine(yaml))
                .contains("openai-prod-1a2b3c")
                .contains("override_params.temperature")
                .contains("on_status_codes")
                .contains("left out, since its weight is 0")
                .contains("cache");
    }

    /** Comments are wrapped. */
    private static String inOneLine(String yaml) {
        return yaml.replaceAll("\\n *# +", " ");
    }

    @Test
    void targetsWithoutAModelAreNamed() throws IOException {
        assertThat(inOneLine(imported("portkey", "portkey-fallback.json")))
                .contains("names no model (override_params.model)");
        Path none = Files.writeString(folder.resolve("none.json"), "{\"provider\": \"openai\"}");
        Outcome outcome = run("import", "portkey", none.toString());
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).contains("--model");
    }

    @Test
    void conditionsBecomeNamesOfModels() throws IOException, InvalidSettings {
        String yaml = imported("portkey", "portkey-conditional.json");
        assertThat(targets(settings(yaml), "assistant")).containsExactly("mistral/mistral-small-latest");
        assertThat(targets(settings(yaml), "assistant-large")).containsExactly("openai/gpt-5.1");
        assertThat(inOneLine(yaml)).contains("requests choose by the name of the model instead");
    }

    @Test
    void modelsOfOpenRouterStayThere() throws IOException, InvalidSettings {
        String yaml = imported("openrouter", "openrouter.json", "--name", "chat");
        assertThat(targets(settings(yaml), "chat"))
                .containsExactly(
                        "openrouter/anthropic/claude-sonnet-4.5",
                        "openrouter/openai/gpt-5.1",
                        "openrouter/google/gemini-2.5-pro:nitro");
        assertThat(inOneLine(yaml))
                .contains("such as anthropic/claude-sonnet-4.5, openai/gpt-5.1")
                .contains("provider (order, allow_fallbacks, sort)");
    }

    @Test
    void fileIsNotOverwrittenUnlessForced() throws IOException {
        Path there = Files.writeString(folder.resolve("understudy.yaml"), "mine");
        String source = example("openrouter.json").toString();
        Outcome refused = run("import", "openrouter", source, "--output", "understudy.yaml");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("is there already").contains("--force");
        assertThat(there).hasContent("mine");
        assertThat(run("import", "openrouter", source, "--output", "understudy.yaml", "--force")
                        .exit())
                .isZero();
        assertThat(Files.readString(there)).contains("openrouter/");
    }

    @Test
    void standardOutputHasNothingButTheConfiguration() throws IOException, InvalidSettings {
        Outcome outcome = run("import", "openrouter", example("openrouter.json").toString());
        assertThat(settings(outcome.out()).models()).containsKey("assistant");
        JsonNode tree = new SettingsReader(ALL)
                .tree(new SettingsDocument("out", Optional.of(outcome.out())), SettingsLayer.EMPTY);
        assertThat(tree.fieldNames()).toIterable().containsExactly("providers", "models");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "litellm|models: []|has no list model_list",
                "litellm|{a: [|bad.txt:1",
                "portkey|{\"a\": 1}|has neither targets nor a provider",
                "portkey|nonsense|is not JSON (line 1)",
                "openrouter|{}|names no model"
            })
    void wrongFilesAreNamedWithWhatIsWrong(String source, String text, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.txt"), text);
        Outcome outcome = run("import", source, file.toString());
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).contains("bad.txt").contains(message);
        assertThat(run("import", source, "missing.txt").err()).contains("no such file");
    }

    /** What is copied into comments could end them. */
    @Test
    void namesCannotLeaveTheirComments() throws IOException, InvalidSettings {
        Path file = Files.writeString(
                folder.resolve("config.yaml"),
                "model_list: [{model_name: \"a\\nserver: {port: 1}\", litellm_params: {model: unknown_one/x}},"
                        + " {model_name: \"b ${HOME}\", litellm_params: {model: openai/x}}]\n");
        Outcome outcome = run("import", "litellm", file.toString());
        assertThat(outcome.exit()).isZero();
        Settings settings = settings(outcome.out());
        assertThat(settings.server().port()).isEqualTo(4400);
        assertThat(settings.models()).hasSize(1);
    }
}
