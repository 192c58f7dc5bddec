package dev.understudy.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Vert.x takes {@code provider.test} for 127.0.0.2, where nothing listens; the server is at 127.0.0.1. */
@Timeout(60)
class HostAddressesTest {
    private static final String HOST = "provider.test";
    private static final String DEAD = "127.0.0.2";
    private static final String ALIVE = "127.0.0.1";
    /** In milliseconds, where nothing depends on it. */
    private static final long LONG = 30_000;

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setAddressResolverOptions(
                    new AddressResolverOptions().setHostsValue(Buffer.buffer(DEAD + " " + HOST + "\n"))));
    private final HttpClient client = vertx.createHttpClient();
    private final AtomicInteger lookups = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        server = await(vertx.createHttpServer()
                .requestHandler(
                        request -> request.response().end(request.authority().host()))
                .listen(0, ALIVE));
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private HostAddresses addresses(long nextAfterMs, String... known) {
        return new HostAddresses(
                vertx,
                client,
                host -> {
                    lookups.incrementAndGet();
                    List<InetAddress> all = new ArrayList<>();
                    for (String each : known) {
                        all.add(InetAddress.getByName(each));
                    }
                    return all.toArray(InetAddress[]::new);
                },
                nextAfterMs);
    }

    private RequestOptions to(String host) {
        return new RequestOptions().setHost(host).setPort(server.actualPort());
    }

    /** The body of the answer, which is the host that the server was told. */
    private String get(HostAddresses addresses, RequestOptions to) throws Exception {
        return await(onLoop(addresses, to).compose(HttpClientRequest::send).compose(answer -> answer.body()))
                .toString();
    }

    private Future<HttpClientRequest> onLoop(HostAddresses addresses, RequestOptions to) {
        CompletableFuture<HttpClientRequest> made = new CompletableFuture<>();
        vertx.runOnContext(
                start -> addresses.request(to).onSuccess(made::complete).onFailure(made::completeExceptionally));
        return Future.fromCompletionStage(made);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void anAddressThatRefusesConnectionsIsFollowedByTheNextWhichIsPreferredThen() throws Exception {
        HostAddresses addresses = addresses(LONG, DEAD, ALIVE);

        assertThat(get(addresses, to(HOST))).isEqualTo(HOST);
        assertThat(get(addresses, to(HOST))).isEqualTo(HOST);

        assertThat(lookups)
                .as("the second request used what the first had found")
                .hasValue(1);
        assertThat(addresses.preferred(to(HOST)).orElseThrow().hostAddress()).isEqualTo(ALIVE);
    }

    @Test
    void aPreferredAddressThatRefusesConnectionsIsPreferredNoLonger() throws Exception {
        HostAddresses addresses = addresses(LONG, DEAD, ALIVE);
        get(addresses, to(HOST));
        int port = server.actualPort();
        await(server.close());
        await(vertx.createHttpServer()
                .requestHandler(request -> request.response().end("moved"))
                .listen(port, DEAD));

        assertThat(get(addresses, new RequestOptions().setHost(HOST).setPort(port)))
                .isEqualTo("moved");
    }

    @Test
    void anAddressThatIsSilentIsFollowedByTheNext() throws Exception {
        try (ServerSocket silent = new ServerSocket(server.actualPort(), 1, InetAddress.getByName(DEAD));
                Socket first = new Socket(DEAD, silent.getLocalPort());
                Socket second = new Socket(DEAD, silent.getLocalPort())) {
            // The queue of connections that are not accepted is full: further ones are not answered.
            assertThat(first.isConnected() && second.isConnected()).isTrue();

            assertThat(get(addresses(20, DEAD, ALIVE), to(HOST))).isEqualTo(HOST);
        }
    }

    @Test
    void theFirstFailureIsReportedIfNoAddressAcceptsConnections() {
        RequestOptions to = new RequestOptions().setHost(HOST).setPort(freePort());

        assertThatThrownBy(() -> get(addresses(LONG, DEAD, ALIVE, "127.0.0.3"), to))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(DEAD);
        assertThat(lookups).hasValue(1);
    }

    @Test
    void aNameThatOnlyTheOperatingSystemKnowsIsFound() throws Exception {
        assertThat(get(addresses(LONG, ALIVE), to("only.the.system.knows.invalid")))
                .isEqualTo("only.the.system.knows.invalid");
    }

    @Test
    void aFailureDoesNotWaitForALookupThatTakesLong() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        HostAddresses addresses = new HostAddresses(
                vertx,
                client,
                host -> {
                    try {
                        end.await();
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                    throw new UnknownHostException(host);
                },
                20);

        assertThatThrownBy(() -> await(onLoop(addresses, to(HOST)))).hasCauseInstanceOf(ConnectException.class);
        end.countDown();
    }

    @Test
    void aHostThatIsAnAddressIsNotLookedUp() {
        RequestOptions to = new RequestOptions().setHost(DEAD).setPort(server.actualPort());

        assertThatThrownBy(() -> get(addresses(LONG, ALIVE), to)).hasCauseInstanceOf(ConnectException.class);
        assertThat(lookups).hasValue(0);
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
