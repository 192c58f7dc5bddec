package dev.understudy.client.telemetry;

import dev.understudy.client.chain.CallTrail;
import dev.understudy.client.chain.ChainListener;
import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.TrailEntry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Records traces with OpenTelemetry: one span for each call, below the caller's current span, and below it one for each attempt, with
 * the attributes of the semantic conventions for generative AI. Spans have nothing of the conversation.
 *
 * <pre>{@code
 * Understudy.builder().listener(OpenTelemetryListener.of(openTelemetry))…
 * }</pre>
 *
 * <p>A fallback is an event of the call's span.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/">Semantic conventions for generative AI</a>
 */
public final class OpenTelemetryListener implements ChainListener {
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("gen_ai.operation.name");
    private static final AttributeKey<String> PROVIDER = AttributeKey.stringKey("gen_ai.provider.name");
    private static final AttributeKey<String> MODEL = AttributeKey.stringKey("gen_ai.request.model");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> TARGET = AttributeKey.stringKey("understudy.target");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("understudy.outcome");
    private static final AttributeKey<String> KIND = AttributeKey.stringKey("understudy.attempt.kind");
    private static final AttributeKey<Long> NUMBER = AttributeKey.longKey("understudy.attempt.number");
    private static final AttributeKey<Long> ATTEMPTS = AttributeKey.longKey("understudy.attempts");

    private static final String CHAT = "chat";

    private final Tracer tracer;

    private OpenTelemetryListener(Tracer tracer) {
        this.tracer = tracer;
    }

    /** With the tracer {@code dev.understudy}. */
    public static OpenTelemetryListener of(OpenTelemetry telemetry) {
        return new OpenTelemetryListener(telemetry.getTracer("dev.understudy"));
    }

    @Override
    public ChainListener forCall() {
        return new CallSpans(tracer);
    }

    private static final class CallSpans implements ChainListener {
        private final Tracer tracer;
        private final Span call;
        private final Context context;
        private final Map<Integer, Span> running = new HashMap<>(2);
        private boolean named;

        private CallSpans(Tracer tracer) {
            this.tracer = tracer;
            Context ofCaller = Context.current();
            this.call = tracer.spanBuilder(CHAT)
                    .setParent(ofCaller)
                    .setAttribute(OPERATION, CHAT)
                    .startSpan();
            this.context = ofCaller.with(call);
        }

        @Override
        public void attemptStarted(String target, int number, AttemptKind kind) {
            String model = modelOf(target);
            if (!named) {
                named = true;
                call.updateName(CHAT + " " + model);
                call.setAttribute(MODEL, model);
            }
            running.put(
                    number,
                    tracer.spanBuilder(CHAT + " " + model)
                            .setParent(context)
                            .setSpanKind(SpanKind.CLIENT)
                            .setAttribute(OPERATION, CHAT)
                            .setAttribute(PROVIDER, providerOf(target))
                            .setAttribute(MODEL, model)
                            .setAttribute(TARGET, target)
                            .setAttribute(NUMBER, (long) number)
                            .setAttribute(KIND, kind.wireName())
                            .startSpan());
        }

        @Override
        public void attemptEnded(TrailEntry attempt) {
            Optional.ofNullable(running.remove(attempt.attempt())).ifPresent(span -> {
                span.setAttribute(OUTCOME, attempt.outcome());
                attempt.failure().ifPresent(failure -> failed(span, failure));
                span.end();
            });
        }

        private static void failed(Span span, Failure failure) {
            if (failure.status() > 0) {
                span.setAttribute(STATUS, (long) failure.status());
            }
            failed(span, failure.kind());
        }

        private static void failed(Span span, FailureKind kind) {
            span.setAttribute(ERROR, kind.wireName());
            span.setStatus(StatusCode.ERROR);
        }

        @Override
        public void fallback(String from, String to, Optional<Failure> because) {
            call.addEvent("fallback from " + from + " to " + to);
        }

        @Override
        public void callAnswered(String target, CallTrail trail, Duration duration) {
            call.setAttribute(TARGET, target);
            call.setAttribute(OUTCOME, "ok");
            end(trail);
        }

        @Override
        public void callFailed(FailureKind kind, CallTrail trail, Duration duration) {
            call.setAttribute(OUTCOME, kind.wireName());
            if (kind != FailureKind.CANCELLED) {
                failed(call, kind);
            }
            end(trail);
        }

        private void end(CallTrail trail) {
            call.setAttribute(ATTEMPTS, (long) trail.attempts().size());
            running.values().forEach(Span::end);
            running.clear();
            call.end();
        }
    }

    /** What stands before the slash; a target of a chain of objects may have none. */
    private static String providerOf(String target) {
        int slash = target.indexOf('/');
        return slash < 0 ? target : target.substring(0, slash);
    }

    private static String modelOf(String target) {
        return target.substring(target.indexOf('/') + 1);
    }
}
