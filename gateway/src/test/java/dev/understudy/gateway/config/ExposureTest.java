package dev.understudy.gateway.config;

import static dev.understudy.gateway.config.Configurations.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An open gateway on an open address would let strangers spend the operator's money. */
class ExposureTest {

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.168.1.4", "gateway.local", "127.0.0.1.example.com", "fe80::1"})
    void anyOtherBindWithoutKeysIsRefused(String host) {
        assertThat(problems("server: { host: \"" + host + "\" }"))
                .containsExactly("f.yaml:1: server.host: refusing to listen on " + host
                        + " without keys: every client that reaches it could use your providers' accounts; add server.keys (or"
                        + " set UNDERSTUDY_API_KEYS), or listen on 127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "::1", "[::1]"})
    void aLoopbackBindMayBeOpen(String host) throws InvalidSettings {
        ServerSettings server =
                Configurations.read("server: { host: \"" + host + "\" }").server();
        assertThat(server.isLoopback()).isTrue();
        assertThat(server.adminIsOpen()).isTrue();
    }

    @Test
    void keysOpenTheWay() throws InvalidSettings {
        ServerSettings server = Configurations.read("server: { host: 0.0.0.0, keys: [some-key] }")
                .server();
        assertThat(server.isWildcard()).isTrue();
        assertThat(server.adminIsOpen()).isFalse();
    }

    @Test
    void anEmptyListOfKeysIsNoKey() {
        assertThat(problems("server: { host: 0.0.0.0, keys: [] }")).hasSize(1);
    }

    @Test
    void brokenKeysAreReportedAndNothingElse() {
        assertThat(problems("server: { host: 0.0.0.0, keys: [\"${NOPE}\"] }"))
                .singleElement()
                .asString()
                .startsWith("f.yaml:1: server.keys[0]: the environment variable NOPE is not set");
    }

    @Test
    void keysOfTheEnvironmentCount() throws InvalidSettings {
        Settings settings = new SettingsReader(
                        Environment.of(Map.of("OPENAI_API_KEY", "k", "UNDERSTUDY_API_KEYS", "one, two")),
                        new Bind(Optional.of("0.0.0.0"), Optional.empty()))
                .withoutFile();
        assertThat(settings.server().keys())
                .containsExactly(new ApiKey("key-1", Credential.of("one")), new ApiKey("key-2", Credential.of("two")));
    }

    @Test
    void theCommandLinesHostIsJudgedAndNotTheFiles() throws InvalidSettings {
        String open = "server: { host: 0.0.0.0 }";
        Environment environment = Environment.of(Configurations.KEYS);

        assertThatThrownBy(() -> new SettingsReader(environment, new Bind(Optional.of("0.0.0.0"), Optional.empty()))
                        .withoutFile())
                .isInstanceOf(InvalidSettings.class)
                .hasMessageStartingWith("command line: --host: refusing to listen on 0.0.0.0 without keys");
        assertThat(new SettingsReader(environment, new Bind(Optional.of("127.0.0.1"), Optional.of(5)))
                        .read("f.yaml", open)
                        .server()
                        .port())
                .isEqualTo(5);
    }
}
