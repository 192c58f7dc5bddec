package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawCaller;
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
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A caller who does not read holds its provider up, and neither the gateway's memory nor its patience pays for it. */
@Timeout(120)
class SlowCallerTest {

    /** Short, so that the caller's pause is several times as long. */
    private static final Duration IDLE = Duration.ofMillis(500);

    /** What the kernel may keep in the four buffers between the two ends, generously; an endless stream passes it soon. */
    private static final long MOST_ON_THE_WAY = 24 * 1024 * 1024;

    @Test
    void endlessStreamPausesAndResumesWhenTheCallerReadsAgain() throws Exception {
        try (Flood flood = new Flood();
                GatewayFixture gateway = GatewayFixture.startWith("""
                        server: {port: 0, drain: 0s}
                        providers: {flood: {base-url: "http://127.0.0.1:%d/v1"}}
                        defaults: {deadline: 110s, timeouts: {first-token: 20s, idle: %dms}}
                        """.formatted(flood.port(), IDLE.toMillis()));
                RawCaller caller = RawCaller.connectWithLittleRoom(gateway.port())) {
            caller.waitAtMost(Duration.ofSeconds(60)).post(GatewayFixture.PATH, Chats.askStream("flood/m"));
            assertThat(caller.readHead().status()).isEqualTo(200);

            long sent = flood.awaitStandstill(IDLE.multipliedBy(4));
            assertThat(sent).isLessThan(MOST_ON_THE_WAY);
            assertThat(flood.sent()).isEqualTo(sent);

            // It reads again: the flood continues, and nothing before it is missing.
            long next = readEvents(caller, 0, 1_000);
            while (flood.sent() == sent) {
                next = readEvents(caller, next, 100);
            }
            flood.stop();
            String last = "";
            for (var event = caller.readEvent(); event.isPresent(); event = caller.readEvent()) {
                last = event.get();
                if (last.contains("\"content\"")) {
                    assertThat(last).contains("\"" + Flood.numbered(next++) + "\"");
                }
            }
            assertThat(last).isEqualTo("data: [DONE]");
            assertThat(next).isEqualTo(flood.events());
            assertThat(gateway.log(1).getFirst()).contains("\"ending\":\"answered\"", "\"outcome\":\"ok\"");
        }
    }

    /** Over HTTP/2 its stream is held up, and the other calls of the connection are not. */
    @Test
    void http2StreamIsHeldUpAndItsNeighboursAreNot() throws Exception {
        Vertx vertx = Vertx.vertx();
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false),
                new PoolOptions().setHttp2MaxSize(1));
        try (Flood flood = new Flood();
                GatewayFixture gateway = GatewayFixture.startWith("""
                        server: {port: 0, drain: 0s}
                        providers: {flood: {base-url: "http://127.0.0.1:%d/v1"}, one: {base-url: "${ONE}"}}
                        defaults: {deadline: 110s, timeouts: {first-token: 20s, idle: %dms}}
                        """.formatted(flood.port(), IDLE.toMillis()))) {
            gateway.one().answerAlways(Chats.answered("hi"));
            CompletableFuture<HttpClientResponse> slow = new CompletableFuture<>();
            HttpClientRequest call =
                    get(client.request(HttpMethod.POST, gateway.port(), "127.0.0.1", GatewayFixture.PATH));
            call.response().onComplete(head -> {
                head.result().pause();
                slow.complete(head.result());
            });
            call.end(Buffer.buffer(Chats.askStream("flood/m")));
            HttpClientResponse response = slow.get(30, TimeUnit.SECONDS);

            long sent = flood.awaitStandstill(IDLE.multipliedBy(4));
            assertThat(sent).isLessThan(MOST_ON_THE_WAY);
            HttpClientRequest neighbour =
                    get(client.request(HttpMethod.POST, gateway.port(), "127.0.0.1", GatewayFixture.PATH));
            assertThat(neighbour.connection()).isSameAs(call.connection());
            Future<Buffer> answer = neighbour.response().compose(HttpClientResponse::body);
            neighbour.end(Buffer.buffer(Chats.ask("one/m")));
            assertThat(get(answer).toString()).contains("hi");
            assertThat(flood.sent()).isEqualTo(sent);

            flood.stop();
            Future<Buffer> all = response.body();
            response.resume();
            assertThat(get(all).toString())
                    .contains("\"" + Flood.numbered(flood.events() - 1) + "\"")
                    .endsWith("data: [DONE]\n\n");
        } finally {
            get(vertx.close());
        }
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static long readEvents(RawCaller caller, long from, int count) throws IOException {
        for (long i = from; i < from + count; i++) {
            assertThat(caller.readEvent().orElseThrow()).contains("\"" + Flood.numbered(i) + "\"");
        }
        return from + count;
    }

    /** An upstream that answers one request with numbered events as fast as they are taken, until it is told to stop. */
    private static final class Flood implements AutoCloseable {
        private static final int EVENTS_PER_WRITE = 200;

        private final PlainUpstream upstream;
        private final AtomicLong sent = new AtomicLong();
        private final AtomicLong events = new AtomicLong();
        private final AtomicBoolean stopped = new AtomicBoolean();

        Flood() {
            upstream = PlainUpstream.start(socket -> {
                PlainUpstream.readRequest(socket.getInputStream());
                PlainUpstream.write(
                        socket,
                        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n");
                while (!stopped.get()) {
                    StringBuilder some = new StringBuilder();
                    for (int i = 0; i < EVENTS_PER_WRITE; i++) {
                        some.append(Chats.event(Chats.content(numbered(events.get() + i))));
                    }
                    PlainUpstream.writeChunk(socket, some.toString());
                    events.addAndGet(EVENTS_PER_WRITE);
                    sent.addAndGet(some.length());
                }
                PlainUpstream.writeChunk(socket, Chats.event(Chats.delta("{}", "\"stop\"")) + Chats.event("[DONE]"));
                PlainUpstream.write(socket, "0\r\n\r\n");
            });
        }

        static String numbered(long number) {
            return "piece " + number;
        }

        int port() {
            return upstream.port();
        }

        long sent() {
            return sent.get();
        }

        long events() {
            return events.get();
        }

        void stop() {
            stopped.set(true);
        }

        /** How much was sent when nothing more could be sent for so long. */
        long awaitStandstill(Duration quiet) {
            long started = System.nanoTime();
            long last = -1;
            long since = started;
            while (System.nanoTime() - since < quiet.toNanos()) {
                long now = sent.get();
                if (now != last) {
                    last = now;
                    since = System.nanoTime();
                }
                if (System.nanoTime() - started > Duration.ofSeconds(60).toNanos()) {
                    throw new AssertionError("still flowing after " + now + " bytes");
                }
                LockSupport.parkNanos(5_000_000);
            }
            return last;
        }

        @Override
        public void close() {
            upstream.close();
        }
    }
}
