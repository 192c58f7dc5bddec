package dev.understudy.gateway.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Reads a request's body as far as it is welcome: not too long, and not for ever. */
final class RequestBody {
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(60);
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final int limit;
    private final Consumer<byte[]> whenRead;
    private Buffer sofar = Buffer.buffer();
    private long timer = NO_TIMER;
    private boolean over;

    private RequestBody(Vertx vertx, HttpServerRequest request, int limit, Consumer<byte[]> whenRead) {
        this.vertx = vertx;
        this.request = request;
        this.limit = limit;
        this.whenRead = whenRead;
    }

    /**
     * Reads the whole body, or answers the request itself if it is too long or too slow.
     *
     * @param limit in bytes
     */
    static void read(Vertx vertx, HttpServerRequest request, int limit, Consumer<byte[]> whenRead) {
        new RequestBody(vertx, request, limit, whenRead).begin();
    }

    private void begin() {
        if (announced() > limit) {
            refuse();
            return;
        }
        request.handler(this::more);
        request.endHandler(end -> whole());
        request.exceptionHandler(broken -> over());
    }

    private long announced() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null) {
            return 0;
        }
        try {
            return Long.parseLong(length);
        } catch (NumberFormatException tooLongForALong) {
            return Long.MAX_VALUE;
        }
    }

    private void more(Buffer bytes) {
        if (over) {
            return;
        }
        if (sofar.length() + bytes.length() > limit) {
            refuse();
            return;
        }
        sofar = sofar.length() == 0 ? bytes : sofar.appendBuffer(bytes);
        if (timer == NO_TIMER && !request.isEnded()) {
            timer = vertx.setTimer(PATIENCE_MILLIS, late -> {
                over();
                Replies.error(
                        request,
                        408,
                        "invalid_request_error",
                        "body_too_slow",
                        "the request's body did not arrive within " + PATIENCE_MILLIS / 1_000 + " s");
            });
        }
    }

    private void whole() {
        if (!over) {
            byte[] body = sofar.getBytes();
            over();
            whenRead.accept(body);
        }
    }

    private void refuse() {
        over();
        Replies.error(
                request,
                413,
                "invalid_request_error",
                "request_too_large",
                "the request's body is larger than " + limit + " bytes (server.max-body)");
    }

    private void over() {
        over = true;
        sofar = Buffer.buffer();
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
    }
}
