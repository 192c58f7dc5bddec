package dev.understudy.calls.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.calls.plan.CallPlanner;
import dev.understudy.calls.plan.CallPreview;
import dev.understudy.calls.plan.NoEligibleTarget;
import dev.understudy.calls.plan.PlannedTarget;
import dev.understudy.engine.Target;
import dev.understudy.protocol.json.BadRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which targets a name stands for, and what is said of a name that stands for none. */
class CatalogTest {
    private static final String FILE = """
            providers:
              openai: { api-key: k }
              anthropic: { api-key: k }
              mistral: { api-key: k }
              xai: { api-key: k }
              openpipe: { base-url: "https://op.example.com/v1", api-key: k }
              local: { base-url: "http://127.0.0.1:8000/v1" }
              rehearsal: {}
            models:
              assistant:
                deadline: 30s
                timeouts: { first-token: 2s }
                targets: [{ target: openai/gpt-5.1, context-window: 400000 }, anthropic/claude-sonnet-4-5]
              single: { targets: [local/llama] }
              alone: { targets: [local/llama], fallbacks: [] }
              backed: { targets: [local/llama, local/qwen], fallbacks: [assistant, openai/o3] }
              gpt-4: { targets: [local/pretender] }
            fallbacks: [openai/gpt-5.1-mini, single]
            """;

    private static Catalog catalog(String yaml) {
        try {
            return Catalog.of(new SettingsReader(Environment.of(Map.of()))
                    .read("f.yaml", yaml)
                    .rehearsalAt(URI.create("http://127.0.0.1:9/v1")));
        } catch (InvalidSettings broken) {
            throw new AssertionError(broken);
        }
    }

    private final Catalog catalog = catalog(FILE);

    /** The routes of a call, as calls, {@code explain} and {@code check} plan it. */
    private List<Route> chain(String name, Optional<List<String>> fallbacks) throws NoEligibleTarget, BadRequest {
        return new CallPreview(new CallPlanner(catalog))
                .ofModel(name, fallbacks).targets().stream()
                        .map(PlannedTarget::route)
                        .toList();
    }

    private static List<String> names(List<Route> routes) {
        return routes.stream().map(route -> route.target().name()).toList();
    }

    @Test
    void aConfiguredNameIsItsTargetsInOrderWithItsLimits() {
        List<Route> routes = catalog.resolve("assistant");

        assertThat(names(routes)).containsExactly("openai/gpt-5.1", "anthropic/claude-sonnet-4-5");
        assertThat(routes.get(0).timeouts().firstToken()).isEqualTo(Duration.ofSeconds(2));
        assertThat(routes.get(0).contextWindow()).hasValue(400_000);
        assertThat(routes.get(0).provider().name()).isEqualTo("openai");
        assertThat(catalog.defaultsOf("assistant").deadline()).contains(Duration.ofSeconds(30));
        assertThat(catalog.defaultsOf("openai/gpt-5.1").deadline())
                .as("none is configured")
                .isEmpty();
    }

    @Test
    void aConfiguredNameGoesBeforeAWellKnownOne() {
        assertThat(names(catalog.resolve("gpt-4"))).containsExactly("local/pretender");
    }

