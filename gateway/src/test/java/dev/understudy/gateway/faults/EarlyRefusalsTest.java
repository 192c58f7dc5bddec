package dev.understudy.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.faults.Answers;
import dev.understudy.testing.faults.Delivery;
import dev.understudy.testing.wire.RawAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A provider refuses a long request as soon as it has read its headers, and closes the connection: the rest of the request finds it
 * closed. What it said still counts, and no other caller's target.
 */
@Timeout(60)
class EarlyRefusalsTest {
    private static final String ERROR = Answers.error("The image is too large", "invalid_request_error", "");

    @Test
    void areReadThoughTheRequestCannotBeSent() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (ServerSocket provider = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            // Little of the request is on its way when the provider closes.
            provider.setReceiveBufferSize(4 * 1024);
            Thread.ofVirtual().start(() -> refuseAll(provider, requests));
            String configuration = """
                    server: {port: 0, drain: 0s}
                    providers: {early: {base-url: "http://127.0.0.1:%d/v1"}}
                    """.formatted(provider.getLocalPort());
            try (GatewayFixture gateway = GatewayFixture.startWith(configuration)) {
                String request =
                        Delivery.WHOLE.request("early/m").replace("\"Hi\"", "\"" + "x".repeat(6_000_000) + "\"");
                for (int call = 1; call <= 5; call++) {
                    RawAnswer seen = gateway.chat(request);

                    assertThat(seen.status()).as("%s", seen).isEqualTo(400);
                    assertThat(seen.header("understudy-trail").orElse(""))
                            .matches("\"early/m\";outcome=bad_request;status=400;ms=\\d+");
                    assertThat(requests).hasValue(call);
                }
            }
        }
    }

    private static void refuseAll(ServerSocket provider, AtomicInteger requests) {
        while (!provider.isClosed()) {
            try (Socket socket = provider.accept()) {
                requests.incrementAndGet();
                readHead(socket.getInputStream());
                socket.getOutputStream()
                        .write(
                                ("HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: "
                                                + ERROR.length() + "\r\n\r\n" + ERROR)
                                        .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException stopped) {
                assertThat(provider.isClosed()).as("%s", stopped).isTrue();
            }
        }
    }

    private static void readHead(InputStream from) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) from.read());
        }
    }
}
