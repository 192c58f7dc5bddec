package dev.understudy.gateway.contract;

import static dev.understudy.gateway.contract.Http2Caller.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.Reply;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls that share an HTTP/2 connection are strangers: what is refused to one costs the others nothing. */
@Timeout(60)
class Http2NeighboursTest {
    private final Http2Caller caller = new Http2Caller();

    @AfterEach
    void close() throws Exception {
        caller.close();
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
            HttpClientRequest neighbour = caller.request(gateway, HttpMethod.POST, GatewayFixture.PATH);
            neighbour.end(Buffer.buffer(Chats.askStream("one/m")));
            Future<Buffer> all = neighbour.response().compose(HttpClientResponse::body);
            get(neighbour.response());

            HttpClientRequest refused = caller.request(gateway, HttpMethod.valueOf(method), path);
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
            HttpClientRequest next = caller.request(gateway, HttpMethod.GET, "/healthz");
            assertThat(next.connection()).isSameAs(neighbour.connection());
            next.end();
            assertThat(get(next.response()).statusCode()).isEqualTo(200);
        }
    }
}
