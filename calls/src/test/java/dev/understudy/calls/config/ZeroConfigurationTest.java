package dev.understudy.calls.config;

import static dev.understudy.calls.config.Configurations.withoutFile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Without a file, what people have set for their SDKs already is enough. */
class ZeroConfigurationTest {

    @ParameterizedTest
    @CsvSource({
        "OPENAI_API_KEY, openai, https://api.openai.com/v1, BEARER",
        "ANTHROPIC_API_KEY, anthropic, https://api.anthropic.com/v1, X_API_KEY",
        "GEMINI_API_KEY, gemini, https://generativelanguage.googleapis.com/v1beta, GOOGLE",
        "GOOGLE_API_KEY, gemini, https://generativelanguage.googleapis.com/v1beta, GOOGLE",
        "GROQ_API_KEY, groq, https://api.groq.com/openai/v1, BEARER",
        "MISTRAL_API_KEY, mistral, https://api.mistral.ai/v1, BEARER",
        "DEEPSEEK_API_KEY, deepseek, https://api.deepseek.com/v1, BEARER",
        "TOGETHER_API_KEY, together, https://api.together.xyz/v1, BEARER",
        "FIREWORKS_API_KEY, fireworks, https://api.fireworks.ai/inference/v1, BEARER",
        "XAI_API_KEY, xai, https://api.x.ai/v1, BEARER",
        "COHERE_API_KEY, cohere, https://api.cohere.ai/compatibility/v1, BEARER",
        "OPENROUTER_API_KEY, openrouter, https://openrouter.ai/api/v1, BEARER",
    })
    void aKeyInTheEnvironmentIsAProvider(String variable, String name, String url, AuthStyle style)
            throws InvalidSettings {
        Settings settings = withoutFile(Map.of(variable, "key-of-mine"));

        assertThat(settings.providers()).containsOnlyKeys(name);
        ProviderSettings provider = settings.providers().get(name);
        assertThat(provider.baseUrl()).hasToString(url);
        assertThat(provider.authStyle()).isEqualTo(style);
        assertThat(provider.apiKey().map(Credential::reveal)).contains("key-of-mine");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:11434, http://127.0.0.1:11434/v1",
        "0.0.0.0, http://127.0.0.1:11434/v1",
        "gpu-box, http://gpu-box:11434/v1",
        "https://ollama.example.com/, https://ollama.example.com/v1",
        "http://h:1/v1, http://h:1/v1",
    })
    void ollamaIsThereWhenItsHostIsSet(String host, String url) throws InvalidSettings {
        Settings settings = withoutFile(Map.of("OLLAMA_HOST", host));
        assertThat(settings.providers().get("ollama").baseUrl()).hasToString(url);
        assertThat(settings.providers().get("ollama").authStyle()).isEqualTo(AuthStyle.NONE);
    }

    @Test
    void azureNeedsItsEndpointToo() throws InvalidSettings {
        assertThat(withoutFile(Map.of("AZURE_OPENAI_API_KEY", "k", "OPENAI_API_KEY", "k"))
                        .providers())
                .containsOnlyKeys("openai");
        ProviderSettings azure = withoutFile(Map.of(
                        "AZURE_OPENAI_API_KEY", "k",
                        "AZURE_OPENAI_ENDPOINT", "https://r.openai.azure.com/",
                        "AZURE_OPENAI_API_VERSION", "2025-04-01-preview"))
                .providers()
                .get("azure");
        assertThat(azure.address(Api.CHAT, "d", false))
                .hasToString("https://r.openai.azure.com/openai/deployments/d/chat/completions"
                        + "?api-version=2025-04-01-preview");
    }

    @Test
    void theUsualVariablesMoveTheAddress() throws InvalidSettings {
        Settings settings = withoutFile(Map.of(
                "OPENAI_API_KEY", "k",
                "OPENAI_BASE_URL", "https://proxy.example.com/openai/v1/",
                "ANTHROPIC_API_KEY", "k",
                "ANTHROPIC_BASE_URL", "https://proxy.example.com/anthropic"));
        assertThat(settings.providers().get("openai").baseUrl()).hasToString("https://proxy.example.com/openai/v1");
        assertThat(settings.providers().get("anthropic").baseUrl())
                .hasToString("https://proxy.example.com/anthropic/v1");
    }

    @Test
    void anAddressThatIsTheGatewayItselfIsRefused() {
        assertThatThrownBy(
                        () -> withoutFile(Map.of("OPENAI_API_KEY", "k", "OPENAI_BASE_URL", "http://localhost:4400/v1")))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageStartingWith("environment: OPENAI_BASE_URL: this is the gateway's own address (port 4400)");
    }

    @Test
    void aBrokenAddressNamesItsVariableAndNotItsContent() {
        assertThatThrownBy(() -> withoutFile(Map.of("OPENAI_API_KEY", "k", "OPENAI_BASE_URL", "secret stuff")))
                .isInstanceOf(InvalidSettings.class)
                .hasMessage("environment: OPENAI_BASE_URL: its value is not a URL; write one such as"
                        + " https://api.example.com/v1");
    }

    @Test
    void aKeyThatNoHeaderCanHoldNamesItsVariableAndNotItsContent() {
        assertThatThrownBy(() -> withoutFile(Map.of("OPENAI_API_KEY", "sk-one\nsk-two")))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageStartingWith("environment: OPENAI_API_KEY: its value contains white space")
                .hasMessageNotContaining("sk-one");
    }

    @Test
    void emptyVariablesCountAsNotSet() {
        assertThatThrownBy(() -> withoutFile(Map.of("OPENAI_API_KEY", "  ")))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageStartingWith(
                        "environment: providers: no provider is configured; set a key such as" + " OPENAI_API_KEY");
    }

    @Test
    void theRehearsalNeedsNothing() throws InvalidSettings {
        Settings settings = new SettingsReader(Environment.of(Map.of())).forRehearsal();
        assertThat(settings.providers()).containsOnlyKeys("rehearsal");
        assertThat(settings.usesRehearsal()).isTrue();
        assertThat(settings.rehearsalAt(java.net.URI.create("http://127.0.0.1:40123/v1"))
                        .providers()
                        .get("rehearsal")
                        .address(Api.CHAT, "ok", false))
                .hasToString("http://127.0.0.1:40123/v1/chat/completions");
    }
}
