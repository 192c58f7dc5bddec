package dev.understudy.client.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.FailureKind;
import dev.understudy.engine.TrailEntry;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One table of faults, on each surface: whatever the first target does, the second one's answer arrives whole. */
class FaultTableTest {
    /** What the first target does, and how the trail names it. */
    private enum Fault {
        RATE_LIMITED(http(429, "{\"error\":{\"code\":\"rate_limit_exceeded\"}}"), FailureKind.RATE_LIMITED),
        QUOTA(http(429, "{\"error\":{\"code\":\"insufficient_quota\"}}"), FailureKind.QUOTA),
        SERVER_ERROR(http(500, ""), FailureKind.SERVER_ERROR),
        BAD_GATEWAY(http(502, "<html>"), FailureKind.SERVER_ERROR),
        OVERLOADED(http(529, ""), FailureKind.OVERLOADED),
        UNAUTHORIZED(http(401, ""), FailureKind.AUTH),
        BAD_REQUEST(http(400, ""), FailureKind.BAD_REQUEST),
        UNKNOWN_MODEL(http(404, ""), FailureKind.UNKNOWN_MODEL),
        REFUSED(new ConnectException("refused"), FailureKind.CONNECTION),
        UNKNOWN_HOST(new UnknownHostException("nowhere"), FailureKind.CONNECTION),
        TLS(new SSLHandshakeException("expired"), FailureKind.CONNECTION),
        CUT(new EOFException("cut"), FailureKind.CONNECTION),
        OWN_TIMEOUT(new HttpTimeoutException("request timed out"), FailureKind.TIMEOUT_FIRST_TOKEN),
        SOCKET_TIMEOUT(new SocketTimeoutException("Read timed out"), FailureKind.TIMEOUT_FIRST_TOKEN),
        CONNECT_TIMEOUT(new SocketTimeoutException("Connect timed out"), FailureKind.TIMEOUT_CONNECT),
        FUTURE_TIMEOUT(new TimeoutException(), FailureKind.TIMEOUT_FIRST_TOKEN),
        WRAPPED(new CompletionException(new RuntimeException("SDK", http(503, ""))), FailureKind.SERVER_ERROR),
        INTERRUPTED(new InterruptedException(), FailureKind.CONNECTION),
        CANCELLED(new CancellationException(), FailureKind.CONNECTION),
        UNKNOWN(new RuntimeException("something"), FailureKind.SERVER_ERROR),
        WRONG_ARGUMENT(new IllegalArgumentException("top_k"), FailureKind.BAD_REQUEST),
        UNSUPPORTED(new UnsupportedOperationException("images"), FailureKind.UNSUPPORTED);

        private final Exception thrown;
        private final FailureKind kind;

        Fault(Exception thrown, FailureKind kind) {
            this.thrown = thrown;
            this.kind = kind;
        }

        private static Exception http(int status, String body) {
            return new HttpStatusException(status, Map.of("Retry-After", List.of("20")), body);
        }
    }

    /** How a chain is called: a form of its targets and a form of its calls. */
    private enum Surface {
        BLOCKING {
            @Override
            CompletableFuture<FallbackResult<String>> call(VirtualScene scene, Exception thrown) {
                return scene.whole()
                        .target("first", question -> {
                            throw thrown;
                        })
                        .target("second", question -> "an answer")
                        .build()
                        .callAsync("question");
            }
        },
        ASYNC {
            @Override
            CompletableFuture<FallbackResult<String>> call(VirtualScene scene, Exception thrown) {
                Duration soon = Duration.ofMillis(100);
                return scene.whole()
                        .asyncTarget("first", scene.fails("first", soon, () -> thrown))
                        .asyncTarget("second", scene.answers("second", soon, "an answer"))
                        .build()
                        .callAsync("question");
            }
        },
        STREAM_THAT_THROWS {
            @Override
            CompletableFuture<FallbackResult<String>> call(VirtualScene scene, Exception thrown) {
                return stream(scene, (question, sink) -> {
                    throw thrown;
                });
            }
        },
        STREAM_THAT_FAILS_LATER {
            @Override
            CompletableFuture<FallbackResult<String>> call(VirtualScene scene, Exception thrown) {
                return stream(scene, scene.plays("first", VirtualScene.breaks(100, thrown)));
            }
        };

        abstract CompletableFuture<FallbackResult<String>> call(VirtualScene scene, Exception thrown);

        private static CompletableFuture<FallbackResult<String>> stream(
                VirtualScene scene, StreamTarget<String, String, String> first) {
            StreamingCall<String, String> call = scene
                    .streaming()
                    .target("first", first)
                    .target(
                            "second",
                            scene.plays(
                                    "second",
                                    VirtualScene.says(100, "an "),
                                    VirtualScene.says(100, "answer"),
                                    VirtualScene.ends(10, "an answer")))
                    .build()
                    .stream("question");
            VirtualScene.Collector collector = scene.collect(call);
            return call.result()
                    .whenComplete(
                            (result, failed) -> assertThat(collector.items).containsExactly("an ", "answer"));
        }
    }

    static Stream<Arguments> faultsOnSurfaces() {
        List<Arguments> all = new ArrayList<>();
        for (Surface surface : Surface.values()) {
            for (Fault fault : Fault.values()) {
                all.add(Arguments.of(surface, fault));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("faultsOnSurfaces")
    void theSecondTargetAnswers(Surface surface, Fault fault) {
        VirtualScene scene = new VirtualScene();

        CompletableFuture<FallbackResult<String>> future = surface.call(scene, fault.thrown);
        scene.loop.advance(Duration.ofSeconds(5));

        FallbackResult<String> result = future.join();
        assertThat(result.answer()).isEqualTo("an answer");
        assertThat(result.target()).isEqualTo("second");
        TrailEntry failed = result.trail().attempts().getFirst();
        assertThat(failed.failure().orElseThrow().kind()).isEqualTo(fault.kind);
        assertThat(scene.loop.waiting()).as("timers").isZero();
    }

    /** Inside a stream there is no fallback, and the error says so. */
    @ParameterizedTest
    @MethodSource("breaks")
    void aBreakInsideAStreamIsTold(Exception thrown, FailureKind kind) {
        VirtualScene scene = new VirtualScene();
        StreamingChain<String, String, String> chain = scene.streaming()
                .target("first", scene.plays("first", VirtualScene.says(100, "half"), VirtualScene.breaks(100, thrown)))
                .target("second", scene.plays("second", VirtualScene.says(100, "other")))
                .build();

        VirtualScene.Collector collector = scene.collect(chain.stream("question"));
        scene.loop.advance(Duration.ofSeconds(30));

        assertThat(collector.items).containsExactly("half");
        assertThat(collector.error().isTruncated()).isTrue();
        assertThat(collector.error().kind()).isEqualTo(kind);
        assertThat(scene.called).containsExactly("first");
    }

    static Stream<Arguments> breaks() {
        return Stream.of(
                Arguments.of(new IOException("reset"), FailureKind.TRUNCATED),
                Arguments.of(new HttpTimeoutException("idle"), FailureKind.TIMEOUT_IDLE),
                Arguments.of(new RuntimeException("something"), FailureKind.SERVER_ERROR),
                Arguments.of(new HttpStatusException(529, Map.of(), ""), FailureKind.OVERLOADED));
    }
}
