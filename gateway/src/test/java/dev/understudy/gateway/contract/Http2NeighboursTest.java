package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls that share an HTTP/2 connection are strangers: what is refused to one costs the others nothing. */
@Timeout(60)
class Http2NeighboursTest {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient(
            new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false),
            new PoolOptions().setHttp2MaxSize(1));

    @AfterEach
    void close() throws Exception {
        get(vertx.close());
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /nowhere, 404, 10",
        "PUT, /v1/chat/completions, 405, 10",
        "POST, /v1/chat/completions, 413, 2000000",
        "GET, /v1/models/unknown, 404, 0"
    })
    void refusalOfOneLeavesTheOthers(String method, String path, int status, int announced) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (GatewayFixture gateway = GatewayFixture.startWith("""
                server: {port: 0, drain: 0s, max-body: 1MB}
                providers: {one: {base-url: "${ONE}"}}
                """)) {
            gateway.one()
                    .answerAlways(Reply.eventStream()
                            .event(Chats.content("a"))
                            .await(goOn)
                            .chunk(Chats.STREAM)
                            .lastChunk());
            HttpClientRequest neighbour = request(gateway, HttpMethod.POST, GatewayFixture.PATH);
            neighbour.end(Buffer.buffer(Chats.askStream("one/m")));
            Future<Buffer> all = neighbour.response().compose(HttpClientResponse::body);
            get(neighbour.response());

            HttpClientRequest refused = request(gateway, HttpMethod.valueOf(method), path);
            assertThat(refused.connection()).isSameAs(neighbour.connection());
            Future<Buffer> answer = refused.response().compose(HttpClientResponse::body);
            if (announced > 0) {
                // Its body is announced and does not come.
                refused.putHeader("content-length", Integer.toString(announced));
                refused.writeHead();
            } else {
                refused.end();
            }
            assertThat(get(refused.response()).statusCode()).isEqualTo(status);
            ErrorBody.of(get(answer).toString());

            goOn.countDown();
            assertThat(get(all).toString()).endsWith("data: [DONE]\n\n");
            HttpClientRequest next = request(gateway, HttpMethod.GET, "/healthz");
            assertThat(next.connection()).isSameAs(neighbour.connection());
            next.end();
            assertThat(get(next.response()).statusCode()).isEqualTo(200);
        }
    }

    private HttpClientRequest request(GatewayFixture gateway, HttpMethod method, String path) throws Exception {
        return get(client.request(method, gateway.port(), "127.0.0.1", path));
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
