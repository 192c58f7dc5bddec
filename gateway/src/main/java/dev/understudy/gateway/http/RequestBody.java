package dev.understudy.gateway.http;

import dev.understudy.gateway.timer.EventLoopTimers;
import dev.understudy.gateway.timer.Timer;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads a request's body as far as it is welcome: not too long, and not for ever. */
final class RequestBody {
    private final EventLoopTimers clock;
    private final HttpServerRequest request;
    private final Limits limits;
    private final Consumer<byte[]> whenRead;
    private Buffer sofar = Buffer.buffer();
    private Optional<Timer> patience = Optional.empty();
    private boolean over;

    /**
     * @param bytes how long it may be
     * @param patience how long it may take to arrive
     */
    record Limits(int bytes, Duration patience) {}

    private RequestBody(EventLoopTimers clock, HttpServerRequest request, Limits limits, Consumer<byte[]> whenRead) {
        this.clock = clock;
        this.request = request;
        this.limits = limits;
        this.whenRead = whenRead;
    }

    /** Reads the whole body, or answers the request itself if it is too long or too slow. */
    static void read(EventLoopTimers clock, HttpServerRequest request, Limits limits, Consumer<byte[]> whenRead) {
        new RequestBody(clock, request, limits, whenRead).begin();
    }

    private void begin() {
        if (announced() > limits.bytes()) {
            refuse();
            return;
        }
        request.handler(this::more);
        request.endHandler(end -> whole());
        request.exceptionHandler(broken -> over());
        patience = Optional.of(clock.runAt(System.nanoTime() + limits.patience().toNanos(), this::tooSlow));
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
        GatewayResponses.error(
                request,
                408,
                "invalid_request_error",
                "body_too_slow",
                "the request's body did not arrive within " + limits.patience().toSeconds() + " s");
    }

    private void whole() {
        if (!over) {
            byte[] body = bytesOf(sofar);
            over();
            whenRead.accept(body);
        }
    }

    /** What came in one piece is in an array of its own, which nobody else writes to: it is taken and not copied. */
    private static byte[] bytesOf(Buffer buffer) {
        ByteBuf bytes = ((BufferInternal) buffer).getByteBuf();
        boolean fillsItsArray = bytes.hasArray() && bytes.readableBytes() == bytes.array().length;
        return fillsItsArray ? bytes.array() : buffer.getBytes();
    }

    private void refuse() {
        over();
        GatewayResponses.error(
                request,
                413,
                "invalid_request_error",
                "request_too_large",
                "the request's body is larger than " + limits.bytes() + " bytes (server.max-body)");
    }

    private void over() {
        over = true;
        sofar = Buffer.buffer();
        patience.ifPresent(Timer::cancel);
    }
}
