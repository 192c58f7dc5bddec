package dev.understudy.gateway.downstream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;

/**
 * The response to the caller, and whether the caller is still connected.
 *
 * <p>Writes after the caller has disconnected do nothing, because the engine may not have received that signal yet.
 */
public final class CallerResponse {
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");
    private static final CharSequence NO_BUFFERING = HttpHeaders.createOptimized("x-accel-buffering");

    private final HttpServerResponse response;
    private final Optional<StreamEnvelope> envelope;
    private boolean disconnected;
    private boolean streamBegan;
    /** When something was last written to the caller. */
    private long lastWrite = System.nanoTime();

    /**
     * @param form how the caller's path has answers
     * @param onLeft called once, when the caller disconnects before the response has ended
     */
    public CallerResponse(HttpServerRequest request, AnswerForm form, Runnable onLeft) {
        this.response = request.response();
        this.envelope = form.stream();
        Runnable leave = () -> {
            if (!disconnected && !response.ended()) {
                disconnected = true;
                onLeft.run();
            }
        };
        // HTTP/1 reports a closed connection to the first handler, HTTP/2 a reset stream to the others.
        response.closeHandler(closed -> leave.run());
        response.exceptionHandler(broken -> leave.run());
        request.exceptionHandler(broken -> leave.run());
    }

    /** Sets a response header. */
    public void header(CharSequence name, CharSequence value) {
        response.headers().set(name, value);
    }

    /** Sends a whole response. */
    public void answer(int status, CharSequence contentType, Buffer body) {
        if (!disconnected) {
            response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, contentType);
            response.end(body);
        }
    }

    /** Whether the response headers of a stream are sent, or will be with the next bytes: the status is 200. */
    public boolean streamBegan() {
        return streamBegan;
    }

    /** Sets the response headers of a stream, which are sent with the first bytes. From here on the status is 200. */
    public void beginStream(CharSequence contentType) {
        streamBegan = true;
        if (!disconnected) {
            response.putHeader(
                            HttpHeaders.CONTENT_TYPE,
                            envelope.map(StreamEnvelope::contentType).orElse(contentType))
                    .putHeader(HttpHeaders.CACHE_CONTROL, NO_CACHE)
                    .putHeader(NO_BUFFERING, "no")
                    .setChunked(true);
        }
    }

    /**
     * Sends a keep-alive to the caller's client and the proxies before it.
     *
     * @param sign bytes that clients of the caller's dialect ignore; empty if the dialect has none, so that only the response
     *     headers are sent
     */
    public void keepAlive(byte[] sign) {
        lastWrite = System.nanoTime();
        if (disconnected || response.ended() || response.writeQueueFull()) {
            return;
        }
        Buffer bytes = wrapped(Buffer.buffer(sign));
        if (bytes.length() > 0) {
            response.write(bytes);
        } else if (!response.headWritten()) {
            response.writeHead();
        }
    }

    /** When something was last written, by {@link System#nanoTime()}. */
    public long lastWrite() {
        return lastWrite;
    }

    /** Writes more of a stream. Does nothing once it has ended, which an attempt that was just cancelled may not know yet. */
    public void write(Buffer bytes) {
        if (!disconnected && !response.ended()) {
            lastWrite = System.nanoTime();
            response.write(wrapped(bytes));
        }
    }

    private Buffer wrapped(Buffer bytes) {
        return envelope.isPresent() ? envelope.get().wrap(bytes) : bytes;
    }

    /** Writes the last bytes of a stream and ends the response. */
    public void endStream(Buffer last) {
        if (!disconnected) {
            Buffer bytes = wrapped(last);
            response.end(
                    envelope.isPresent() ? bytes.appendBuffer(envelope.get().ending()) : bytes);
        }
    }

    /** Whether the write queue is full: the caller reads more slowly than the answer arrives. */
    public boolean isFull() {
        return !disconnected && response.writeQueueFull();
    }

    /** Calls {@code action} when the write queue has room again. */
    public void onDrained(Runnable action) {
        response.drainHandler(drained -> action.run());
    }
}
