package dev.understudy.gateway.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.understudy.calls.record.FinishedCall;
import dev.understudy.engine.TrailEntry;
import dev.understudy.protocol.model.ModelPrice;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access log: one line of JSON per call, written by a thread of its own.
 *
 * <p>Calls never wait for the log: when its queue is full, lines are dropped and counted.
 */
public final class AccessLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final int ROOM = 8_192;
    /** Lines are written in batches: a wake-up per call would cost more than everything else that is done here per call. */
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

    /** After so many lines the processor is offered to others: an event loop would wait some milliseconds for the end of a batch. */
    private static final int PORTION = 16;

    private static final SerializableString LINE_END = new SerializedString("\n");

    private final BlockingQueue<Line> waiting = new ArrayBlockingQueue<>(ROOM);
    private final AtomicLong dropped = new AtomicLong();
    private final OutputStream out;
    private final JsonFactory json =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    private final Thread writer;
    private volatile boolean closing;

    private record Line(Instant at, FinishedCall call) {}

    private AccessLog(OutputStream out) {
        this.out = out;
        this.writer = Thread.ofPlatform().name("access-log").daemon().unstarted(this::writeAll);
    }

    /** A log that writes to a stream, usually the standard output. */
    public static AccessLog to(OutputStream out) {
        AccessLog log = new AccessLog(out);
        log.writer.start();
        return log;
    }

    /** Queues the line of a call, unless the call opted out of the log. Never blocks. */
    public void write(FinishedCall call) {
        if (!call.request().logging().quiet() && !waiting.offer(new Line(Instant.now(), call))) {
            dropped.incrementAndGet();
        }
    }

    /** How many lines were lost because the queue was full or the stream could not be written. */
    public long dropped() {
        return dropped.get();
    }

    /** Writes the lines that are queued, then ends. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(writer);
        try {
            writer.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeAll() {
        List<Line> batch = new ArrayList<>();
        boolean last;
        do {
            // Read before the queue is drained, so that every line from before close() is written.
            last = closing;
            if (!last) {
                LockSupport.parkNanos(PAUSE);
            }
            waiting.drainTo(batch);
            if (!batch.isEmpty()) {
                write(batch);
                batch.clear();
            }
        } while (!last);
    }

    @SuppressWarnings("ThreadPriorityCheck") // Nothing is wrong if Thread.yield has no effect.
    private void write(List<Line> batch) {
        try (JsonGenerator to = json.createGenerator(out)) {
            to.setRootValueSeparator(LINE_END);
            int written = 0;
            for (Line line : batch) {
                write(to, line);
                if (++written % PORTION == 0) {
                    Thread.yield();
                }
            }
            to.writeRaw(LINE_END);
        } catch (IOException broken) {
            if (dropped.getAndAdd(batch.size()) == 0) {
                LOG.error("the access log cannot be written", broken);
            }
        }
    }

    private static void write(JsonGenerator to, Line line) throws IOException {
        FinishedCall.Request request = line.call().request();
        FinishedCall.Outcome outcome = line.call().outcome();
        FinishedCall.Measurements measurements = line.call().measurements();
        to.writeStartObject();
        to.writeStringField("at", line.at().toString());
        to.writeStringField("call", request.id());
        writeIfSet(to, "caller", request.caller());
        to.writeStringField("model", request.model());
        writeIfSet(to, "vocabulary", request.vocabulary());
        to.writeBooleanField("stream", request.streaming());
        to.writeStringField("ending", outcome.ending().wireName());
        to.writeNumberField("status", outcome.status());
        writeIfSet(to, "target", outcome.answeredBy());
        to.writeNumberField("ms", TimeUnit.NANOSECONDS.toMillis(measurements.duration()));
        if (measurements.firstContent().isPresent()) {
            to.writeNumberField(
                    "first_content_ms",
                    TimeUnit.NANOSECONDS.toMillis(measurements.firstContent().getAsLong()));
        }
        writeUsage(to, measurements);
        if (request.trace().isPresent()) {
            to.writeStringField("trace_id", request.trace().get().traceId());
            to.writeStringField("span_id", request.trace().get().spanId());
        }
        writeIfSet(to, "customer", request.logging().customer());
        if (!request.logging().tags().isEmpty()) {
            to.writeArrayFieldStart("tags");
            for (String tag : request.logging().tags()) {
                to.writeString(tag);
            }
            to.writeEndArray();
        }
        writeTrail(to, outcome.trail());
        to.writeEndObject();
    }

    private static void writeUsage(JsonGenerator to, FinishedCall.Measurements measurements) throws IOException {
        OptionalLong prompt = measurements.usage().promptTokens();
        if (prompt.isPresent()) {
            to.writeNumberField("prompt_tokens", prompt.getAsLong());
        }
        OptionalLong completion = measurements.usage().completionTokens();
        if (completion.isPresent()) {
            to.writeNumberField("completion_tokens", completion.getAsLong());
        }
        OptionalLong cost = measurements.cost();
        if (cost.isPresent()) {
            // Not as a number of Jackson's, which might have an exponent.
            to.writeFieldName("cost_usd");
            to.writeRawValue(ModelPrice.dollars(cost.getAsLong()).toPlainString());
        }
    }

    private static void writeTrail(JsonGenerator to, List<TrailEntry> trail) throws IOException {
        to.writeArrayFieldStart("trail");
        for (TrailEntry entry : trail) {
            to.writeStartObject();
            to.writeStringField("target", entry.target());
            to.writeStringField("outcome", entry.outcome());
            writeIfSet(to, "reason", entry.reason());
            if (entry.isAttempt()) {
                to.writeStringField("kind", entry.attemptKind().wireName());
                if (!entry.attemptKind().isAlone()) {
                    to.writeStringField("manner", entry.attemptKind().manner());
                }
                to.writeNumberField("ms", TimeUnit.NANOSECONDS.toMillis(entry.duration()));
                writeIfSet(to, "drill", entry.drill());
            }
            if (entry.choice().isPresent()) {
                to.writeStringField("group", entry.choice().get().group());
                writeIfSet(to, "chosen", entry.choice().get().reason());
            }
            if (entry.failure().isPresent() && entry.failure().get().status() > 0) {
                to.writeNumberField("status", entry.failure().get().status());
            }
            to.writeEndObject();
        }
        to.writeEndArray();
    }

    private static void writeIfSet(JsonGenerator to, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            to.writeStringField(name, value);
        }
    }
}
