package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Wrong admin keys are limited by address, and cost no other address anything. */
@Timeout(120)
class AdminLoginLimitTest {
    private static final String CONFIGURATION =
            "server: {port: 0, drain: 0s, admin: {key: the-admin-key}}\nproviders: {one: {base-url: \"${ONE}\", api-key: k}}";
    private static final int MOST_TRIED = 500;

    private static RawAnswer get(int port, String key) {
        try (RawCaller caller = RawCaller.connect(port)) {
            String line = key.isEmpty() ? "" : "Authorization: Bearer " + key + "\r\n";
            return caller.send("GET /admin/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n" + line + "\r\n")
                    .readAnswer();
        }
    }

    /** The status line of a request from another address of this machine. */
    private static String statusFromElsewhere(int port, String key) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName("127.0.0.2"), 0)) {
            socket.getOutputStream()
                    .write(("GET /admin/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + key
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    @Test
    void manyWrongKeysOfOneAddressEndInAWait() throws IOException {
        try (GatewayFixture gateway = GatewayFixture.startWith(CONFIGURATION)) {
            gateway.one().answerAlways(Chats.answered("hi"));
            assertThat(get(gateway.port(), "the-admin-key").status()).isEqualTo(200);
            RawAnswer answer = get(gateway.port(), "guess-0");
            assertThat(answer.status()).isEqualTo(401);
            // As many come back as a slow machine needs time for.
            for (int i = 1; answer.status() == 401 && i < MOST_TRIED; i++) {
                answer = get(gateway.port(), "guess-" + i);
            }
            assertThat(answer.status()).isEqualTo(429);
            assertThat(Long.parseLong(answer.header("retry-after").orElseThrow()))
                    .isBetween(1L, 60L);
            assertThat(answer.body()).contains("too_many_wrong_keys");

            assertThat(get(gateway.port(), "").status())
                    .as("without a key nothing is guessed")
                    .isEqualTo(401);
            assertThat(statusFromElsewhere(gateway.port(), "the-admin-key")).contains(" 200 ");
            assertThat(gateway.chat(Chats.ask("one/m")).status())
                    .as("calls are not concerned")
                    .isEqualTo(200);
        }
    }

    @Test
    void sameWrongKeyAgainAndAgainKeepsTheOperatorIn() {
        try (GatewayFixture gateway = GatewayFixture.startWith(CONFIGURATION)) {
            for (int i = 0; i < 40; i++) {
                assertThat(get(gateway.port(), "an-old-key").status()).isEqualTo(401);
                assertThat(get(gateway.port(), "the-admin-key").status()).isEqualTo(200);
            }
        }
    }
}
