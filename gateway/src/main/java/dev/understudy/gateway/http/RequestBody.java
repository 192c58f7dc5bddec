package dev.understudy.gateway.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.Consumer;

/** Reads a request's body as far as it is welcome: not too long, and not for ever. */
final class RequestBody {
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final Limits limits;
    private final Consumer<byte[]> whenRead;
    private Buffer sofar = Buffer.buffer();
    private long timer = NO_TIMER;
    private boolean over;

    /**
     * @param bytes how long it may be
     * @param patience how long it may take to arrive
     */
    record Limits(int bytes, Duration patience) {}

    private RequestBody(Vertx vertx, HttpServerRequest request, Limits limits, Consumer<byte[]> whenRead) {
        this.vertx = vertx;
        this.request = request;
        this.limits = limits;
        this.whenRead = whenRead;
    }

    /** Reads the whole body, or answers the request itself if it is too long or too slow. */
    static void read(Vertx vertx, HttpServerRequest request, Limits limits, Consumer<byte[]> whenRead) {
        new RequestBody(vertx, request, limits, whenRead).begin();
    }

    private void begin() {
        if (announced() > limits.bytes()) {
            refuse();
            return;
        }
        request.handler(this::more);
        request.endHandler(end -> whole());
        request.exceptionHandler(broken -> over());
        timer = vertx.setTimer(limits.patience().toMillis(), late -> tooSlow());
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
        if (sofar.length() + bytes.length() > limits.bytes()) {
            refuse();
            return;
        }
        sofar = sofar.length() == 0 ? bytes : sofar.appendBuffer(bytes);
    }

    private void tooSlow() {
        over();
        Replies.error(
                request,
                408,
                "invalid_request_error",
                "body_too_slow",
                "the request's body did not arrive within " + limits.patience().toSeconds() + " s");
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
                "the request's body is larger than " + limits.bytes() + " bytes (server.max-body)");
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
