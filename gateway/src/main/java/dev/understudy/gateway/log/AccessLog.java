package dev.understudy.gateway.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.understudy.engine.TrailEntry;
import dev.understudy.gateway.call.FinishedCall;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line of JSON per call, written by a thread of its own.
 *
 * <p>Calls never wait for it: a full queue drops lines and counts them.
 */
public final class AccessLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final int ROOM = 8_192;
    /** Lines are written together: a wake-up for each call would cost more than all else that is done for it here. */
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

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

    /** Takes note of a call, unless it asked for silence. Never blocks. */
    public void write(FinishedCall call) {
        if (!call.quiet() && !waiting.offer(new Line(Instant.now(), call))) {
            dropped.incrementAndGet();
        }
    }

    /** How many lines were lost because they came faster than they could be written, or could not be written at all. */
    public long dropped() {
        return dropped.get();
    }

    /** Writes what is waiting and ends. */
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
            // Looked at before the queue is emptied, so that everything from before the closing is written.
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

    private void write(List<Line> batch) {
        try (JsonGenerator to = json.createGenerator(out)) {
            to.setRootValueSeparator(LINE_END);
            for (Line line : batch) {
                write(to, line);
            }
            to.writeRaw(LINE_END);
        } catch (IOException broken) {
            if (dropped.getAndAdd(batch.size()) == 0) {
                LOG.error("the access log cannot be written", broken);
            }
        }
    }

    private static void write(JsonGenerator to, Line line) throws IOException {
        FinishedCall call = line.call();
        to.writeStartObject();
        to.writeStringField("at", line.at().toString());
        to.writeStringField("call", call.id());
        writeIfSaid(to, "caller", call.caller());
        to.writeStringField("model", call.model());
        writeIfSaid(to, "vocabulary", call.vocabulary());
        to.writeBooleanField("stream", call.streaming());
        to.writeStringField("ending", call.ending().wireName());
        to.writeNumberField("status", call.status());
        writeIfSaid(to, "target", call.answeredBy());
        to.writeNumberField("ms", TimeUnit.NANOSECONDS.toMillis(call.duration()));
        if (call.firstContent().isPresent()) {
            to.writeNumberField(
                    "first_content_ms",
                    TimeUnit.NANOSECONDS.toMillis(call.firstContent().getAsLong()));
        }
        if (call.promptTokens().isPresent()) {
            to.writeNumberField("prompt_tokens", call.promptTokens().getAsLong());
        }
        if (call.completionTokens().isPresent()) {
            to.writeNumberField("completion_tokens", call.completionTokens().getAsLong());
        }
        writeIfSaid(to, "customer", call.customer());
        if (!call.tags().isEmpty()) {
            to.writeArrayFieldStart("tags");
            for (String tag : call.tags()) {
                to.writeString(tag);
            }
            to.writeEndArray();
        }
        writeTrail(to, call);
        to.writeEndObject();
    }

    private static void writeTrail(JsonGenerator to, FinishedCall call) throws IOException {
        to.writeArrayFieldStart("trail");
        for (TrailEntry entry : call.trail()) {
            to.writeStartObject();
            to.writeStringField("target", entry.target());
            to.writeStringField("outcome", entry.outcome());
            writeIfSaid(to, "reason", entry.reason());
            if (entry.isAttempt()) {
                to.writeStringField("kind", entry.attemptKind().wireName());
                if (!entry.attemptKind().isAlone()) {
                    to.writeStringField("manner", entry.attemptKind().manner());
                }
                to.writeNumberField("ms", TimeUnit.NANOSECONDS.toMillis(entry.duration()));
            }
            if (entry.failure().isPresent() && entry.failure().get().status() > 0) {
                to.writeNumberField("status", entry.failure().get().status());
            }
            to.writeEndObject();
        }
        to.writeEndArray();
    }

    private static void writeIfSaid(JsonGenerator to, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            to.writeStringField(name, value);
        }
    }
}
