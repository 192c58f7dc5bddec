package dev.understudy.gateway.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Several keys of one provider, and keys that callers bring: each is shown as its vendor wants it. */
@Timeout(60)
class KeysOfVendorsTest {
    private static final String TWO_KEYS = """
            server: {host: 127.0.0.1, port: 0, drain: 0s}
            providers:
              anthropic: {base-url: "http://127.0.0.1:${ONE_PORT}", api-key: [first-key, second-key]}
              gemini: {base-url: "http://127.0.0.1:${TWO_PORT}", api-key: key-of-gemini}
            models: {m: {targets: [anthropic/m, gemini/m]}}
            defaults: {retry: {attempts: 0}}
            """;

    private static RawAnswer ask(GatewayFixture gateway) {
        return gateway.chat(ClientDialect.CHAT.body("m", false));
    }

    private static String head(ScriptedUpstream upstream) {
        return upstream.take().head().toLowerCase(Locale.ROOT);
    }

    private static void firstKeyGets(GatewayFixture gateway, Reply reply) {
        gateway.one()
                .answerWith(request -> request.head().contains("first-key") ? reply : Vendor.ANTHROPIC.well(request));
        gateway.two().answerWith(Vendor.GEMINI::well);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "429|{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow down\"}}",
                "401|{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"invalid x-api-key\"}}",
                "400|{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Your credit balance is too low to access the Anthropic API.\"}}"
            })
    void theNextKeyIsTriedAtTheSameTarget(int status, String body) {
        try (GatewayFixture gateway = GatewayFixture.startWith(TWO_KEYS)) {
            firstKeyGets(gateway, Reply.json(status, body, "Retry-After: 60"));

            RawAnswer answer = ask(gateway);

            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
            assertThat(answer.header("understudy-target")).contains("anthropic/m");
            assertThat(answer.header("understudy-attempts")).contains("2");
            assertThat(head(gateway.one())).contains("x-api-key: first-key\r\n");
            assertThat(head(gateway.one())).contains("x-api-key: second-key\r\n");
            assertThat(gateway.two().requestCount()).isZero();

            assertThat(ask(gateway).header("understudy-target")).contains("anthropic/m");
            assertThat(head(gateway.one())).as("the first key is skipped now").contains("x-api-key: second-key\r\n");
        }
    }

    @Test
    void anotherKeyDoesNotHelpWhenTheServerFails() {
        try (GatewayFixture gateway = GatewayFixture.startWith(TWO_KEYS)) {
            firstKeyGets(gateway, Vendor.ANTHROPIC.failed(500));

            RawAnswer answer = ask(gateway);

            assertThat(answer.header("understudy-target")).contains("gemini/m");
            assertThat(gateway.one().requestCount()).isEqualTo(1);
        }
    }

    @Test
    void whenNoKeyIsLeftTheNextTargetIsTried() {
        try (GatewayFixture gateway = GatewayFixture.startWith(TWO_KEYS)) {
            gateway.one().answerAlways(Vendor.ANTHROPIC.failed(429));
            gateway.two().answerWith(Vendor.GEMINI::well);

            RawAnswer answer = ask(gateway);

            assertThat(answer.header("understudy-target")).contains("gemini/m");
            assertThat(gateway.one().requestCount()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Vendor.class)
    void aCallersKeyIsShownAsTheVendorWantsIt(Vendor vendor) {
        try (Crossing crossing = Crossing.start("").allWell()) {
            String provider = vendor.provider();
            for (String words : new String[] {
                "\"customer_credentials\":{\"" + provider + "\":{\"api_key\":\"sk-brought\"}}",
                "\"credential_override\":{\"" + provider + "/m\":{\"api_key\":\"sk-brought\"}}"
            }) {
                assertThat(crossing.ask(ClientDialect.CHAT, provider + "/m", false, words)
                                .status())
                        .isEqualTo(200);
                String head = head(crossing.at(vendor));
                assertThat(head)
                        .contains(
                                switch (vendor) {
                                    case OPENAI, BEDROCK -> "authorization: bearer sk-brought\r\n";
                                    case ANTHROPIC -> "x-api-key: sk-brought\r\n";
                                    case GEMINI -> "x-goog-api-key: sk-brought\r\n";
                                })
                        .doesNotContain("key-of-");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ClientDialect.class)
    void callersOfEveryDialectMayBringKeys(ClientDialect client) {
        try (Crossing crossing = Crossing.start("").allWell()) {
            crossing.ask(
                    client, "gemini/m", true, "\"customer_credentials\":{\"gemini\":{\"api_key\":\"sk-brought\"}}");
            var received = crossing.at(Vendor.GEMINI).take();
            assertThat(received.head().toLowerCase(Locale.ROOT)).contains("x-goog-api-key: sk-brought\r\n");
            assertThat(received.body()).doesNotContain("sk-brought");
        }
    }

    @Test
    void callersUrlsAreOnlyThoseThatTheOperatorLists() {
        try (ScriptedUpstream elsewhere = ScriptedUpstream.start()) {
            elsewhere.answerWith(Vendor.OPENAI::well);
            String providers = """
                    server: {host: 127.0.0.1, port: 0, drain: 0s}
                    providers:
                      one: {base-url: "${ONE}", api-key: key-of-one, headers: {x-internal: secret-of-operator}%s}
                    """;
            String ask = "\"credential_override\":{\"one/m\":{\"api_key\":\"sk-brought\",\"api_base\":\""
                    + elsewhere.baseUrl() + "/\"}}";
            try (GatewayFixture gateway = GatewayFixture.startWith(providers.formatted(""))) {
                RawAnswer answer = gateway.chat(ClientDialect.CHAT.body("one/m", false, ask));
                assertThat(answer.status()).as("%s", answer).isEqualTo(400);
                assertThat(elsewhere.connectionCount()).isZero();
                assertThat(gateway.one().requestCount()).isZero();
            }
            try (GatewayFixture gateway =
                    GatewayFixture.startWith(providers.formatted(", caller-urls: [\"" + elsewhere.baseUrl() + "\"]"))) {
                RawAnswer answer = gateway.chat(ClientDialect.CHAT.body("one/m", false, ask));
                assertThat(answer.status()).as("%s", answer).isEqualTo(200);
                assertThat(head(elsewhere)).contains("bearer sk-brought").doesNotContain("secret-of-operator");
                assertThat(gateway.chat(ClientDialect.CHAT.body(
                                        "one/m", false, ask.replace(elsewhere.baseUrl(), "http://169.254.169.254")))
                                .status())
                        .isEqualTo(400);
            }
        }
    }
}
