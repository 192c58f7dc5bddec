package dev.understudy.gateway.http;

import dev.understudy.calls.loop.Timer;
import dev.understudy.calls.work.WorkPool;
import dev.understudy.gateway.connection.RequestHeadTimeout;
import dev.understudy.gateway.loop.EventLoop;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Reads a request body, decompresses it, and enforces the body limit ({@code server.max-body}), also for the decompressed
 * bytes, and the time in which it must arrive.
 */
final class RequestBody {
    /** While a body is decompressed, its bytes are in a growing array and in one of their length. */
    private static final long MOST_COPIES = 3;

    private final EventLoop clock;
    private final HttpServerRequest request;
    private final Limits limits;
    private final Receiver whenRead;
    private Buffer received = Buffer.buffer();
    private Optional<Timer> timeout = Optional.empty();
    private boolean over;
    private List<String> codings = List.of();

    /** Receives a body that has arrived. */
    @FunctionalInterface
    interface Receiver {
        /** @param release to be called when the bytes are not needed any more, unless the response has ended by then */
        void receive(byte[] bytes, Runnable release);
    }

    private final BodyMemory.Share share;
    private final long beganAt = System.nanoTime();

    /**
     * @param bytes how long it may be
     * @param timeout how long it may take to arrive, beside the time that its bytes have at the least rate
     * @param rate the least rate, in bytes per second
     * @param resources shared by all bodies
     */
    record Limits(int bytes, Duration timeout, int rate, BodyResources resources) {}

    private RequestBody(EventLoop clock, HttpServerRequest request, Limits limits, Object caller, Receiver whenRead) {
        this.clock = clock;
        this.request = request;
        this.limits = limits;
        this.share = limits.resources().memory().share(caller, this::noRoom);
        this.whenRead = whenRead;
    }

    /**
     * Reads the whole body, or answers the request with an error if it is too long or too slow.
     *
     * @param caller whose body it is: a key's name, or a network
     */
    static void read(EventLoop clock, HttpServerRequest request, Limits limits, Object caller, Receiver whenRead) {
        new RequestBody(clock, request, limits, caller, whenRead).begin();
    }

    private static Context loop() {
        return Objects.requireNonNull(Vertx.currentContext(), "bodies are read on their event loop");
    }

    private void begin() {
        // It replaces the handler of requests without a body.
        request.response().endHandler(done -> {
            RequestHeadTimeout.answered(request);
            share.release();
        });
        request.response().closeHandler(left -> share.release());
        codings = CompressedBody.codings(contentEncoding());
        if (!CompressedBody.areKnown(codings)) {
            over();
            request.response().putHeader("accept-encoding", "gzip, deflate, br, zstd");
            GatewayResponses.error(
                    request,
                    415,
                    "invalid_request_error",
                    "unsupported_content_encoding",
                    "the request's body has a content-encoding that is not supported; send gzip, deflate, br, zstd or none");
            return;
        }
        if (announced() > limits.bytes()) {
            refuse();
            return;
        }
        request.handler(this::more);
        request.endHandler(end -> whole());
        request.exceptionHandler(broken -> {
            over();
            share.release();
        });
        timeout = Optional.of(clock.runAt(beganAt + limits.timeout().toNanos(), this::mayBeTooSlow));
    }

    private String contentEncoding() {
        List<String> values = request.headers().getAll(HttpHeaders.CONTENT_ENCODING);
        return values.isEmpty() ? "" : String.join(",", values);
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
        if (received.length() + bytes.length() > limits.bytes()) {
            refuse();
            return;
        }
        boolean first = received.length() == 0;
        // A buffer that grows has up to twice the size of what is in it.
        long size = first ? bytes.length() : 2L * (received.length() + bytes.length());
        if (!share.growTo(size)) {
            noRoom();
            return;
        }
        received = first ? bytes : received.appendBuffer(bytes);
        if (first && announced() != bytes.length()) {
            share.arrives(loop());
        }
    }

    private void noRoom() {
        if (over) {
            return;
        }
        over();
        share.release();
        if (share.isRefusedForCaller()) {
            request.response().putHeader("retry-after", "2");
            GatewayResponses.error(
                    request,
                    429,
                    "rate_limit_error",
                    "body_memory_exceeded",
                    "the requests that this caller has in progress take its part of the gateway's memory for bodies"
                            + " (server.body-memory); wait for one of them to end");
            return;
        }
        boolean canFit =
                2 * Math.max(announced(), 1) < limits.resources().memory().limit() / 4 * 3;
        if (canFit) {
            request.response().putHeader("retry-after", "2");
        }
        GatewayResponses.error(
                request,
                canFit ? 503 : 413,
                canFit ? "server_error" : "invalid_request_error",
                canFit ? "gateway_overloaded" : "request_too_large",
                "the gateway has no memory left for the request's body (server.body-memory)"
                        + (canFit ? "; try again shortly" : ""));
    }

    /** A body that is larger may take longer. */
    private void mayBeTooSlow() {
        long permitted = limits.timeout().toNanos() + received.length() * 1_000_000_000L / limits.rate();
        if (System.nanoTime() - beganAt < permitted) {
            timeout = Optional.of(clock.runAt(beganAt + permitted, this::mayBeTooSlow));
        } else {
            tooSlow(TimeUnit.NANOSECONDS.toSeconds(permitted));
        }
    }

    private void tooSlow(long seconds) {
        over();
        share.release();
        GatewayResponses.error(
                request,
                408,
                "invalid_request_error",
                "body_too_slow",
                "the request's body did not arrive within " + seconds + " s (server.min-body-rate)");
    }

    private void whole() {
        if (!over) {
            byte[] body = bytesOf(received);
            share.complete(body.length);
            over();
            if (codings.isEmpty()) {
                whenRead.receive(body, share::release);
            } else {
                decode(body);
            }
        }
    }

    /** Off the event loop: the time that it takes depends on the limit and not on the bytes that arrived. */
    private void decode(byte[] body) {
        limits.resources()
                .decompression()
                .submit(clock, MOST_COPIES * limits.bytes(), () -> CompressedBody.decode(codings, body, limits.bytes()))
                .result()
                .whenComplete((decoded, cause) -> {
                    if (cause instanceof WorkPool.Full) {
                        over = false;
                        noRoom();
                        return;
                    }
                    switch (cause == null ? decoded : new CompressedBody.Result.Broken()) {
                        case CompressedBody.Result.Decoded(byte[] bytes) -> {
                            if (share.growTo(bytes.length)) {
                                whenRead.receive(bytes, share::release);
                            } else {
                                over = false;
                                noRoom();
                            }
                        }
                        case CompressedBody.Result.TooLarge() -> refuse();
                        case CompressedBody.Result.Broken() ->
                            GatewayResponses.error(
                                    request,
                                    400,
                                    "invalid_request_error",
                                    "invalid_body_encoding",
                                    "the request's body is not in the coding that its content-encoding names");
                    }
                });
    }

    /** A body that arrived in one piece is in an array of its own that is not shared, so it is not copied. */
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
        received = Buffer.buffer();
        timeout.ifPresent(Timer::cancel);
    }
}
