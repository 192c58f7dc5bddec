package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.util.concurrent.TimeUnit;

/** A caller over HTTP/2 with prior knowledge, all of whose calls share a connection. */
final class Http2Caller implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient(
            new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false),
            new PoolOptions().setHttp2MaxSize(1));

    /** A request that is not sent yet. */
    HttpClientRequest request(GatewayFixture gateway, HttpMethod method, String path) throws Exception {
        HttpClientRequest request = get(client.request(method, gateway.port(), "127.0.0.1", path));
        assertThat(request.version()).isEqualTo(HttpVersion.HTTP_2);
        return request;
    }

    /** A call with a body of JSON that is not sent yet. */
    HttpClientRequest chat(GatewayFixture gateway) throws Exception {
        return request(gateway, HttpMethod.POST, GatewayFixture.PATH).putHeader("content-type", "application/json");
    }

    static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        get(vertx.close());
    }
}
