package dev.understudy.gateway.trace;

import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.TracingSettings;
import dev.understudy.calls.record.CallTrace;
import dev.understudy.calls.record.FinishedCall;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the traces of calls to a receiver of OpenTelemetry's protocol (OTLP over HTTP), by a thread of its own.
 *
 * <p>Calls never wait for it: when its queue is full because the receiver is slow or unavailable, the spans of further calls are
 * dropped and counted. The spans are made in that thread too.
 */
public final class Tracing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tracing.class);

    /** The library logs each failed request by itself; that is done here, and seldom. Kept, so that its level is. */
    private static final java.util.logging.Logger OF_LIBRARY =
            java.util.logging.Logger.getLogger("io.opentelemetry.exporter");

    /** How many calls may wait. A call takes a few hundred bytes, and some for each attempt. */
    private static final int ROOM = 4_096;

    /** How many calls one request has at most. */
    private static final int BATCH = 256;

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long BETWEEN_WARNINGS = TimeUnit.MINUTES.toNanos(1);
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final SpanExporter exporter;
    private final CallSpans spans;
    private final Sampler sampler;
    private final boolean propagate;
    private final Duration patience;
    private final BlockingQueue<Finished> waiting = new ArrayBlockingQueue<>(ROOM);
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final Thread sender;
    private volatile boolean closing;
    private long quietUntil = System.nanoTime();

    private record Finished(FinishedCall call, TracedCall trace, Instant endedAt) {}

    private Tracing(SpanExporter exporter, TracingSettings settings, UnaryOperator<String> providers) {
        this.exporter = exporter;
        this.spans = new CallSpans(resource(settings), providers);
        this.sampler = sampler(settings.sampling());
        this.propagate = settings.propagate();
        this.patience = settings.timeout().plusSeconds(1);
        this.sender = Thread.ofPlatform().name("traces").daemon().unstarted(this::sendAll);
    }

    /**
     * Traces calls as the settings say.
     *
     * @param settings with a receiver
     * @param providers the name of a configured provider in OpenTelemetry's conventions
     */
    public static Tracing of(TracingSettings settings, UnaryOperator<String> providers) {
        OF_LIBRARY.setLevel(Level.OFF);
        OtlpHttpSpanExporterBuilder builder = OtlpHttpSpanExporter.builder()
                .setEndpoint(settings.receiver().orElseThrow().toString())
                .setTimeout(settings.timeout())
                .setConnectTimeout(settings.timeout().compareTo(CONNECT) < 0 ? settings.timeout() : CONNECT)
                .setMeterProvider(MeterProvider.noop())
                .setRetryPolicy(RetryPolicy.builder().setMaxAttempts(2).build());
        settings.revealedHeaders().forEach(builder::addHeader);
        Tracing tracing = new Tracing(builder.build(), settings, providers);
        tracing.sender.start();
        return tracing;
    }

    private static Resource resource(TracingSettings settings) {
        AttributesBuilder attributes = Attributes.builder();
        settings.resource().forEach((name, value) -> attributes.put(AttributeKey.stringKey(name), value));
        return Resource.create(attributes.build());
    }

    private static Sampler sampler(TracingSettings.Sampling sampling) {
        Sampler own = Sampler.traceIdRatioBased(sampling.share());
        return sampling.asCaller() ? Sampler.parentBased(own) : own;
    }

    /**
     * A call begins: below the span of its caller, if the request names one as W3C specifies it, or in a trace of its own.
     *
     * @param headers of the request
     */
    public CallTrace begin(MultiMap headers, Api api) {
        Context context =
                W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, RequestHeaders.INSTANCE);
        SpanContext parent = Span.fromContext(context).getSpanContext();
        String traceId =
                parent.isValid() ? parent.getTraceId() : IdGenerator.random().generateTraceId();
        String operation = operation(api);
        SamplingResult sampling =
                sampler.shouldSample(context, traceId, operation, SpanKind.SERVER, Attributes.empty(), List.of());
        boolean sampled = sampling.getDecision() == SamplingDecision.RECORD_AND_SAMPLE;
        return new TracedCall(
                parent,
                SpanContext.create(
                        traceId,
                        IdGenerator.random().generateSpanId(),
                        sampled ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                        sampling.getUpdatedTraceState(parent.getTraceState())),
                operation,
                propagate);
    }

    /** The names of OpenTelemetry's conventions where they have one. */
    private static String operation(Api api) {
        return switch (api) {
            case CHAT, RESPONSES, MESSAGES, CONVERSE -> "chat";
            case COMPLETIONS -> "text_completion";
            case GEMINI, GEMINI_ARRAY -> "generate_content";
            case EMBEDDINGS, GEMINI_EMBEDDING, GEMINI_EMBEDDINGS -> "embeddings";
            case IMAGE_GENERATIONS, IMAGE_EDITS, IMAGE_VARIATIONS -> "image_generation";
            case SPEECH -> "speech";
            case TRANSCRIPTIONS, TRANSLATIONS -> "transcription";
            case MODERATIONS -> "moderation";
            case RERANK -> "rerank";
        };
    }

    /** Queues the spans of a call that has ended, unless it is not sampled or opted out of the log. Never blocks. */
    public void add(FinishedCall call) {
        call.request()
                .trace()
                .filter(trace -> !call.request().logging().quiet())
                .ifPresent(trace -> {
                    if (trace instanceof TracedCall traced
                            && traced.isSampled()
                            && !waiting.offer(new Finished(call, traced, Instant.now()))) {
                        dropped.incrementAndGet();
                    }
                });
    }

    /** The spans of how many calls were lost because the queue was full or the receiver did not accept them. */
    public long dropped() {
        return dropped.get();
    }

    /** The spans of how many calls the receiver has accepted. */
    public long sent() {
        return sent.get();
    }

    /** Sends what is queued, for some seconds at most, then ends. Blocks. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(sender);
        try {
            if (!sender.join(CLOSE)) {
                sender.interrupt();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        exporter.shutdown();
    }

    private void sendAll() {
        List<Finished> batch = new ArrayList<>(BATCH);
        boolean last;
        do {
            // Read before the queue is drained, so that every call from before close() is sent.
            last = closing;
            if (!last && waiting.isEmpty()) {
                LockSupport.parkNanos(PAUSE);
            }
            while (waiting.drainTo(batch, BATCH) > 0 && !Thread.currentThread().isInterrupted()) {
                send(batch);
                batch.clear();
            }
        } while (!last && !Thread.currentThread().isInterrupted());
        dropped.addAndGet(batch.size() + (long) waiting.size());
    }

    private void send(List<Finished> batch) {
        List<SpanData> all = new ArrayList<>(batch.size() * 3);
        batch.forEach(each -> all.addAll(spans.of(each.call(), each.trace(), each.endedAt())));
        CompletableResultCode result = exporter.export(all);
        result.join(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (result.isSuccess()) {
            sent.addAndGet(batch.size());
            return;
        }
        dropped.addAndGet(batch.size());
        long now = System.nanoTime();
        if (now - quietUntil >= 0) {
            quietUntil = now + BETWEEN_WARNINGS;
            Throwable cause = result.getFailureThrowable();
            LOG.warn(
                    "traces cannot be sent, {} calls were dropped so far: {}",
                    dropped.get(),
                    cause == null ? "the receiver did not answer in time" : cause.toString());
        }
    }

    /** The headers of a request, several of one name as one. */
    private enum RequestHeaders implements TextMapGetter<MultiMap> {
        INSTANCE;

        @Override
        public Iterable<String> keys(MultiMap headers) {
            return headers.names();
        }

        @Override
        public @org.jspecify.annotations.Nullable String get(
                @org.jspecify.annotations.Nullable MultiMap headers, String name) {
            if (headers == null) {
                return null;
            }
            List<String> values = headers.getAll(name);
            return values.isEmpty() ? null : String.join(",", values);
        }
    }
}
