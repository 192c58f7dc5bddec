package dev.understudy.calls.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.CooldownPolicy;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Timeouts;
import dev.understudy.protocol.acceptance.Acceptance;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.options.AnswerPattern;
import dev.understudy.protocol.options.KeepAliveInterval;
import dev.understudy.protocol.options.ToolCallDelivery;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every key of the configuration that users were promised, and what each means. */
class PromisedConfigurationTest {
    private static final String PROMISED = """
            server: { host: 127.0.0.1, port: 4400 }
            providers:
              openai:    { api-key: "${OPENAI_API_KEY}" }            # known names need no more
              anthropic: { api-key: "${ANTHROPIC_API_KEY}" }
              local:     { dialect: openai, base-url: "http://127.0.0.1:8000/v1" }
            models:                                                   # names that callers may use
              assistant: { targets: [openai/gpt-5.1, anthropic/claude-sonnet-4-5, local/llama], deadline: 30s }
              "openpipe:my-ft-model": { targets: [local/my-ft-model] }
            fallbacks: [openai/gpt-5.1-mini]                          # for every chain that names none
            defaults:                                                 # each may be repeated per model, and per request
              deadline: 45s
              timeouts: { connect: 3s, first-token: 10s, idle: 10s }
              retry:    { attempts: 1, base: 250ms, cap: 4s, patience: 3s, budget: 10% }
              cooldown: { after: 3, base: 5s, cap: 60s }
              stream:   { commit: first-content, recovery: continue }
              accept:   { empty: false }
            """;

    @Test
    void whatIsKeptOfConversationsIsLimitedOrNothing() throws InvalidSettings {
        assertThat(Configurations.read("server: {conversations: {entries: 5, size: 1MB, age: 10m}}")
                        .server()
                        .conversations())
                .isEqualTo(new ConversationLimits(5, 1_000_000, Duration.ofMinutes(10)));
        assertThat(Configurations.read("server: {conversations: {age: 2h}}")
                        .server()
                        .conversations())
                .isEqualTo(new ConversationLimits(10_000, 64_000_000, Duration.ofHours(2)));
        assertThat(Configurations.read("server: {conversations: off}").server().conversations())
                .isEqualTo(ConversationLimits.OFF);
    }

    @Test
    void thePromisedExampleIsReadInFull() throws InvalidSettings {
        Settings settings = Configurations.read(PROMISED);

        assertThat(settings.server()).isEqualTo(ServerSettings.BUILT_IN);
        assertThat(settings.providers().keySet()).containsExactly("openai", "anthropic", "local");
        ProviderSettings openai = settings.providers().get("openai");
        assertThat(openai.baseUrl()).isEqualTo(URI.create("https://api.openai.com/v1"));
        assertThat(openai.apiKey().map(Credential::reveal)).contains("sk-test-1");
        assertThat(openai.authStyle()).isEqualTo(AuthStyle.BEARER);
        ProviderSettings local = settings.providers().get("local");
        assertThat(local.apiKey()).isEmpty();
        assertThat(local.authStyle()).isEqualTo(AuthStyle.NONE);
        assertThat(local.address(Api.CHAT, "llama", false))
                .isEqualTo(URI.create("http://127.0.0.1:8000/v1/chat/completions"));

        assertThat(settings.models().keySet()).containsExactly("assistant", "openpipe:my-ft-model");
        ModelSettings assistant = settings.models().get("assistant");
        assertThat(assistant.targets())
                .extracting(TargetSettings::target)
                .containsExactly("openai/gpt-5.1", "anthropic/claude-sonnet-4-5", "local/llama");
        assertThat(assistant.defaults().deadline()).contains(Duration.ofSeconds(30));
        assertThat(settings.fallbacks()).containsExactly("openai/gpt-5.1-mini");
        assertThat(settings.defaults())
                .isEqualTo(new Defaults(
                        Optional.of(Duration.ofSeconds(45)),
                        new TargetPolicy(
                                new Timeouts(
                                        Duration.ofSeconds(3),
                                        Duration.ofSeconds(10),
                                        Duration.ofSeconds(10),
                                        Duration.ofSeconds(30),
                                        Optional.empty()),
                                // Who writes how often to retry is taken at their word.
                                new RetryPolicy(
                                        1, Duration.ofMillis(250), Duration.ofSeconds(4), Duration.ofSeconds(3), false),
                                CooldownPolicy.ofDefaults()),
                        StreamSettings.BUILT_IN,
                        Set.of(),
                        true,
                        new Defaults.Budgets(0.1, 0.1),
                        new Defaults.Answers(false, Acceptance.ANYTHING),
                        true));
    }

