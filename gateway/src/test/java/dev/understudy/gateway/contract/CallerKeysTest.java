package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The caller's key opens the gateway, the provider's key opens the provider, and neither is ever taken for the other. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallerKeysTest {

    private GatewayFixture gateway;

    @BeforeAll
    void start() {
        gateway = GatewayFixture.startWith("""
                server:
                  port: 0
                  drain: 0s
                  keys: [the-first-key, {name: team-search, key: the-teams-key}]
                  admin-key: the-admin-key
                providers:
                  one: {base-url: "${ONE}", api-key: key-of-one}
                  two: {base-url: "${TWO}", api-key: key-of-two, auth: api-key}
                """);
        gateway.one().answerAlways(Chats.answered("hi"));
        gateway.two().answerAlways(Chats.answered("hi"));
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Nothing: x",
                "Authorization: Bearer wrong",
                "Authorization: Bearer ",
                "Authorization: Bearer the-first-ke",
                "Authorization: Bearer the-first-keyy",
                "Authorization: Basic the-first-key",
                "Authorization: the-first-key",
                "Authorization: Bearer key-of-one",
                "Authorization: Bearer the-admin-key",
                "api-key: wrong",
                "x-api-key: wrong"
            })
    void requestsWithoutAKeyAreRejected(String header) {
        int before = gateway.one().requestCount();
        RawAnswer answer = gateway.chat(Chats.ask("one/m"), header);
        assertThat(answer.status()).isEqualTo(401);
        ErrorBody error = ErrorBody.of(answer);
        assertThat(error.code()).isEqualTo("invalid_api_key");
        assertThat(answer.toString()).doesNotContain("the-first-key", "the-teams-key");
        assertThat(gateway.one().requestCount()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer the-first-key",
                "authorization: bearer the-teams-key",
                "api-key: the-first-key",
                "x-api-key: the-teams-key"
            })
    void aValidKeyIsAcceptedAndNotForwarded(String header) {
        assertThat(gateway.chat(Chats.ask("one/m"), header).status()).isEqualTo(200);

        String head = gateway.one().take().head().toLowerCase(Locale.ROOT);
        assertThat(head).contains("authorization: bearer key-of-one\r\n").doesNotContain("the-first", "the-teams");
    }

    @Test
    void providerIsShownItsKeyInItsOwnHeader() {
        assertThat(gateway.chat(Chats.ask("two/m"), "api-key: the-first-key").status())
                .isEqualTo(200);

        String head = gateway.two().take().head().toLowerCase(Locale.ROOT);
        assertThat(head).contains("api-key: key-of-two\r\n").doesNotContain("authorization", "the-first");
    }

    @Test
    void logNamesTheKeyAndDoesNotShowIt() {
        gateway.chat(Chats.ask("one/m"), "Authorization: Bearer the-teams-key");
        assertThat(gateway.logWith("\"caller\":\"team-search\"")).noneMatch(line -> line.contains("the-teams-key"));
    }

    /** A 401 would tell the caller that its own key is wrong, and it would go and ask for another. */
    @ParameterizedTest
    @ValueSource(ints = {401})
    void refusalOfTheProvidersKeyIsNotTheCallers(int status) {
        try (GatewayFixture strict = GatewayFixture.start("")) {
            strict.one().answerAlways(Chats.refused(status));
            for (String body : new String[] {Chats.ask("one/m"), Chats.askStream("one/m")}) {
                RawAnswer answer = strict.chat(body);
                assertThat(answer.status()).isBetween(500, 599);
                assertThat(Trail.of(answer).outcomes()).endsWith("one/m auth");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/v1/models/one/m"})
    void modelsAreForCallers(String path) {
        assertThat(get(path, "X-Nothing: x").status()).isEqualTo(401);
        assertThat(get(path, "Authorization: Bearer the-first-key").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/admin/v1/health"})
    void insightIsForOperators(String path) {
        assertThat(get(path, "X-Nothing: x").status()).isEqualTo(401);
        assertThat(get(path, "Authorization: Bearer the-first-key").status()).isEqualTo(401);
        assertThat(get(path, "Authorization: Bearer the-admin-key").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/healthz", "/readyz"})
    void probesNeedNone(String path) {
        assertThat(get(path, "X-Nothing: x").status()).isEqualTo(200);
    }

    private RawAnswer get(String path, String header) {
        try (RawCaller caller = gateway.caller()) {
            return caller.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n")
                    .readAnswer();
        }
    }
}
