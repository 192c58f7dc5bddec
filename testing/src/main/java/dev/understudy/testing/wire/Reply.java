package dev.understudy.testing.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * What a {@link ScriptedUpstream} does with one request: raw bytes, and what happens between and after them. Immutable;
 * without another ending the connection stays open for the next request.
 */
public final class Reply {

    sealed interface Step {
        /** Raw bytes to write; unchanged after {@link Reply#send(byte[])} has copied them. */
        @SuppressWarnings("ArrayRecordComponent")
        record Send(byte[] bytes) implements Step {}

        record Pause(Duration time) implements Step {}

        record Await(CountDownLatch latch) implements Step {}

        record Close() implements Step {}

        record Reset() implements Step {}

        record Hold() implements Step {}
    }

    private final List<Step> steps;

    private Reply(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /** The reply that does nothing yet. */
    public static Reply start() {
        return new Reply(List.of());
    }

    /** A complete JSON response. Header lines come without their line ends. */
    public static Reply json(int status, String body, String... headerLines) {
        StringBuilder head =
                new StringBuilder("HTTP/1.1 " + status + " Scripted\r\nContent-Type: application/json\r\n");
        for (String line : headerLines) {
            head.append(line).append("\r\n");
        }
        head.append("Content-Length: ").append(utf8(body).length).append("\r\n\r\n");
        return start().send(head + body);
    }

    /** The head of a chunked event stream. */
    public static Reply eventStream() {
        return streamOf("text/event-stream");
    }

    /** The head of a chunked stream of that content type. */
    public static Reply streamOf(String contentType) {
        return start().send(
                        "HTTP/1.1 200 OK\r\nContent-Type: " + contentType + "\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    /** Raw bytes. */
    public Reply send(byte[] bytes) {
        return then(new Step.Send(bytes.clone()));
    }

    /** Raw text, as UTF-8. */
    public Reply send(String text) {
        return send(utf8(text));
    }

    /** Another reply's steps behind these. */
    public Reply send(Reply other) {
        List<Step> more = new ArrayList<>(steps);
        more.addAll(other.steps);
        return new Reply(more);
    }

    /** One chunk of a chunked body. */
    public Reply chunk(String text) {
        return chunk(utf8(text));
    }

    /** The same, of bytes that are no text. */
    public Reply chunk(byte[] bytes) {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream(bytes.length + 16);
        chunk.writeBytes(utf8(Integer.toHexString(bytes.length) + "\r\n"));
        chunk.writeBytes(bytes);
        chunk.writeBytes(utf8("\r\n"));
        return send(chunk.toByteArray());
    }

    /** One event with this data, in a chunk of its own. */
    public Reply event(String data) {
        return chunk("data: " + data + "\n\n");
    }

    /** The end of a chunked body. */
    public Reply lastChunk() {
        return send("0\r\n\r\n");
    }

    /** Waits, or less if the peer closes. */
    public Reply pause(Duration time) {
        return then(new Step.Pause(time));
    }

    /** Waits until the test says so, or the peer closes. */
    public Reply await(CountDownLatch latch) {
        return then(new Step.Await(latch));
    }

    /** Closes in order: FIN. */
    public Reply close() {
        return then(new Step.Close());
    }

    /** Breaks off: RST. */
    public Reply reset() {
        return then(new Step.Reset());
    }

    /** Says nothing more until the peer closes. */
    public Reply hold() {
        return then(new Step.Hold());
    }

    List<Step> steps() {
        return steps;
    }

    private Reply then(Step step) {
        List<Step> more = new ArrayList<>(steps);
        more.add(step);
        return new Reply(more);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
