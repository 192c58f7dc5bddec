package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.gateway.wire.TraceReceiver;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces of calls, as a strict receiver gets them; and what a receiver that fails does to calls, which is nothing. */
@Timeout(60)
class TracingTest {
    private static final String MODELS = "models: {m: {targets: [one/a, two/b]}}\n";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLERS_SPAN = "b7ad6b7169203331";
    private static final String SECRET = "the secret of the prompt";

    private final TraceReceiver receiver = TraceReceiver.start();

    private GatewayFixture gateway(String rest) {
        return GatewayFixture.start(rest + "\ntracing: {endpoint: " + receiver.endpoint() + "}\n");
    }

    private static Map<String, String> attributes(Span span) {
        return TraceReceiver.attributes(span.getAttributesList());
    }

    private static Span attempt(List<Span> spans, int number) {
        return spans.stream()
                .filter(span -> Integer.toString(number).equals(attributes(span).get("understudy.attempt.number")))
                .findFirst()
                .orElseThrow();
    }

    private static Optional<String> header(ReceivedRequest request, String name) {
        return request.head()
                .lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    @Test
    void callWithAFallbackIsASpanWithOneBelowItForEachAttempt() {
        try (receiver;
                GatewayFixture gateway = gateway(MODELS)) {
            gateway.one().answerAlways(Chats.refused(503));
            gateway.two().answerAlways(Chats.answered("hi"));

            RawAnswer answer = gateway.chat(Chats.ask("m", "\"user\":\"" + SECRET + "\""));

            List<Span> spans = receiver.spans(4);
            Span call = receiver.calls(1).getFirst();
            assertThat(call.getName()).isEqualTo("chat m");
            assertThat(call.getParentSpanId().isEmpty()).isTrue();
            assertThat(attributes(call))
                    .containsEntry("gen_ai.operation.name", "chat")
                    .containsEntry("gen_ai.request.model", "m")
                    .containsEntry("gen_ai.response.model", "real")
                    .containsEntry("gen_ai.response.finish_reasons", "[stop]")
                    .containsEntry("http.response.status_code", "200")
                    .containsEntry("understudy.target", "two/b")
                    .containsEntry("understudy.outcome", "ok")
                    .containsEntry("understudy.ending", "answered")
                    .containsEntry("understudy.attempts", "3")
                    .containsEntry(
                            "understudy.call.id",
                            answer.header("understudy-call-id").orElseThrow())
                    .doesNotContainKey("gen_ai.usage.input_tokens");
            Span failed = attempt(spans, 1);
            assertThat(failed.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
            assertThat(failed.getParentSpanId()).isEqualTo(call.getSpanId());
            assertThat(failed.getTraceId()).isEqualTo(call.getTraceId());
            assertThat(attributes(failed))
                    .containsEntry("understudy.target", "one/a")
                    .containsEntry("understudy.attempt.kind", "primary")
                    .containsEntry("error.type", "server_error")
                    .containsEntry("http.response.status_code", "503");
            assertThat(attributes(attempt(spans, 2))).containsEntry("understudy.attempt.kind", "retry");
            assertThat(attributes(attempt(spans, 3)))
                    .containsEntry("gen_ai.provider.name", "two")
                    .containsEntry("gen_ai.request.model", "b")
                    .containsEntry("gen_ai.response.model", "real")
                    .containsEntry("gen_ai.usage.input_tokens", "3")
                    .containsEntry("gen_ai.usage.output_tokens", "2")
                    .containsEntry("understudy.attempt.kind", "fallback")
                    .containsEntry("understudy.outcome", "ok")
                    .doesNotContainKey("error.type");
            assertThat(receiver.resource()).containsEntry("service.name", "understudy");
            assertThat(spans.toString()).doesNotContain(SECRET).doesNotContain("scripted 503");
        }
    }

    @Test
    void contextOfTheCallerIsContinuedUpstreamByTheSpanOfEachAttempt() {
        try (receiver;
                GatewayFixture gateway = gateway(MODELS)) {
            gateway.one().answerAlways(Chats.refused(404));
            gateway.two().answerAlways(Chats.answered("hi"));

            gateway.chat(
                    Chats.ask("m"),
                    "traceparent: 00-" + TRACE + "-" + CALLERS_SPAN + "-01",
                    "tracestate: vendor=1",
                    "tracestate: other=2");

            List<Span> spans = receiver.spans(3);
            Span call = receiver.calls(1).getFirst();
            assertThat(TraceReceiver.hex(call.getTraceId())).isEqualTo(TRACE);
            assertThat(TraceReceiver.hex(call.getParentSpanId())).isEqualTo(CALLERS_SPAN);
            assertThat(call.getTraceState()).isEqualTo("vendor=1,other=2");
            ReceivedRequest first = gateway.one().take();
            ReceivedRequest second = gateway.two().take();
            assertThat(header(first, "traceparent"))
                    .contains("00-" + TRACE + "-"
                            + TraceReceiver.hex(attempt(spans, 1).getSpanId()) + "-01");
            assertThat(header(second, "traceparent"))
                    .contains("00-" + TRACE + "-"
                            + TraceReceiver.hex(attempt(spans, 2).getSpanId()) + "-01");
            assertThat(header(second, "tracestate")).contains("vendor=1,other=2");
            JsonNode line = ErrorBody.object(ErrorBody.parsed(gateway.log(1).getFirst()));
            assertThat(ErrorBody.text(line, "trace_id")).isEqualTo(TRACE);
            assertThat(ErrorBody.text(line, "span_id")).isEqualTo(TraceReceiver.hex(call.getSpanId()));
        }
    }

    /** Translated requests have no header of the caller's API, but the context. */
    @Test
    void contextReachesTargetsOfAnotherDialect() {
        try (receiver;
                GatewayFixture gateway = gateway("models: {m: {targets: [one/a]}}\n")) {
            gateway.one().answerAlways(Chats.answered("hi"));
            try (RawCaller caller = gateway.caller()) {
                caller.post(
                                "/v1/messages",
                                "{\"model\":\"m\",\"max_tokens\":9," + Chats.MESSAGES + "}",
                                "traceparent: 00-" + TRACE + "-" + CALLERS_SPAN + "-01")
                        .readAnswer();
            }
            assertThat(header(gateway.one().take(), "traceparent"))
                    .hasValueSatisfying(
                            value -> assertThat(value).startsWith("00-" + TRACE).endsWith("-01"));
            assertThat(receiver.calls(1)).hasSize(1);
        }
    }

    @Test
    void callerThatDoesNotSampleIsFollowed() {
        try (receiver;
                GatewayFixture gateway = gateway("models: {m: {targets: [one/a]}}\n")) {
            gateway.one().answerAlways(Chats.answered("hi"));

            gateway.chat(Chats.ask("m"), "traceparent: 00-" + TRACE + "-" + CALLERS_SPAN + "-00");
            gateway.chat(Chats.ask("m"));

            assertThat(header(gateway.one().take(), "traceparent"))
                    .hasValueSatisfying(
                            value -> assertThat(value).startsWith("00-" + TRACE).endsWith("-00"));
            // The spans of the second call come alone.
            assertThat(receiver.calls(1))
                    .singleElement()
                    .satisfies(call ->
                            assertThat(TraceReceiver.hex(call.getTraceId())).isNotEqualTo(TRACE));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            })
    void invalidContextBeginsATraceOfItsOwn(String traceparent) {
        try (receiver;
                GatewayFixture gateway = gateway("models: {m: {targets: [one/a]}}\n")) {
            gateway.one().answerAlways(Chats.answered("hi"));

            assertThat(gateway.chat(Chats.ask("m"), "traceparent: " + traceparent)
                            .status())
                    .isEqualTo(200);

            Span call = receiver.calls(1).getFirst();
            assertThat(call.getParentSpanId().isEmpty()).isTrue();
            assertThat(TraceReceiver.hex(call.getTraceId())).isNotEqualTo(TRACE);
        }
    }

    @Test
    void continuedStreamHasItsCommitAndItsSeamAsEvents() {
        try (receiver;
                GatewayFixture gateway = gateway("defaults: {retry: {attempts: 0}}\n" + MODELS)) {
            gateway.one()
                    .answerAlways(Reply.eventStream()
                            .chunk(Chats.event(Chats.content("Hel")))
                            .close());
            gateway.two().answerAlways(Chats.streamed());

            gateway.chat(Chats.askStream("m"));

            List<Span> spans = receiver.spans(3);
            assertThat(receiver.calls(1).getFirst().getEventsList())
                    .extracting(
                            Span.Event::getName,
                            event -> TraceReceiver.attributes(event.getAttributesList())
                                    .get("understudy.target"))
                    .containsExactly(tuple("understudy.commit", "one/a"), tuple("understudy.seam", "two/b"));
            assertThat(attributes(attempt(spans, 2))).containsEntry("understudy.attempt.kind", "continuation");
        }
    }

    @Test
    void hedgesAndSkipsAreEvents() {
        try (receiver;
                GatewayFixture gateway =
                        gateway("models: {m: {targets: [one/a, two/b, three/c], timeouts: {first-token: 50ms}}}\n")) {
            gateway.one().answerAlways(Reply.start().hold());
            gateway.two().answerAlways(Chats.streamed());

            gateway.chat(Chats.askStream("m", "\"provider\":{\"ignore\":[\"three\"]}"));

            List<Span> spans = receiver.spans(3);
            Span call = receiver.calls(1).getFirst();
            assertThat(call.getEventsList()).extracting(Span.Event::getName).contains("understudy.hedge");
            Span.Event skip = call.getEventsList().stream()
                    .filter(event -> event.getName().equals("understudy.skip"))
                    .findFirst()
                    .orElseThrow();
            assertThat(TraceReceiver.attributes(skip.getAttributesList()))
                    .containsEntry("understudy.target", "three/c")
                    .containsKey("understudy.reason");
            assertThat(attributes(attempt(spans, 1)))
                    .containsEntry("understudy.outcome", "cancelled")
                    .doesNotContainKey("error.type");
        }
    }

    @Test
    void failedCallHasTheKindOfItsFailure() {
        try (receiver;
                GatewayFixture gateway = gateway("models: {m: {targets: [one/a]}}\n")) {
            gateway.one().answerAlways(Chats.refused(401));
            gateway.chat(Chats.ask("m"));
            assertThat(attributes(receiver.calls(1).getFirst()))
                    .containsEntry("error.type", "auth")
                    .containsEntry("understudy.outcome", "auth")
                    .containsEntry("understudy.ending", "failed");
        }
    }

    @Test
    void shareOfNothingRecordsNothingButPassesTheContextOn() {
        try (receiver;
                GatewayFixture gateway = GatewayFixture.start("models: {m: {targets: [one/a]}}\ntracing: {endpoint: "
                        + receiver.endpoint() + ", sample: 0%}\n")) {
            gateway.one().answerAlways(Chats.answered("hi"));
            gateway.chat(Chats.ask("m"));
            gateway.chat(Chats.ask("m"), "traceparent: 00-" + TRACE + "-" + CALLERS_SPAN + "-01");
            assertThat(header(gateway.one().take(), "traceparent"))
                    .hasValueSatisfying(value -> assertThat(value).endsWith("-00"));
            assertThat(receiver.calls(1))
                    .singleElement()
                    .satisfies(call ->
                            assertThat(TraceReceiver.hex(call.getTraceId())).isEqualTo(TRACE));
        }
    }

    @Test
    void variablesOfOpenTelemetryAndHeadersAreUsed() {
        try (receiver;
                GatewayFixture gateway = GatewayFixture.startWith(
                        "server: {port: 0, drain: 0s}\nproviders: {one: {base-url: \"${ONE}\", api-key: k}}\n",
                        Map.of(
                                "OTEL_EXPORTER_OTLP_ENDPOINT",
                                receiver.endpoint(),
                                "OTEL_EXPORTER_OTLP_HEADERS",
                                "authorization=Bearer%20secret-of-the-receiver",
                                "OTEL_SERVICE_NAME",
                                "gateway-7",
                                "OTEL_RESOURCE_ATTRIBUTES",
                                "deployment.environment.name=test"))) {
            gateway.one().answerAlways(Chats.answered("hi"));
            gateway.chat(Chats.ask("one/a"));
            assertThat(receiver.calls(1)).hasSize(1);
            assertThat(receiver.headers().getFirst().get("Authorization"))
                    .containsExactly("Bearer secret-of-the-receiver");
            assertThat(receiver.resource())
                    .containsEntry("service.name", "gateway-7")
                    .containsEntry("deployment.environment.name", "test");
        }
    }

    @Test
    void withoutTracingNoHeaderIsSentAndNoIdIsLogged() {
        try (receiver;
                GatewayFixture gateway = GatewayFixture.start("models: {m: {targets: [one/a]}}\n")) {
            gateway.one().answerAlways(Chats.answered("hi"));
            gateway.chat(Chats.ask("m"), "traceparent: 00-" + TRACE + "-" + CALLERS_SPAN + "-01");
            assertThat(header(gateway.one().take(), "traceparent")).isEmpty();
            assertThat(gateway.log(1).getFirst()).doesNotContain("trace_id");
        }
    }

    @Test
    void contextStaysHereIfItShall() {
        try (receiver;
                GatewayFixture gateway = GatewayFixture.start("models: {m: {targets: [one/a]}}\ntracing: {endpoint: "
                        + receiver.endpoint() + ", propagate: off}\n")) {
            gateway.one().answerAlways(Chats.answered("hi"));
            gateway.chat(Chats.ask("m"));
            assertThat(header(gateway.one().take(), "traceparent")).isEmpty();
            assertThat(receiver.calls(1)).hasSize(1);
        }
    }

    /** What was queued is sent before the gateway has stopped. */
    @Test
    void lastCallsAreSentWhenTheGatewayStops() {
        try (receiver) {
            try (GatewayFixture gateway = gateway("models: {m: {targets: [one/a]}}\n")) {
                gateway.one().answerAlways(Chats.answered("hi"));
                for (int i = 0; i < 20; i++) {
                    gateway.chat(Chats.ask("m"));
                }
            }
            assertThat(receiver.calls(20)).hasSize(20);
        }
    }

    /** Calls are answered as ever, and the spans that are lost are counted. */
    @ParameterizedTest
    @CsvSource({"refusing", "stalled", "absent"})
    void receiverThatFailsHarmsNoCall(String how) {
        try (receiver;
                ScriptedUpstream stalled = ScriptedUpstream.start()) {
            stalled.answerAlways(Reply.start().hold());
            receiver.answer(503);
            String endpoint = switch (how) {
                case "refusing" -> receiver.endpoint();
                case "stalled" -> "http://127.0.0.1:" + stalled.port();
                default -> "http://127.0.0.1:" + ScriptedUpstream.unusedPort();
            };
            try (GatewayFixture gateway = GatewayFixture.start(
                    "models: {m: {targets: [one/a]}}\ntracing: {endpoint: \"" + endpoint + "\", timeout: 100ms}\n")) {
                gateway.one().answerAlways(Chats.answered("hi"));
                long started = System.nanoTime();
                for (int i = 0; i < 10; i++) {
                    assertThat(gateway.chat(Chats.ask("m")).status()).isEqualTo(200);
                }
                assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
                String metrics = metrics(gateway);
                while (Fields.sample(metrics, "understudy_traces_dropped") < 10) {
                    metrics = metrics(gateway);
                }
                assertThat(Fields.sample(metrics, "understudy_traces_dropped")).isEqualTo(10);
                assertThat(Fields.sample(metrics, "understudy_traces_sent")).isZero();
            }
        }
    }

    private static String metrics(GatewayFixture gateway) {
        try (RawCaller caller = gateway.caller()) {
            return caller.get("/metrics").readAnswer().body();
        }
    }
}
