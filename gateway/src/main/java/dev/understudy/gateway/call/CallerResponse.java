package dev.understudy.gateway.call;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * The caller's side of a call: what it is told, and whether it is still there.
 *
 * <p>Writing to a caller who has left is quietly nothing, since the news of it may still be on its way.
 */
final class CallerResponse {
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");
    private static final CharSequence NO_BUFFERING = HttpHeaders.createOptimized("x-accel-buffering");

    private final HttpServerResponse response;
    private boolean gone;
    private boolean streamBegan;
    /** When something was last written to the caller. */
    private long lastWrite = System.nanoTime();

    CallerResponse(HttpServerRequest request, Runnable onLeft) {
        this.response = request.response();
        Runnable leave = () -> {
            if (!gone && !response.ended()) {
                gone = true;
                onLeft.run();
            }
        };
        // HTTP/1 tells of a closed connection by the one, HTTP/2 of a reset stream by the others.
        response.closeHandler(closed -> leave.run());
        response.exceptionHandler(broken -> leave.run());
        request.exceptionHandler(broken -> leave.run());
    }

    void header(CharSequence name, CharSequence value) {
        response.headers().set(name, value);
    }

    void answer(int status, CharSequence contentType, Buffer body) {
        if (!gone) {
            response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, contentType);
            response.end(body);
        }
    }

    /** Whether the caller has, or is about to get, the response headers of its stream: the status is 200. */
    boolean streamBegan() {
        return streamBegan;
    }

    /** Puts the response headers of a stream, which go out with the first bytes; from here on the status is 200. */
    void beginStream(CharSequence contentType) {
        streamBegan = true;
        if (!gone) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, contentType)
                    .putHeader(HttpHeaders.CACHE_CONTROL, NO_CACHE)
                    .putHeader(NO_BUFFERING, "no")
                    .setChunked(true);
        }
    }

    /**
     * Shows the caller's client, and the proxies before it, that the call goes on.
     *
     * @param sign what a caller of this dialect reads over; empty where there is no such thing, so that only the response
     *     headers are sent
     */
    void keepAlive(byte[] sign) {
        lastWrite = System.nanoTime();
        if (gone || response.ended() || response.writeQueueFull()) {
            return;
        }
        if (sign.length > 0) {
            response.write(Buffer.buffer(sign));
        } else if (!response.headWritten()) {
            response.writeHead();
        }
    }

    /** When something was last written, by {@link System#nanoTime()}. */
    long lastWrite() {
        return lastWrite;
    }

    /** More of a stream; nothing once it has ended, which an attempt that was just called off may not know yet. */
    void write(Buffer bytes) {
        if (!gone && !response.ended()) {
            lastWrite = System.nanoTime();
            response.write(bytes);
        }
    }

    void endStream(Buffer last) {
        if (!gone) {
            response.end(last);
        }
    }

    /** Whether the caller reads more slowly than the answer comes. */
    boolean isFull() {
        return !gone && response.writeQueueFull();
    }

    void onDrained(Runnable action) {
        response.drainHandler(drained -> action.run());
    }
}
