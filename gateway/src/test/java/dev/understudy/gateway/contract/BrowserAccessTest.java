package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A web page in a browser on the same machine cannot spend the operator's money, unless the operator allows its origin. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserAccessTest {
    private static final List<String> PATHS = List.of(
            "POST /v1/chat/completions",
            "POST /v1/messages",
            "POST /v1beta/models/one/m:generateContent",
            "POST /model/one%2Fm/converse",
            "POST /api/chat",
            "POST /v1/messages/count_tokens",
            "GET /v1/responses/resp_1",
            "DELETE /v1/responses/resp_1",
            "GET /v1/models",
            "GET /v1/models/one/m",
            "GET /metrics",
            "GET /admin/v1/health",
            "POST /admin/v1/health/reset",
            "GET /healthz",
            "GET /nothing");

    private GatewayFixture open;
    private GatewayFixture allowing;
    private GatewayFixture keyed;

    @BeforeAll
    void start() {
        open = GatewayFixture.start("");
        allowing = GatewayFixture.startWith("""
                server:
                  port: 0
                  drain: 0s
                  allowed-hosts: [llm.internal]
                  allowed-origins: ["https://app.example", "http://localhost:3000"]
                providers: {one: {base-url: "${ONE}", api-key: key-of-one}}
                """);
        keyed = GatewayFixture.startWith("""
                server: {port: 0, drain: 0s, keys: [the-key], allowed-origins: ["https://app.example"]}
                providers: {one: {base-url: "${ONE}", api-key: key-of-one}}
                """);
        for (GatewayFixture gateway : List.of(open, allowing, keyed)) {
            gateway.one().answerAlways(Chats.answered("hi"));
        }
    }

    @AfterAll
    void stop() {
        open.close();
        allowing.close();
        keyed.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: evil.example",
                "Host: evil.example:4400",
                "Host: 127.0.0.1.evil.example",
                "Host: localhost.evil.example",
                "Host: 192.168.1.4:4400",
                "Host: [fe80::1]:4400",
                "Host: 127.0.0.1\r\nOrigin: http://evil.example",
                "Host: 127.0.0.1\r\nOrigin: null",
                "Host: 127.0.0.1\r\nOrigin: http://127.0.0.1:1",
                "Host: 127.0.0.1\r\nOrigin: https://127.0.0.1.evil.example",
                "Host: 127.0.0.1\r\nOrigin: http://evil.example\r\nSec-Fetch-Site: cross-site",
                "Host: 127.0.0.1\r\nSec-Fetch-Site: cross-site",
                "Host: 127.0.0.1\r\nSec-Fetch-Site: same-site"
            })
    void foreignPagesReachNothingOnAnyPath(String headers) {
        int before = open.one().requestCount();
        for (String path : PATHS) {
            RawAnswer answer = send(open, path, headers);
            assertThat(answer.status()).as("%s %s: %s", path, headers, answer).isEqualTo(403);
            assertThat(answer.body()).contains("server.allowed-");
            assertThat(answer.header("access-control-allow-origin")).isEmpty();
        }
        assertThat(open.one().requestCount()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-No-Host: x",
                "Host: 127.0.0.1",
                "Host: 127.8.9.1:4400",
                "Host: localhost:4400",
                "Host: LOCALHOST.",
                "Host: app.localhost:4400",
                "Host: [::1]:4400",
                "Host: understudy:4400",
                "Host: host.docker.internal:4400",
                "Host: 127.0.0.1:4400\r\nOrigin: http://127.0.0.1:4400",
                "Host: localhost:4400\r\nOrigin: http://localhost:4400\r\nSec-Fetch-Site: same-origin",
                "Host: localhost:4400\r\nSec-Fetch-Site: none"
            })
    void clientsOfThisMachineAreServed(String headers) {
        assertThat(send(open, "POST /v1/chat/completions", headers).status()).isEqualTo(200);
        assertThat(send(open, "GET /metrics", headers).status()).isEqualTo(200);
    }

    @Test
    void longHostIsRefusedAtOnce() {
        RawAnswer answer = send(open, "POST /v1/chat/completions", "Host: " + "0".repeat(60_000));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body().length()).isLessThan(1_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example", "http://localhost:3000"})
    void allowedOriginMayCallAndRead(String origin) {
        RawAnswer answer = send(allowing, "POST /v1/chat/completions", "Host: llm.internal\r\nOrigin: " + origin);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("access-control-allow-origin")).contains(origin);
        assertThat(answer.header("access-control-expose-headers")).contains("*");
        assertThat(answer.header("vary").orElse("").toLowerCase(java.util.Locale.ROOT))
                .contains("origin");
    }

    @Test
    void errorsCanBeReadByAllowedOriginsToo() {
        RawAnswer answer = send(allowing, "POST /nothing", "Host: localhost\r\nOrigin: https://app.example");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("access-control-allow-origin")).contains("https://app.example");
    }

    @ParameterizedTest
    @CsvSource({"https://app.example, 204", "https://other.example, 403", "null, 403"})
    void preflightIsGrantedToAllowedOriginsOnly(String origin, int status) {
        String preflight = "Host: localhost\r\nOrigin: " + origin + "\r\nAccess-Control-Request-Method: POST\r\n"
                + "Access-Control-Request-Headers: authorization,content-type,x-stainless-os";
        for (GatewayFixture gateway : List.of(allowing, keyed)) {
            RawAnswer answer = send(gateway, "OPTIONS /v1/chat/completions", preflight);
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("access-control-allow-origin").isPresent()).isEqualTo(status == 204);
            if (status == 204) {
                assertThat(answer.header("access-control-allow-headers"))
                        .contains("authorization,content-type,x-stainless-os");
                assertThat(answer.header("access-control-allow-methods").orElse(""))
                        .contains("POST");
                assertThat(answer.body()).isEmpty();
            }
        }
    }

    /** Desktop applications and proxies send an origin too; the key is what tells them from a page. */
    @Test
    void callersWithAKeyAreServedWhateverTheirOriginAndHost() {
        String key = "\r\nAuthorization: Bearer the-key";
        RawAnswer answer = send(keyed, "POST /v1/chat/completions", "Host: llm.example\r\nOrigin: app://desktop" + key);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("access-control-allow-origin")).isEmpty();
        assertThat(send(keyed, "POST /v1/chat/completions", "Host: llm.example\r\nOrigin: app://desktop")
                        .status())
                .isEqualTo(401);
    }

    private static RawAnswer send(GatewayFixture gateway, String line, String headers) {
        String body = line.startsWith("POST") ? Chats.ask("one/m") : "";
        try (RawCaller caller = gateway.caller()) {
            return caller.send(line + " HTTP/1.1\r\n" + headers + "\r\nContent-Type: text/plain\r\nContent-Length: "
                            + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body)
                    .readAnswer();
        }
    }
}
