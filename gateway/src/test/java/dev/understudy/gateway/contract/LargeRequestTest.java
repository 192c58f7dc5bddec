package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A prompt of many megabytes, and an upstream that takes its time over it. */
@Timeout(120)
class LargeRequestTest {
    /** More than the kernel keeps between two sockets, so that it must wait inside the gateway. */
    private static final int LARGE = 20_000_000;

    private static final String BODY = Chats.ask("slow/m", "\"user\":\"" + "é0".repeat(LARGE / 3) + "\"");

    private static GatewayFixture gatewayTo(PlainUpstream upstream) {
        return GatewayFixture.startWith("""
                server: {port: 0, drain: 0s}
                providers: {slow: {base-url: "http://127.0.0.1:%d/v1"}}
                defaults: {deadline: 100s, timeouts: {connect: 60s, first-token: 100s, answer: 100s}}
                """.formatted(upstream.port()));
    }

    @Test
    void arrivesToTheByteAtAnUpstreamThatReadsLate() throws Exception {
        CountDownLatch mayRead = new CountDownLatch(1);
        CountDownLatch connected = new CountDownLatch(1);
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        try (PlainUpstream upstream = PlainUpstream.start(socket -> {
                    connected.countDown();
                    await(mayRead);
                    received.complete(PlainUpstream.readRequest(socket.getInputStream()));
                    String answer = Chats.answer("hi");
                    PlainUpstream.write(
                            socket,
                            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + answer.length()
                                    + "\r\n\r\n" + answer);
                });
                GatewayFixture gateway = gatewayTo(upstream);
                RawCaller caller = gateway.caller().waitAtMost(Duration.ofSeconds(100))) {
            caller.post(GatewayFixture.PATH, BODY);
            assertThat(connected.await(60, TimeUnit.SECONDS)).isTrue();
            // The gateway serves on while so much of it waits.
            try (RawCaller other = gateway.caller()) {
                assertThat(other.get("/healthz").readAnswer().status()).isEqualTo(200);
            }
            mayRead.countDown();

            RawAnswer answer = caller.readAnswer();

            assertThat(answer.status()).isEqualTo(200);
            byte[] expected = BODY.replaceFirst("slow/m", "m").getBytes(StandardCharsets.UTF_8);
            byte[] request = received.get(60, TimeUnit.SECONDS);
            byte[] body = Arrays.copyOfRange(request, request.length - expected.length, request.length);
            assertThat(Arrays.equals(body, expected)).isTrue();
        }
    }

    @Test
    void isBrokenOffWhenItsCallerLeavesHalfway() throws Exception {
        CountDownLatch mayRead = new CountDownLatch(1);
        CountDownLatch connected = new CountDownLatch(1);
        CompletableFuture<Long> received = new CompletableFuture<>();
        try (PlainUpstream upstream = PlainUpstream.start(socket -> {
                    connected.countDown();
                    await(mayRead);
                    received.complete(bytesUntilTheEnd(socket));
                });
                GatewayFixture gateway = gatewayTo(upstream)) {
            RawCaller caller = gateway.caller().post(GatewayFixture.PATH, BODY);
            assertThat(connected.await(60, TimeUnit.SECONDS)).isTrue();

            caller.close();
            assertThat(gateway.log(1).getFirst()).contains("\"ending\":\"caller_left\"");
            mayRead.countDown();

            assertThat(received.get(60, TimeUnit.SECONDS)).isLessThan(LARGE);
        }
    }

    private static long bytesUntilTheEnd(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        long count = 0;
        byte[] some = new byte[65_536];
        try {
            for (int read = in.read(some); read >= 0; read = in.read(some)) {
                count += read;
            }
        } catch (SocketException reset) {
            // A request that will not be completed may end in either way.
            return count;
        }
        return count;
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new UncheckedIOException(new IOException("the latch was not opened"));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
