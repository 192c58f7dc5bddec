package dev.understudy.testing.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WireFixturesTest {

    private static final Duration SOON = Duration.ofMillis(100);

    @Test
    void requestIsKeptToTheByte() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                RawCaller caller = RawCaller.connect(upstream.port())) {
            upstream.answer(Reply.json(200, "{\"a\":1.10}"));
            String sent = "POST /odd HTTP/1.1\r\nHOST:x\r\nx-Odd :  y \r\ncontent-length: 7\r\n\r\n{ \"é\"}";
            caller.send(sent);

            RawAnswer answer = caller.readAnswer();
            ReceivedRequest request = upstream.take();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"a\":1.10}");
            assertThat(answer.end()).isEqualTo(End.COMPLETE);
            assertThat(new String(request.bytes(), StandardCharsets.UTF_8)).isEqualTo(sent);
            assertThat(request.body()).isEqualTo("{ \"é\"}");
            assertThat(request.head()).endsWith("\r\n\r\n").startsWith("POST /odd");
        }
    }

    @Test
    void chunkedRequestKeepsItsFraming() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                RawCaller caller = RawCaller.connect(upstream.port())) {
            upstream.answerAlways(Reply.json(200, "{}"));
            caller.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\n\r\n");

            assertThat(caller.readAnswer().end()).isEqualTo(End.COMPLETE);
            assertThat(upstream.take().body()).isEqualTo("3;x\r\nabc\r\n0\r\n\r\n");
        }
    }

    @Test
    void oneConnectionServesManyRequestsInOrder() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                RawCaller caller = RawCaller.connect(upstream.port())) {
            upstream.answer(Reply.json(200, "1")).answer(Reply.json(200, "2"));

            assertThat(caller.post("/", "a").readAnswer().body()).isEqualTo("1");
            assertThat(caller.post("/", "b").readAnswer().body()).isEqualTo("2");
            assertThat(upstream.connectionCount()).isEqualTo(1);
            assertThat(upstream.requestCount()).isEqualTo(2);
            assertThat(caller.post("/", "c").readAnswer().status())
                    .as("nothing is scripted for it")
                    .isEqualTo(500);
        }
    }

    @Test
    void everyWayOfEndingIsDistinguished() {
        String half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
        assertThat(answerTo(Reply.start().send(half).close()).end()).isEqualTo(End.CLOSED);
        assertThat(answerTo(Reply.start().send(half).close()).body()).isEqualTo("hello");
        assertThat(answerTo(Reply.start().send(half).hold()).end()).isEqualTo(End.SILENT);
        assertThat(answerTo(Reply.start().hold()).status()).isZero();
        assertThat(answerTo(Reply.start().close()).end()).isEqualTo(End.CLOSED);
        assertThat(answerTo(Reply.start().reset()).end()).isEqualTo(End.RESET);
        assertThat(answerTo(Reply.eventStream().event("1").send("zz\r\n").close())
                        .end())
                .isEqualTo(End.MALFORMED);
        assertThat(answerTo(Reply.eventStream().event("1").lastChunk()).events())
                .containsExactly("data: 1");
        assertThat(answerTo(Reply.start()
                                .send("HTTP/1.0 200 OK\r\n\r\nall of it")
                                .close())
                        .end())
                .isEqualTo(End.COMPLETE);
    }

    @Test
    void answerCanBeFollowedWhileItArrives() throws IOException {
        CountDownLatch first = new CountDownLatch(1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                RawCaller caller = RawCaller.connect(upstream.port())) {
            upstream.answer(
                    Reply.eventStream().event("1").await(first).event("2").lastChunk());
            caller.post("/", "{}");

            assertThat(caller.readHead().status()).isEqualTo(200);
            assertThat(caller.readEvent()).contains("data: 1");
            caller.waitAtMost(SOON);
            assertThatThrownBy(caller::readEvent).isInstanceOf(IOException.class);
            caller.waitAtMost(Duration.ofSeconds(10));
            first.countDown();
            assertThat(caller.readEvent()).contains("data: 2");
            assertThat(caller.readEvent()).isEmpty();
        }
    }

    @Test
    void callerThatLeavesIsSeenAtOnce() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
            upstream.answerAlways(Reply.start().hold());
            RawCaller polite = RawCaller.connect(upstream.port()).post("/", "{}");
            ReceivedRequest first = upstream.take();
            assertThat(first.isPeerClosed()).isFalse();
            long left = System.nanoTime();
            polite.close();
            assertThat(first.peerClosedNanos(Duration.ofSeconds(5)) - left)
                    .isLessThan(Duration.ofSeconds(1).toNanos());

            RawCaller rude = RawCaller.connect(upstream.port()).post("/", "{}");
            ReceivedRequest second = upstream.take();
            rude.reset();
            assertThat(second.peerClosedNanos(Duration.ofSeconds(5))).isPositive();
            assertThat(second.connection()).isEqualTo(2);
        }
    }

    @Test
    void upstreamThatClosesFirstIsNotMistakenForThePeer() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                RawCaller caller = RawCaller.connect(upstream.port())) {
            upstream.answer(Reply.start().close());
            caller.post("/", "{}").readAnswer();

            ReceivedRequest request = upstream.take();
            assertThatThrownBy(() -> request.peerClosedNanos(SOON)).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void connectionCanBeClosedBeforeAnyRequest() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
            upstream.onConnect(Reply.start().close());
            try (RawCaller caller = RawCaller.connect(upstream.port())) {
                assertThat(caller.readAnswer().end()).isEqualTo(End.CLOSED);
            }
        }
    }

    @Test
    void unusedPortRefuses() {
        int port = ScriptedUpstream.unusedPort();
        assertThatThrownBy(() -> RawCaller.connect(port)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void closingTheUpstreamReleasesCallers() {
        ScriptedUpstream upstream = ScriptedUpstream.start();
        upstream.answerAlways(Reply.start().hold());
        try (RawCaller caller = RawCaller.connect(upstream.port()).post("/", "{}")) {
            upstream.take();
            upstream.close();
            assertThat(caller.readAnswer().end()).isIn(End.CLOSED, End.RESET);
        }
    }

    private static RawAnswer answerTo(Reply reply) {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                RawCaller caller = RawCaller.connect(upstream.port())) {
            upstream.answerAlways(reply);
            return caller.waitAtMost(Duration.ofMillis(600)).post("/", "{}").readAnswer();
        }
    }
}
