package dev.understudy.calls.config;

import static dev.understudy.calls.config.Configurations.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server: { allowed-origins: ['*'] } | server.allowed-origins: \"*\" lets every web page",
                "server: { allowed-origins: ['https://app.example/path'] } | `https://app.example/path` is not an origin",
                "server: { allowed-hosts: ['http://x'] } | `http://x` is not a host name",
                "server: { admin: { host: 0.0.0.0 } } | server.admin.host: is the address of server.admin.port",
                "server: { admin-key: a, admin: { key: b } } | server.admin-key: is the same setting",
                "server: { admin: { port: 70000 } } | is out of range",
                "server: { admin: { open: perhaps } } | `perhaps` is neither true nor false"
            })
    void wrongAccessSettingsAreReported(String yaml, String problem) {
        assertThat(problems(yaml)).singleElement().asString().contains(problem);
    }

    @Test
    void unsafeButAllowedSettingsAreWarnedOf() throws InvalidSettings {
        Settings unsafe = Configurations.read("""
                server: { keys: [k], admin: { host: 0.0.0.0, port: 9090, open: true }, allowed-origins: ["*"] }
                providers:
                  far: { base-url: "http://llm.example/v1", api-key: key-of-far }
                  near: { base-url: "http://127.0.0.1:1/v1", api-key: key-of-near }
                  keyless: { base-url: "http://llm.example/v1" }
                """);
        assertThat(unsafe.warnings())
                .satisfiesExactly(
                        first -> assertThat(first)
                                .isEqualTo(
                                        "providers.far.base-url: keys are sent unencrypted to llm.example; use https"),
                        second ->
                                assertThat(second).startsWith("server.admin.open: every client that reaches 0.0.0.0"));
        assertThat(Configurations.read("fallbacks: []").warnings()).isEmpty();
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
