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

    /** Sends the head of a stream; from here on the status is 200. */
    void beginStream(CharSequence contentType) {
        if (!gone) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, contentType)
                    .putHeader(HttpHeaders.CACHE_CONTROL, NO_CACHE)
                    .putHeader(NO_BUFFERING, "no")
                    .setChunked(true);
        }
    }

    /** More of a stream; nothing once it has ended, which an attempt that was just called off may not know yet. */
    void write(Buffer bytes) {
        if (!gone && !response.ended()) {
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
