package dev.understudy.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.loop.CallLoop;
import dev.understudy.calls.upstream.UpstreamTransport;
import dev.understudy.gateway.loop.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that ends connections by TLS's {@code close_notify} alone, and leaves the closing of them to the gateway. */
@Timeout(60)
class VertxTransportTest {
    private static final String PASSWORD = "changeit";

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger connections = new AtomicInteger();
    private SSLServerSocket server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        Path keys = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "server",
                        "-dname",
                        "CN=localhost",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(keys)) {
            store.load(file, PASSWORD.toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD.toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(factory.getKeyManagers(), null, null);
        server = (SSLServerSocket) tls.getServerSocketFactory().createServerSocket(0);
        Thread.ofVirtual().start(this::acceptAll);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        server.close();
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                SSLSocket socket = (SSLSocket) server.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> answerOnce(socket));
            } catch (IOException stopped) {
                assertThat(server.isClosed()).isTrue();
            }
        }
    }

    /** Answers the first request of the connection, and ends it when the second one arrives. */
    private static void answerOnce(SSLSocket socket) {
        try {
            readHead(socket.getInputStream());
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII));
            readHead(socket.getInputStream());
            socket.shutdownOutput();
        } catch (IOException left) {
            // The gateway closed the connection: nothing is left to be answered.
            assertThat(socket.isConnected()).isTrue();
        }
    }

    private static void readHead(InputStream from) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = from.read();
            if (next < 0) {
                return;
            }
            head.append((char) next);
        }
    }

    @Test
    void isNotWaitedForAndTheRequestIsSentOnANewConnection() throws Exception {
        VertxTransport transport = new VertxTransport(new UpstreamConnections(
                vertx,
                vertx.httpClientBuilder()
                        .with(new HttpClientOptions().setTrustAll(true).setVerifyHost(false))
                        .withConnectHandler(UpstreamConnections::connected)
                        .build()));
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> second = new CompletableFuture<>();
        vertx.runOnContext(start -> {
            CallLoop loop = new EventLoop(vertx);
            UpstreamTransport.Endpoint endpoint =
                    transport.endpoint(URI.create("https://localhost:" + server.getLocalPort() + "/v1"), Map.of());
            endpoint.send("", Map.of(), new byte[0], new Whole(loop, first));
            first.thenRun(() ->
                    vertx.runOnContext(idle -> endpoint.send("", Map.of(), new byte[0], new Whole(loop, second))));
        });
        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("200 ok");
        assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo("200 ok");
        assertThat(connections).hasValue(2);
    }

    /** Completes with the status and the body. */
    private static final class Whole implements UpstreamTransport.Receiver {
        private final CallLoop loop;
        private final CompletableFuture<String> outcome;
        private final StringBuilder text = new StringBuilder();

        private Whole(CallLoop loop, CompletableFuture<String> outcome) {
            this.loop = loop;
            this.outcome = outcome;
        }

        @Override
        public CallLoop loop() {
            return loop;
        }

        @Override
        public void connected() {
            text.setLength(0);
        }

        @Override
        public void head(UpstreamTransport.Head head) {
            text.append(head.status()).append(' ');
        }

        @Override
        public void bytes(byte[] array, int offset, int length) {
            text.append(new String(array, offset, length, StandardCharsets.US_ASCII));
        }

        @Override
        public void end() {
            outcome.complete(text.toString());
        }

        @Override
        public void broken(Throwable cause) {
            outcome.completeExceptionally(cause);
        }
    }
}