    @ParameterizedTest
    @CsvSource({
        "openai/gpt-9, openai, gpt-9",
        "local/meta-llama/Llama-3/x, local, meta-llama/Llama-3/x",
        "rehearsal/flaky?p=0.3&as=down, rehearsal, flaky?p=0.3&as=down",
        "openai:gpt-9, openai, gpt-9",
        "gpt-5.1, openai, gpt-5.1",
        "chatgpt-4o-latest, openai, chatgpt-4o-latest",
        "o1, openai, o1",
        "o3-mini, openai, o3-mini",
        "o4-mini-2025-04-16, openai, o4-mini-2025-04-16",
        "ft:gpt-4o-mini:acme::abc, openai, ft:gpt-4o-mini:acme::abc",
        "claude-sonnet-4-5, anthropic, claude-sonnet-4-5",
        "mistral-large-latest, mistral, mistral-large-latest",
        "codestral-latest, mistral, codestral-latest",
        "open-mixtral-8x7b, mistral, open-mixtral-8x7b",
        "grok-4, xai, grok-4",
        "openpipe:mine, openpipe, openpipe:mine",
    })
    void aNameWithAProviderIsOneTarget(String name, String provider, String model) {
        assertThat(catalog.resolve(name)).singleElement().satisfies(route -> {
            assertThat(route.target().provider()).isEqualTo(provider);
            assertThat(route.target().model()).isEqualTo(model);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "openai/",
                "/gpt-5.1",
                "unknown/gpt-5.1",
                "gemini-2.5-pro",
                "deepseek-chat",
                "command-a",
                "o2",
                "o1x",
                "gpt",
                "ASSISTANT",
                "assistant ",
                "http://evil.example.com/v1",
            })
    void anUnknownNameIsEmpty(String name) {
        assertThat(catalog.resolve(name)).isEmpty();
        assertThatThrownBy(() -> chain(name, Optional.of(List.of())))
                .isInstanceOfAny(NoEligibleTarget.class, BadRequest.class);
    }

    @Test
    void aContextWindowStatedForOneModelHoldsForTheTargetEverywhere() {
        assertThat(catalog.resolve("openai/gpt-5.1").getFirst().contextWindow()).hasValue(400_000);
        assertThat(catalog.resolve("openai/gpt-9").getFirst().contextWindow()).isEmpty();
    }

    @Test
    void oneRehearsedKeyTroubleDoesNotBenchTheOtherRehearsedModels() {
        Target down = catalog.resolve("rehearsal/down").getFirst().target();
        Target ok = catalog.resolve("rehearsal/ok").getFirst().target();
        assertThat(down.credential()).isEqualTo("rehearsal/down").isNotEqualTo(ok.credential());
        assertThat(catalog.resolve("openai/a").getFirst().target())
                .extracting(Target::credential)
                .isEqualTo("openai");
        assertThat(catalog.resolve("rehearsal/ok").getFirst().provider().baseUrl())
                .hasToString("http://127.0.0.1:9/v1");
    }

    @Test
    void theNearestListOfFallbacksWins() throws NoEligibleTarget, BadRequest {
        assertThat(catalog.fallbacksOf("assistant").map(CatalogTest::names))
                .contains(List.of("anthropic/claude-sonnet-4-5"));
        assertThat(catalog.fallbacksOf("single")).isEmpty();
        assertThat(catalog.fallbacksOf("openai/gpt-9")).isEmpty();
        assertThat(catalog.fallbacksOf("alone")).contains(List.of());
        assertThat(names(catalog.defaultFallbacks())).containsExactly("openai/gpt-5.1-mini", "local/llama");

        assertThat(names(chain("assistant", Optional.empty())))
                .containsExactly("openai/gpt-5.1", "anthropic/claude-sonnet-4-5");
        assertThat(names(chain("alone", Optional.empty()))).containsExactly("local/llama");
        assertThat(names(chain("backed", Optional.empty())))
                .containsExactly(
                        "local/llama", "local/qwen", "openai/gpt-5.1", "anthropic/claude-sonnet-4-5", "openai/o3");
        assertThat(names(chain("assistant", Optional.of(List.of())))).containsExactly("openai/gpt-5.1");
        assertThat(names(chain("assistant", Optional.of(List.of("backed")))))
                .containsExactly("openai/gpt-5.1", "local/llama", "local/qwen");
    }

    @Test
    void aTargetIsTriedOnceHoweverOftenTheChainNamesIt() throws NoEligibleTarget, BadRequest {
        assertThat(names(chain("single", Optional.empty()))).containsExactly("local/llama", "openai/gpt-5.1-mini");
        // Two ways with different limits: the first one's are taken.
        List<Route> chain = chain("openai/gpt-5.1", Optional.of(List.of("assistant")));
        assertThat(names(chain)).containsExactly("openai/gpt-5.1", "anthropic/claude-sonnet-4-5");
        assertThat(chain.getFirst().timeouts().firstToken()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void theListedNamesAreTheConfiguredOnesFirst() {
        assertThat(catalog.models())
                .containsExactly(
                        "assistant",
                        "single",
                        "alone",
                        "backed",
                        "gpt-4",
                        "openai/gpt-5.1",
                        "anthropic/claude-sonnet-4-5",
                        "local/llama",
                        "local/qwen",
                        "openai/o3",
                        "local/pretender",
                        "openai/gpt-5.1-mini");
    }

    @Test
    void aMisspeltNameGetsItsNeighbours() {
        assertThat(catalog.nearest("asistant")).containsExactly("assistant");
        assertThat(catalog.nearest("opnai/gpt-5.1")).startsWith("openai/gpt-5.1");
        assertThat(catalog.nearest("local/lama")).contains("local/llama").hasSizeLessThanOrEqualTo(3);
        assertThat(catalog.whyUnknown("asistant")).isEqualTo("unknown model `asistant`; did you mean assistant?");
        assertThat(catalog.whyUnknown("gemini-2.5-pro"))
                .isEqualTo("model `gemini-2.5-pro` belongs to provider gemini, which is not configured");
        assertThat(catalog.whyUnknown("completely-different-thing"))
                .startsWith("unknown model `completely-different-thing`; configured are assistant, single");
        assertThat(catalog("providers: { local: { base-url: \"http://h/v1\" } }")
                        .whyUnknown("x"))
                .isEqualTo("unknown model `x`; write provider/model with one of the providers local");
    }

    @Test
    void anOversizeOrMaliciousNameIsUnknownAndNotEchoed() {
        String long1 = "openai/" + "x".repeat(1_000_000);
        assertThat(catalog.resolve(long1)).isEmpty();
        assertThat(catalog.resolve("gpt-" + "x".repeat(1_000_000))).isEmpty();
        assertThat(catalog.whyUnknown(long1)).hasSizeLessThan(600);
        assertThat(catalog.resolve("openai/a\r\nset-cookie: b")).isEmpty();
        assertThat(catalog.resolve("gpt-a\nb")).isEmpty();
        assertThat(catalog.whyUnknown("a\r\nset-cookie: b\u001b[31m")).doesNotContain("\r", "\n", "\u001b");
    }
}
