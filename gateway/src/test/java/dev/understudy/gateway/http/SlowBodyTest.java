package dev.understudy.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.config.ServerSettings;
import dev.understudy.calls.work.WorkPools;
import dev.understudy.gateway.loop.EventLoop;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller who announces a body and does not send it is not waited for without end, wherever it stops. */
@Timeout(60)
class SlowBodyTest {
    private final Vertx vertx = Vertx.vertx();
    private int port;

    @BeforeEach
    void start() throws Exception {
        RequestBody.Receiver discarded = (body, release) -> {
            throw new AssertionError("half a body was taken for a whole one");
        };
        RequestBody.Limits limits = new RequestBody.Limits(
                ServerSettings.BUILT_IN.maxBody(),
                Duration.ofMillis(300),
                1_000,
                new BodyResources(
                        new BodyMemory(1 << 30),
                        WorkPools.ofThisMachine().decompression(),
                        WorkPools.ofThisMachine().requests()));
        EventLoop clock = new EventLoop(vertx);
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> RequestBody.read(clock, request, limits, "", discarded));
        port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS)
                .actualPort();
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 100\r\n\r\n",
                "Content-Length: 100\r\n\r\n{\"model\":",
                "Transfer-Encoding: chunked\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"mod"
            })
    void isAnsweredWith408AndItsConnectionEnds(String start) throws Exception {
        try (RawCaller caller = RawCaller.connect(port).waitAtMost(Duration.ofSeconds(30))) {
            RawAnswer answer =
                    caller.send("POST / HTTP/1.1\r\nHost: x\r\n" + start).readAnswer();
            assertThat(answer.status()).as("%s", answer).isEqualTo(408);
            assertThat(answer.body()).contains("\"code\":\"body_too_slow\"");
            assertThat(caller.readBeyond()).isEmpty();
        }
    }
}
