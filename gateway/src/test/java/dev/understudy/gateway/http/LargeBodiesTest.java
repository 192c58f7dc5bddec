package dev.understudy.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.config.ServerSettings;
import dev.understudy.calls.work.WorkPool;
import dev.understudy.gateway.loop.EventLoop;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** While a large body is read, its event loop serves others. */
@Timeout(120)
class LargeBodiesTest {
    private static final String LARGE = "x".repeat(LargeBodies.LARGE + 1);
    private static final String BROKEN = "y".repeat(LargeBodies.LARGE + 1);

    private final Vertx vertx = Vertx.vertx();
    private final WorkPool pool = new WorkPool("large-request", 1, 1, 1 << 30);
    private final BodyMemory memory = new BodyMemory(1 << 30);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private int port;

    @BeforeEach
    void start() throws Exception {
        RequestBody.Limits limits = new RequestBody.Limits(
                ServerSettings.BUILT_IN.maxBody(),
                Duration.ofSeconds(60),
                1_000,
                new BodyResources(memory, pool, pool));
        EventLoop clock = new EventLoop(vertx);
        LargeBodies bodies = new LargeBodies(clock, pool);
        // One server has one event loop.
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> RequestBody.read(
                        clock,
                        request,
                        limits,
                        "",
                        (body, release) -> bodies.read(
                                request, body, release, () -> length(body), read -> answer(request, read))));
        port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS)
                .actualPort();
    }

    @AfterEach
    void stop() throws Exception {
        mayEnd.countDown();
        pool.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private int length(byte[] body) throws BadRequest {
        if (body.length > LargeBodies.LARGE) {
            begun.countDown();
            try {
                mayEnd.await();
            } catch (InterruptedException cancelled) {
                interrupted.countDown();
                Thread.currentThread().interrupt();
            }
        }
        if (body[0] == 'y') {
            throw BadRequest.missing("x", "It has no x.");
        }
        return body.length;
    }

    private static void answer(HttpServerRequest request, LargeBodies.Reader<Integer> read) {
        try {
            GatewayResponses.json(request, 200, Integer.toString(read.read()));
        } catch (BadRequest bad) {
            GatewayResponses.error(request, bad.status(), bad.details());
        }
    }

    private RawCaller post(String body) {
        return RawCaller.connect(port).waitAtMost(Duration.ofSeconds(60)).post("/", body);
    }

    @Test
    void aSmallRequestIsAnsweredMeanwhile() throws Exception {
        try (RawCaller large = post(LARGE);
                RawCaller small = post("small")) {
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(small.readAnswer().body()).isEqualTo("5");
            mayEnd.countDown();
            assertThat(large.readAnswer().body()).isEqualTo(Integer.toString(LARGE.length()));
        }
    }

    @Test
    void whatIsWrongWithItIsTold() {
        mayEnd.countDown();
        try (RawCaller broken = post(BROKEN)) {
            RawAnswer answer = broken.readAnswer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("It has no x.");
        }
    }

    @Test
    void itsReadingEndsWhenItsCallerLeaves() throws Exception {
        RawCaller large = post(LARGE);
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(memory.used()).isGreaterThanOrEqualTo(LARGE.length());
        large.close();
        assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
        while (memory.used() > 0) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Test
    void oneMoreThanMayWaitIsRefused() throws Exception {
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
                RawCaller first = post(LARGE)) {
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            try (RawCaller one = post(LARGE);
                    RawCaller other = post(LARGE)) {
                // Which of the two waits depends on the order in which their bodies are complete.
                CompletableFuture<RawAnswer> ofOne = CompletableFuture.supplyAsync(one::readAnswer, readers);
                CompletableFuture<RawAnswer> ofOther = CompletableFuture.supplyAsync(other::readAnswer, readers);
                RawAnswer refused =
                        (RawAnswer) CompletableFuture.anyOf(ofOne, ofOther).get(60, TimeUnit.SECONDS);
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.header("retry-after")).contains("2");
                assertThat(refused.body()).contains("gateway_overloaded");
                mayEnd.countDown();
                assertThat(first.readAnswer().status()).isEqualTo(200);
                assertThat(ofOne.get(60, TimeUnit.SECONDS).status()
                                + ofOther.get(60, TimeUnit.SECONDS).status())
                        .isEqualTo(200 + 503);
            }
        }
    }
}
