package dev.understudy.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.client.Completion;
import dev.understudy.client.CompletionRequest;
import dev.understudy.client.CompletionStream;
import dev.understudy.client.Understudy;
import dev.understudy.client.chain.CallTrail;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.TrailEntry;
import dev.understudy.testing.faults.Answers;
import dev.understudy.testing.faults.Delivery;
import dev.understudy.testing.wire.LeavingCaller;
import dev.understudy.testing.wire.LeavingCaller.Leaving;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A provider closes a connection that it takes for idle at the moment at which a request arrives on it. */
@Timeout(60)
class KeptConnectionsTest {
    private static final Reply CLOSED = Reply.start().close();

    private final ScriptedUpstream one = ScriptedUpstream.start();
    private final ScriptedUpstream two = ScriptedUpstream.start();
    private final Understudy client = Understudy.builder()
            .environment(Map.of())
            .provider("one", URI.create(one.baseUrl()), "sk-first-0123456789")
            .provider("two", URI.create(two.baseUrl()), "sk-second-0123456789")
            .build();

    @AfterEach
    void stop() {
        client.close();
        one.close();
        two.close();
    }

    static Stream<Arguments> ends() {
        return Stream.of(CLOSED, Reply.start().reset())
                .flatMap(end -> Stream.of(Delivery.values()).map(delivery -> Arguments.of(delivery, end)));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void noCallNoticesIt(Delivery delivery, Reply end) {
        for (int i = 0; i < 3; i++) {
            one.answer(Answers.good(delivery)).answer(end);
        }
        one.answerAlways(Answers.good(delivery));
        for (int i = 0; i < 5; i++) {
            assertThat(call(delivery, "Hi").attempts())
                    .extracting(TrailEntry::target)
                    .containsExactly("one/a");
        }
        assertThat(one.requestCount()).isEqualTo(5 + 3);
        assertThat(two.requestCount()).isZero();
    }

    @Test
    void theEndOfAConnectionThatIsCertainlyNewIsAFailure() {
        one.answer(CLOSED).answerAlways(Answers.good(Delivery.WHOLE));

        assertThat(kinds(call(Delivery.WHOLE, "Hi"))).containsExactly(FailureKind.CONNECTION);
        assertThat(one.requestCount()).isEqualTo(2);
    }

    @Test
    void aRequestIsSentTwiceAtMostAndAfterThatNoOtherIs() {
        one.answer(Answers.good(Delivery.WHOLE)).answerAlways(CLOSED);
        two.answerAlways(Answers.good(Delivery.WHOLE));
        call(Delivery.WHOLE, "Hi");

        CallTrail trail = call(Delivery.WHOLE, "Hi");

        assertThat(kinds(trail)).containsExactly(FailureKind.CONNECTION, FailureKind.CONNECTION);
        assertThat(trail.attempts().getLast().target()).isEqualTo("two/b");
        assertThat(one.requestCount())
                .as("the answered one, an attempt that was sent twice, and one that was not")
                .isEqualTo(4);
    }

    @Test
    void aLongRequestIsRetriedLikeAnyOther() {
        one.answer(Answers.good(Delivery.WHOLE)).answer(CLOSED).answerAlways(Answers.good(Delivery.WHOLE));
        call(Delivery.WHOLE, "Hi");

        assertThat(kinds(call(Delivery.WHOLE, "x".repeat(1_100_000)))).containsExactly(FailureKind.CONNECTION);
    }

    @Test
    void aCallerWhoLeavesEndsTheRequestThatWasSentAgain() throws Exception {
        LeavingCaller.endsItsUpstreamRequest(() -> {
            one.answer(Answers.good(Delivery.WHOLE))
                    .answer(CLOSED)
                    .answer(Reply.start().hold());
            call(Delivery.WHOLE, "Hi");
            one.take();
            CompletableFuture<Completion> answer = client.completionAsync(request("Hi"));
            one.take();
            return new Leaving(one.take(), () -> answer.cancel(true));
        });
        assertThat(two.requestCount()).isZero();
    }

    /** The JDK's client skips them; the gateway's has to be made to. */
    @ParameterizedTest
    @EnumSource
    void informationalResponsesAreSkipped(Delivery delivery) {
        one.answer(Reply.start()
                .send(
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 199 Unknown\r\nA: b\r\n\r\n")
                .send(Answers.good(delivery)));

        assertThat(kinds(call(delivery, "Hi"))).isEmpty();
    }

    @Test
    void onlyAnEarlyEndMayBeThatOfAnIdleConnection() {
        IOException eof = new IOException("no bytes", new EOFException("end"));
        long second = TimeUnit.SECONDS.toNanos(1);
        assertThat(KeptConnections.mayHaveBeenIdle(eof, 5, 4 + second)).isTrue();
        assertThat(KeptConnections.mayHaveBeenIdle(eof, 5, 5 + second)).isFalse();
        assertThat(KeptConnections.mayHaveBeenIdle(new SocketException("Connection reset"), 0, 1))
                .isTrue();
        for (Throwable other : List.of(
                new ConnectException("refused"),
                new IOException(new ConnectException("refused")),
                new ProtocolException("Invalid status line"),
                new SSLHandshakeException("untrusted"),
                new HttpTimeoutException("late"),
                new IllegalStateException("no network"))) {
            assertThat(KeptConnections.mayHaveBeenIdle(other, 0, 1))
                    .as("%s", other)
                    .isFalse();
        }
    }

    @Test
    void connectionsAreKeptForHalfAMinutePerOrigin() {
        KeptConnections connections = new KeptConnections();
        KeptConnections.Origin origin = connections.of(URI.create("https://API.example/v1"));
        assertThat(origin.mayHaveIdle(0)).isFalse();

        origin.mayKeepOne(0);

        assertThat(connections.of(URI.create("https://api.example/v2")).mayHaveIdle(1))
                .isTrue();
        assertThat(connections.of(URI.create("http://api.example/v1")).mayHaveIdle(1))
                .isFalse();
        assertThat(origin.mayHaveIdle(Duration.ofSeconds(30).toNanos() - 1)).isTrue();
        assertThat(origin.mayHaveIdle(Duration.ofSeconds(30).toNanos())).isFalse();
    }

    private CallTrail call(Delivery delivery, String text) {
        if (delivery == Delivery.WHOLE) {
            return client.completion(request(text)).trail();
        }
        try (CompletionStream stream = client.stream(request(text))) {
            stream.forEachRemaining(piece -> {});
            return stream.trail();
        }
    }

    private static CompletionRequest request(String text) {
        return CompletionRequest.of("one/a").user(text).fallbacks("two/b").build();
    }

    private static List<FailureKind> kinds(CallTrail trail) {
        return trail.attempts().stream()
                .flatMap(attempt -> attempt.failure().stream())
                .map(Failure::kind)
                .toList();
    }
}
