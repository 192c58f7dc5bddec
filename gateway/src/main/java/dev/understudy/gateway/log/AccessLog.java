package dev.understudy.gateway.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.engine.TrailEntry;
import dev.understudy.gateway.call.FinishedCall;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One line of JSON per call, written by a thread of its own.
 *
 * <p>Calls never wait for it: a full queue drops lines and counts them.
 */
public final class AccessLog implements AutoCloseable {
    private static final int ROOM = 8_192;
    private static final int BUFFER = 64 * 1024;

    private final BlockingQueue<Line> waiting = new ArrayBlockingQueue<>(ROOM);
    private final AtomicLong dropped = new AtomicLong();
    private final PrintStream out;
    private final JsonFactory json = new JsonFactory();
    private final Thread writer;
    private volatile boolean closing;

    private record Line(Instant at, FinishedCall call) {}

    private AccessLog(PrintStream out) {
        this.out = out;
        this.writer = Thread.ofPlatform().name("access-log").daemon().unstarted(this::writeAll);
    }

    /** A log that writes to a stream, usually the standard output; what it buffers is flushed whenever no line waits. */
    public static AccessLog to(OutputStream out) {
        AccessLog log =
                new AccessLog(new PrintStream(new BufferedOutputStream(out, BUFFER), false, StandardCharsets.UTF_8));
        log.writer.start();
        return log;
    }

    /** Takes note of a call, unless it asked for silence. Never blocks. */
    public void write(FinishedCall call) {
        if (!call.quiet() && !waiting.offer(new Line(Instant.now(), call))) {
            dropped.incrementAndGet();
        }
    }

    /** How many lines were lost because they came faster than they could be written. */
    public long dropped() {
        return dropped.get();
    }

    /** Writes what is waiting and ends. */
    @Override
    public void close() {
        closing = true;
        writer.interrupt();
        try {
            writer.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeAll() {
        while (!closing || !waiting.isEmpty()) {
            try {
                Line line = closing ? waiting.poll() : waiting.take();
                if (line != null) {
                    out.println(format(line));
                }
                if (waiting.isEmpty()) {
                    // Lines that come in a rush are written together.
                    out.flush();
                }
            } catch (InterruptedException closed) {
                // close() interrupts the wait; what is in the queue is still written.
                closing = true;
            }
        }
        out.flush();
    }

    private String format(Line line) {
        FinishedCall call = line.call();
        StringWriter text = new StringWriter(512);
        try (JsonGenerator to = json.createGenerator(text)) {
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
        } catch (IOException impossible) {
            throw new IllegalStateException("a string cannot fail to be written to", impossible);
        }
        return text.toString();
    }

    private static void writeTrail(JsonGenerator to, FinishedCall call) throws IOException {
        to.writeArrayFieldStart("trail");
        for (TrailEntry entry : call.trail()) {
            to.writeStartObject();
            to.writeStringField("target", entry.target());
            to.writeStringField("outcome", entry.outcome());
            writeIfSaid(to, "reason", entry.reason());
            if (entry.isAttempt()) {
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
