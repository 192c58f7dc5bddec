package dev.understudy.calls.config;

import static dev.understudy.calls.config.Configurations.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages and toString reach logs, so they contain no keys. */
class SecretsTest {
    private static final String SECRET = "sk-proj-Zx81kQ0a7bT3mR5nV9wL";

    @Test
    void noSettingsShowTheirKeys() throws InvalidSettings {
        Settings settings = Configurations.read("""
                server: { keys: [%s], admin-key: %s }
                providers: { openai: { api-key: %s, headers: { X-Token: %s } } }
                """.formatted(SECRET, SECRET, SECRET, SECRET));

        assertThat(settings.toString()).contains("X-Token").doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "providers: { openai: %s }",
                "providers: %s",
                "providers: [%s]",
                "providers: { openai: { api-key: [[%s]] } }",
                "providers: { openai: { api-key: [%1$s, %1$s] } }",
                "providers: { openai: { api-key: \"%s with a tail\" } }",
                "providers: { openai: { dialect: %s } }",
                "providers: { openai: { base-url: \"https://user:%s@host/v1\" } }",
                "providers: { openai: { base-url: \"https://host/v1?key=%s\" } }",
                "providers: { openai: { base-url: \"ftp://host/v1?key=%s\" } }",
                "providers: { openai: { base-url: \"https://a b/v1?key=%s\" } }",
                "providers: { openai: { api-key: k, caller-urls: [\"https://u:%s@host/v1\"] } }",
                "server: { allowed-origins: [\"https://u:%s@host\"] }",
                "server: { admin: { key: [%s] } }",
                "providers: { openai: { max-connections: %s } }",
                "providers: { openai: { headers: { \"bad name\": %s } } }",
                "providers: { openai: { headers: %s } }",
                "server: { keys: %s }",
                "server: { keys: { name: %s } }",
                "server: { admin-key: [%s] }",
                "server: { port: %s }",
                "server: { port: \"${SECRET}\" }",
                "defaults: { deadline: \"${SECRET}\" }",
                "defaults: { deadline: \"${NOPE}%s\" }",
                "models: { m: { targets: [%s] } }",
                "models: { m: { targets: [\"${SECRET}\"] } }",
                "models: { m: { targets: [\"${SECRET}/x\"] } }",
                "fallbacks: [%s]",
                "providers: { openai: { api-key: '%s' }",
            })
    void noMessageRepeatsAKeyWhereverItStands(String yaml) {
        assertThat(problems(
                        yaml.formatted(SECRET),
                        Map.of("SECRET", SECRET, "OPENAI_API_KEY", SECRET, "ANTHROPIC_API_KEY", SECRET)))
                .isNotEmpty()
                .noneMatch(problem -> problem.contains(SECRET));
    }

    @Test
    void aCredentialKnowsItselfOnly() {
        Credential credential = Credential.of("abc");
        assertThat(credential.matches("abc")).isTrue();
        assertThat(credential.matches("abd")).isFalse();
        assertThat(credential.matches("")).isFalse();
        assertThat(credential).hasToString("(hidden)").isEqualTo(Credential.of("abc"));
    }
}