    @Test
    void aModelMayRepeatEveryDefault() throws InvalidSettings {
        Settings settings = Configurations.read("""
                defaults:
                  timeouts: { connect: 1s, idle: 7s }
                models:
                  m:
                    targets: [openai/a]
                    deadline: 5m
                    timeouts: { first-token: 20s, reasoning: 2m, when-late: cancel }
                    fallback-on: [content-policy]
                    retry: { attempts: 0, base: 1ms, cap: 2s, patience: 0s, budget: 25% }
                    cooldown: { after: 1, success-rate: 25%, base: 60s, cap: 60s, quick-cap: 60s, credential: 1h, hint-cap: 10m }
                    stream:
                      commit: after 200 characters or 500ms
                      recovery: terminate
                      keep-alive: off
                      tool-calls: live
                    hedging: { enabled: false, budget: 5% }
                    accept: { empty: true, json: true, tools: true, min-length: 5, matches: "ok$" }
                """);

        assertThat(settings.models().get("m").defaults())
                .isEqualTo(new Defaults(
                        Optional.of(Duration.ofMinutes(5)),
                        new TargetPolicy(
                                new Timeouts(
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(20),
                                        Duration.ofSeconds(7),
                                        Duration.ofSeconds(60),
                                        Duration.ofMinutes(2),
                                        Optional.empty(),
                                        true),
                                new RetryPolicy(0, Duration.ofMillis(1), Duration.ofSeconds(2), Duration.ZERO),
                                new CooldownPolicy(
                                        1,
                                        0.25,
                                        Duration.ofMinutes(1),
                                        Duration.ofMinutes(1),
                                        Duration.ofMinutes(1),
                                        Duration.ofHours(1),
                                        Duration.ofMinutes(10))),
                        new StreamSettings(
                                new CommitPoint.After(200, Duration.ofMillis(500)),
                                Recovery.TERMINATE,
                                KeepAliveInterval.OFF,
                                ToolCallDelivery.LIVE),
                        Set.of(FailureKind.CONTENT_POLICY),
                        false,
                        new Defaults.Budgets(0.25, 0.05),
                        new Defaults.Answers(true, new Acceptance(true, true, 5, Optional.of(AnswerPattern.of("ok$")))),
                        true));
        assertThat(settings.defaults().deadline()).as("none is configured").isEmpty();
    }

    @Test
    void withoutSettingsThereIsNoLimit() throws InvalidSettings {
        Defaults nothing = Configurations.read("defaults: {}").defaults();

        assertThat(nothing.deadline()).isEmpty();
        assertThat(nothing.timeouts().cancels()).isFalse();
        assertThat(nothing.timeouts().answer()).isEqualTo(Duration.ofSeconds(20));
        assertThat(nothing.timeouts().reasoning()).isEqualTo(Duration.ofSeconds(60));
        assertThat(nothing.retry().persistent()).isTrue();
        assertThat(nothing.cooldown().quickCap()).isEqualTo(Duration.ofSeconds(15));
        assertThat(nothing.cooldown().hintCap()).isEqualTo(Duration.ofMinutes(5));
        assertThat(nothing.stream().keepAlive().interval()).contains(Duration.ofSeconds(10));
        assertThat(nothing.stream().toolCalls()).isEqualTo(ToolCallDelivery.WHOLE);
        assertThat(nothing.fallbackOn()).isEmpty();
    }

    @Test
    void onlyAStatedNumberOfRetriesEndsThoseOfTheLastTarget() throws InvalidSettings {
        Settings settings = Configurations.read("""
                defaults: { retry: { base: 100ms } }
                models:
                  counted: { targets: [{ target: openai/a, retry: { patience: 1s } }], retry: { attempts: 1 } }
                """);

        assertThat(settings.defaults().retry().persistent()).isTrue();
        assertThat(settings.models().get("counted").defaults().retry().persistent())
                .isFalse();
        assertThat(settings.models()
                        .get("counted")
                        .targets()
                        .get(0)
                        .policy()
                        .retry()
                        .persistent())
                .isFalse();
    }

