package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may see the operator's pages, and where they are. */
@Timeout(60)
class AdminAccessTest {
    private static final String PROVIDER = "\nproviders: {one: {base-url: \"${ONE}\", api-key: key-of-one}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                            | 200",
                "keys: [the-key]                             | 401",
                "keys: [the-key], admin: {open: true}        | 200",
                "admin-key: the-admin-key                    | 401",
                "admin: {key: the-admin-key}                 | 401",
                "keys: [the-key], admin: {key: other, open: true} | 401"
            })
    void pagesAreClosedWhereCallersNeedKeysUnlessTheyAreOpenedOnPurpose(String settings, int status) {
        String server = "server: {port: 0, drain: 0s" + (settings == null ? "" : ", " + settings) + "}";
        try (GatewayFixture gateway = GatewayFixture.startWith(server + PROVIDER)) {
            for (String path : new String[] {"/metrics", "/admin/v1/health"}) {
                assertThat(get(gateway.port(), path).status()).isEqualTo(status);
                assertThat(get(gateway.port(), path, "Authorization: Bearer the-key")
                                .status())
                        .isEqualTo(status);
            }
        }
    }

    @Test
    void closedPageNamesTheSettingsThatOpenIt() {
        try (GatewayFixture gateway =
                GatewayFixture.startWith("server: {port: 0, drain: 0s, keys: [the-key]}" + PROVIDER)) {
            assertThat(get(gateway.port(), "/metrics").body()).contains("server.admin.key", "server.admin.open");
        }
    }

    @Test
    void portOfTheirOwnServesThePagesAndNoCalls() {
        try (GatewayFixture gateway =
                GatewayFixture.startWith("server: {port: 0, drain: 0s, admin: {port: 0}}" + PROVIDER)) {
            gateway.one().answerAlways(Chats.answered("hi"));
            int admin = gateway.adminPort();
            assertThat(admin).isNotEqualTo(gateway.port());
            assertThat(get(admin, "/metrics").status()).isEqualTo(200);
            assertThat(get(admin, "/admin/v1/health").body()).contains("\"targets\"");
            assertThat(get(admin, "/readyz").status()).isEqualTo(200);
            assertThat(get(admin, "/v1/models").status()).isEqualTo(404);
            assertThat(get(gateway.port(), "/metrics").status()).isEqualTo(404);
            assertThat(get(gateway.port(), "/readyz").status()).isEqualTo(200);
            assertThat(gateway.chat(Chats.ask("one/m")).status()).isEqualTo(200);
            assertThat(get(admin, "/metrics", "Origin: http://evil.example").status())
                    .isEqualTo(403);
            try (RawCaller caller = RawCaller.connect(admin)) {
                assertThat(caller.post("/v1/chat/completions", Chats.ask("one/m"))
                                .readAnswer()
                                .body())
                        .contains("unknown path", "server.port");
            }
        }
    }

    private static RawAnswer get(int port, String path, String... headers) {
        try (RawCaller caller = RawCaller.connect(port)) {
            return caller.send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                            + String.join(
                                    "",
                                    java.util.Arrays.stream(headers)
                                            .map(line -> line + "\r\n")
                                            .toList())
                            + "\r\n")
                    .readAnswer();
        }
    }
}
