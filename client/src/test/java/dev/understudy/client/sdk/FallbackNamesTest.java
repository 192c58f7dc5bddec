package dev.understudy.client.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.ProviderDialect;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsReader;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of accounts, and the account that a fallback's name stands for. */
class FallbackNamesTest {
    private static final URI OPENAI = URI.create("https://api.openai.com/v1");

    private static Settings settings(Map<String, String> environment) throws InvalidSettings {
        return new SettingsReader(Environment.of(environment)).ofEnvironment();
    }

    private static String qualified(String name, URI baseUrl, Optional<String> client, Map<String, String> environment)
            throws InvalidSettings {
        Settings settings = settings(environment);
        String own = AccountNames.of(baseUrl, settings);
        List<ProviderSettings> accounts = client.map(each -> List.of(
                        ProviderSettings.ofCaller(each, ProviderDialect.OPENAI, URI.create("http://other/v1"), false),
                        ProviderSettings.ofCaller(own, ProviderDialect.OPENAI, baseUrl, true)))
                .orElseGet(() -> List.of(ProviderSettings.ofCaller(own, ProviderDialect.OPENAI, baseUrl, true)));
        return new FallbackNames("openai", Catalog.of(settings.withProviders(accounts)), own, client).qualified(name);
    }

    /** With keys of Anthropic and Groq. */
    @ParameterizedTest
    @CsvSource({
        "https://api.openai.com/v1, gpt-4-turbo, openai/gpt-4-turbo",
        "https://api.openai.com/v1, openai/gpt-4o-mini, openai/gpt-4o-mini",
        "https://api.openai.com/v1, ft:gpt-4o:mine, openai/ft:gpt-4o:mine",
        "https://api.openai.com/v1, claude-sonnet-4-5, anthropic/claude-sonnet-4-5",
        "https://api.openai.com/v1, groq/llama-3.3-70b, groq/llama-3.3-70b",
        "https://api.openai.com/v1, gemini-2.5-flash, gemini-2.5-flash",
        "https://api.openai.com/v1, mistral/large, mistral/large",
        "http://localhost:4000/v1, gpt-4-turbo, localhost-4000/gpt-4-turbo",
        "http://localhost:4000/v1, mistral/large, localhost-4000/mistral/large",
        "http://localhost:4000/v1, claude-sonnet-4-5, anthropic/claude-sonnet-4-5",
        "https://openrouter.ai/api/v1, google/gemini-2.5-flash, openrouter/google/gemini-2.5-flash"
    })
    void namesWithoutAClient(URI baseUrl, String name, String expected) throws InvalidSettings {
        assertThat(qualified(
                        name,
                        baseUrl,
                        Optional.empty(),
                        Map.of("ANTHROPIC_API_KEY", "sk-ant-0123456789", "GROQ_API_KEY", "gsk-0123456789")))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4-turbo, fallback-client/gpt-4-turbo",
        "openpipe:mine, fallback-client/openpipe:mine",
        "claude-sonnet-4-5, anthropic/claude-sonnet-4-5",
        "openai/gpt-4-turbo, openai/gpt-4-turbo",
        "fallback-client/claude-x, fallback-client/claude-x"
    })
    void namesWithAClient(String name, String expected) throws InvalidSettings {
        assertThat(qualified(
                        name,
                        OPENAI,
                        Optional.of("fallback-client"),
                        Map.of("ANTHROPIC_API_KEY", "sk-ant-0123456789", "OPENAI_API_KEY", "sk-0123456789")))
                .isEqualTo(expected);
    }

    @Test
    void aVendorThatIsConfiguredServesItsModelsBehindAnotherEndpoint() throws InvalidSettings {
        assertThat(qualified(
                        "gpt-4-turbo",
                        URI.create("https://app.openpipe.ai/api/v1"),
                        Optional.empty(),
                        Map.of("OPENAI_API_KEY", "sk-0123456789")))
                .isEqualTo("openai/gpt-4-turbo");
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.openai.com/v1/, openai",
        "https://api.anthropic.com, anthropic",
        "https://mine.openai.azure.com, azure",
        "https://proxy.example.com/openai/v1, proxy.example.com",
        "http://127.0.0.1:8080/v1, 127.0.0.1-8080",
        "http://[::1]:8080/v1, 1--8080"
    })
    void accountsAreNamedByTheirAddresses(URI baseUrl, String name) throws InvalidSettings {
        assertThat(AccountNames.of(baseUrl, settings(Map.of()))).isEqualTo(name);
    }

    /** The environment points the vendor's name elsewhere, so the SDK's own account has another one. */
    @Test
    void anotherAddressOfTheVendorKeepsItsName() throws InvalidSettings {
        Settings settings =
                settings(Map.of("OPENAI_API_KEY", "sk-0123456789", "OPENAI_BASE_URL", "https://proxy.example.com/v1"));
        assertThat(AccountNames.of(OPENAI, settings)).isEqualTo("api.openai.com");
        assertThat(AccountNames.of(URI.create("https://proxy.example.com/v1/"), settings))
                .isEqualTo("openai");
    }
}