    @Test
    void reasoningIsNeverLateSoonerThanAnAnswerWithoutIt() throws InvalidSettings {
        Settings settings = Configurations.read("""
                models:
                  patient: { targets: [openai/a], timeouts: { first-token: 30s } }
                  stated: { targets: [openai/a], timeouts: { answer: 100s, reasoning: 40s } }
                """);

        assertThat(settings.models().get("patient").defaults().timeouts().reasoning())
                .isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.models().get("stated").defaults().timeouts().reasoning())
                .as("what is written counts")
                .isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void anyErrorOneMinuteIsExactlyThat() throws InvalidSettings {
        CooldownPolicy classic = Configurations.read("defaults: { cooldown: { after: 1, base: 60s, cap: 60s } }")
                .defaults()
                .cooldown();

        assertThat(classic.base()).isEqualTo(Duration.ofSeconds(60));
        assertThat(classic.cap()).isEqualTo(Duration.ofSeconds(60));
        assertThat(classic.quickCap()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void aShorterCapHoldsForQuickFailuresToo() throws InvalidSettings {
        Settings settings = Configurations.read("""
                defaults: { cooldown: { cap: 8s } }
                models:
                  m: { targets: [openai/a], cooldown: { cap: 2m } }
                  q: { targets: [openai/a], cooldown: { quick-cap: 6s } }
                """);

        assertThat(settings.defaults().cooldown().quickCap()).isEqualTo(Duration.ofSeconds(8));
        assertThat(settings.models().get("m").defaults().cooldown().quickCap()).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.models().get("q").defaults().cooldown().quickCap()).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void overlapIsTheOldNameOfHedging() throws InvalidSettings {
        Defaults old = Configurations.read("defaults: { overlap: { enabled: false, budget: 5% } }")
                .defaults();

        assertThat(old.hedging()).isFalse();
        assertThat(old.budgets().hedges()).isEqualTo(0.05);
    }

    @Test
    void aModelTakesBackWhatItsDefaultsOptIn() throws InvalidSettings {
        Settings settings = Configurations.read("""
                defaults: { fallback-on: [content-policy] }
                models:
                  strict: { targets: [openai/a], fallback-on: [] }
                  lenient: { targets: [openai/a] }
                """);

        assertThat(settings.models().get("strict").defaults().fallbackOn()).isEmpty();
        assertThat(settings.models().get("lenient").defaults().fallbackOn())
                .containsExactly(FailureKind.CONTENT_POLICY);
    }

    @Test
    void aTargetMayHaveItsOwnLimitsAndWindow() throws InvalidSettings {
        Settings settings = Configurations.read("""
                models:
                  m:
                    timeouts: { connect: 2s }
                    targets:
                      - { target: openai/big, context-window: 400000, timeouts: { first-token: 4s, when-late: cancel }, retry: { attempts: 2 }, reasons: true }
                      - anthropic/other
                """);

        TargetSettings big = settings.models().get("m").targets().get(0);
        assertThat(big.stated().contextWindow()).isEqualTo(OptionalInt.of(400_000));
        assertThat(big.policy().timeouts().connect()).isEqualTo(Duration.ofSeconds(2));
        assertThat(big.policy().timeouts().firstToken()).isEqualTo(Duration.ofSeconds(4));
        assertThat(big.policy().timeouts().answer()).isEqualTo(Duration.ofSeconds(12));
        assertThat(big.policy().timeouts().cancels()).isTrue();
        assertThat(big.stated().reasons()).isEqualTo(ModelCapabilities.Can.YES);
        assertThat(big.policy().retry().attempts()).isEqualTo(2);
        TargetSettings other = settings.models().get("m").targets().get(1);
        assertThat(other.stated().contextWindow()).isEmpty();
        assertThat(other.policy().timeouts().cancels()).isFalse();
        assertThat(other.policy().timeouts().firstToken()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void anAnswersLimitThatIsStatedOutsideIsNotDerivedInside() throws InvalidSettings {
        Settings settings = Configurations.read("""
                defaults: { timeouts: { answer: 40s } }
                models: { m: { targets: [openai/a], timeouts: { first-token: 5s } } }
                """);

        assertThat(settings.models().get("m").defaults().timeouts().answer()).isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void absentSettingsMeanTheEnginesOwnLimits() throws InvalidSettings {
        assertThat(Configurations.read("fallbacks: []").defaults()).isEqualTo(Defaults.BUILT_IN);
        assertThat(Configurations.read("defaults:\nmodels:\n").defaults().timeouts())
                .isEqualTo(Timeouts.ofDefaults());
    }

    @Test
    void theServersKeysAreRead() throws InvalidSettings {
        ServerSettings server = Configurations.read("""
                server:
                  host: 0.0.0.0
                  port: 8080
                  max-body: 5MB
                  max-concurrent-calls: 200
                  drain: 5s
                  keys: [plain-key-1, { name: team-b, key: "${OPENAI_API_KEY}" }]
                  admin-key: admin-key-1
                """).server();

        assertThat(server.host()).isEqualTo("0.0.0.0");
        assertThat(server.maxBody()).isEqualTo(5_000_000);
        assertThat(server.maxConcurrentCalls()).isEqualTo(200);
        assertThat(server.drain()).isEqualTo(Duration.ofSeconds(5));
        assertThat(server.keys())
                .containsExactly(
                        new ApiKey("key-1", Credential.of("plain-key-1")),
                        new ApiKey("team-b", Credential.of("sk-test-1")));
        assertThat(server.admin().key()).contains(Credential.of("admin-key-1"));
        assertThat(server.localUrl()).isEqualTo("http://127.0.0.1:8080");
    }

    @Test
    void azureIsReachedByDeploymentAndVersion() throws InvalidSettings {
        Settings settings = Configurations.read("""
                providers:
                  azure: { base-url: "https://r.openai.azure.com/", api-key: abc, api-version: 2025-01-01-preview }
                  east: { dialect: azure, base-url: "https://e.openai.azure.com", api-key: abc, max-connections: 7 }
                """);

        ProviderSettings azure = settings.providers().get("azure");
        assertThat(azure.authStyle()).isEqualTo(AuthStyle.HEADER);
        assertThat(azure.address(Api.CHAT, "my gpt", false))
                .hasToString("https://r.openai.azure.com/openai/deployments/my%20gpt/chat/completions"
                        + "?api-version=2025-01-01-preview");
        assertThat(settings.providers().get("east").apiVersion()).contains("2024-10-21");
        assertThat(settings.providers().get("east").maxConnections()).isEqualTo(7);
    }

    @Test
    void anchorsMergesAndExtensionKeysSpareRepetition() throws InvalidSettings {
        Settings settings = Configurations.read("""
                x-common: &patient
                  deadline: 90s
                  timeouts: &slow { first-token: 30s }
                models:
                  a: { <<: *patient, targets: [openai/a] }
                  b: { <<: *patient, deadline: 10s, targets: [{ target: openai/b, timeouts: *slow }] }
                """);

        assertThat(settings.models().get("a").defaults().deadline()).contains(Duration.ofSeconds(90));
        assertThat(settings.models().get("b").defaults().deadline()).contains(Duration.ofSeconds(10));
        assertThat(settings.models()
                        .get("b")
                        .targets()
                        .get(0)
                        .policy()
                        .timeouts()
                        .firstToken())
                .isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void variablesDefaultsAndEscapesAreFilledIn() throws InvalidSettings {
        Settings settings = Configurations.read("""
                server: { port: "${PORT:-4500}" }
                providers:
                  p:
                    base-url: "http://${HOST}/v1"
                    headers: { X-Plain: "$${NOT_A_VARIABLE}", X-Two: "${HOST}-${HOST}" }
                """, java.util.Map.of("HOST", "gpu"));

        assertThat(settings.server().port()).isEqualTo(4500);
        ProviderSettings provider = settings.providers().get("p");
        assertThat(provider.baseUrl()).hasToString("http://gpu/v1");
        assertThat(provider.headers())
                .containsEntry("X-Plain", "${NOT_A_VARIABLE}")
                .containsEntry("X-Two", "gpu-gpu");
    }
}
