package dev.understudy.client.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.client.loop.VirtualCallLoop;
import dev.understudy.client.telemetry.MicrometerListener;
import dev.understudy.client.telemetry.OpenTelemetryListener;
import dev.understudy.engine.FailureKind;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What metrics and traces have of a call, with the real registries of the two libraries. */
class TelemetryTest {
    private final VirtualCallLoop loop = new VirtualCallLoop();
    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .build();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @AfterEach
    void close() {
        telemetry.close();
        meters.close();
    }

    private AsyncTarget<String, String> answers(String text) {
        return question -> {
            CompletableFuture<String> answer = new CompletableFuture<>();
            loop.runAt(loop.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100), () -> answer.complete(text));
            return answer;
        };
    }

    private static AsyncTarget<String, String> refuses(int status) {
        return question -> CompletableFuture.failedFuture(
                new HttpStatusException(status, Map.of(), "{\"secret\":\"of the answer\"}"));
    }

    private FallbackChain<String, String> chain(
            ChainListener listener, AsyncTarget<String, String> first, AsyncTarget<String, String> second) {
        return FallbackChain.<String, String>builder()
                .loop(loop)
                .executor(loop)
                .threads(loop)
                .state(FallbackState.create(0.1, 0.1, loop::nanoTime))
                .settings(CallSettings.builder().retries(0).build())
                .asyncTarget("openai/gpt", first)
                .asyncTarget("anthropic/claude", second)
                .listener(listener)
                .build();
    }

    private static String text(SpanData span, String key) {
        return span.getAttributes().get(AttributeKey.stringKey(key));
    }

    @Test
    void aCallIsASpanBelowTheCallersWithOneForEachAttempt() {
        Tracer tracer = telemetry.getTracer("test");
        FallbackChain<String, String> chain = chain(OpenTelemetryListener.of(telemetry), refuses(429), answers("hi"));
        Span caller = tracer.spanBuilder("caller").startSpan();
        try (Scope ignored = caller.makeCurrent()) {
            chain.callAsync("a question");
        }
        loop.advance(Duration.ofSeconds(1));

        List<SpanData> ended = spans.getFinishedSpanItems();
        assertThat(ended).extracting(SpanData::getName).containsExactly("chat gpt", "chat claude", "chat gpt");
        SpanData first = ended.get(0);
        SpanData second = ended.get(1);
        SpanData call = ended.get(2);
        assertThat(call.getParentSpanId()).isEqualTo(caller.getSpanContext().getSpanId());
        assertThat(List.of(first, second)).allSatisfy(attempt -> {
            assertThat(attempt.getParentSpanId()).isEqualTo(call.getSpanId());
            assertThat(attempt.getKind()).isEqualTo(SpanKind.CLIENT);
            assertThat(text(attempt, "gen_ai.operation.name")).isEqualTo("chat");
        });
        assertThat(text(first, "gen_ai.provider.name")).isEqualTo("openai");
        assertThat(text(first, "gen_ai.request.model")).isEqualTo("gpt");
        assertThat(text(first, "error.type")).isEqualTo("rate_limited");
        assertThat(first.getAttributes().get(AttributeKey.longKey("http.response.status_code")))
                .isEqualTo(429);
        assertThat(first.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(text(second, "understudy.attempt.kind")).isEqualTo("fallback");
        assertThat(text(second, "understudy.outcome")).isEqualTo("ok");
        assertThat(text(call, "understudy.target")).isEqualTo("anthropic/claude");
        assertThat(call.getStatus().getStatusCode()).isNotEqualTo(StatusCode.ERROR);
        assertThat(call.getAttributes().get(AttributeKey.longKey("understudy.attempts")))
                .isEqualTo(2);
        assertThat(call.getEvents()).hasSize(1);
        assertThat(ended.toString()).doesNotContain("a question").doesNotContain("of the answer");
    }

    @Test
    void allSpansEndWhenTheCallerLeavesOrNoTargetAnswers() {
        FallbackChain<String, String> silent =
                chain(OpenTelemetryListener.of(telemetry), question -> new CompletableFuture<>(), answers("hi"));
        silent.callAsync("a question").cancel(true);
        loop.advance(Duration.ofMillis(10));
        assertThat(spans.getFinishedSpanItems()).hasSize(2);
        assertThat(text(spans.getFinishedSpanItems().getLast(), "understudy.outcome"))
                .isEqualTo("cancelled");

        spans.reset();
        chain(OpenTelemetryListener.of(telemetry), refuses(400), refuses(400)).callAsync("a question");
        loop.advance(Duration.ofSeconds(1));
        assertThat(spans.getFinishedSpanItems()).hasSize(3);
        assertThat(text(spans.getFinishedSpanItems().getLast(), "error.type")).isEqualTo("bad_request");
    }

    @Test
    void callsAttemptsAndCircuitsAreMeasured() {
        chain(new MicrometerListener(meters), refuses(401), answers("hi")).callAsync("a question");
        loop.advance(Duration.ofSeconds(1));

        Timer call = meters.get("understudy.call")
                .tags(
                        "understudy.target", "anthropic/claude",
                        "understudy.outcome", "ok",
                        "understudy.fallback", "true")
                .timer();
        assertThat(call.count()).isEqualTo(1);
        assertThat(call.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(100);
        assertThat(meters.get("understudy.attempt")
                        .tags("understudy.target", "openai/gpt", "understudy.outcome", "auth")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(meters.get("understudy.circuit.opened")
                        .tags("understudy.target", "openai/gpt", "understudy.outcome", "auth")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void namesOfTargetsMakeABoundedNumberOfMeters() {
        MicrometerListener listener = new MicrometerListener(meters);
        for (int i = 0; i < 5_000; i++) {
            listener.circuitOpened("p/model-" + i, FailureKind.UNKNOWN_MODEL, Duration.ofSeconds(1));
        }
        assertThat(meters.getMeters()).hasSize(1_001);
        assertThat(meters.get("understudy.circuit.opened")
                        .tag("understudy.target", "other")
                        .counter()
                        .count())
                .isEqualTo(4_000);
    }
}
