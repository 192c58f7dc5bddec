package dev.understudy.gateway.call;

import dev.understudy.calls.bytes.Bytes;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.downstream.AnswerForm;
import dev.understudy.calls.downstream.CallHeaders;
import dev.understudy.calls.downstream.CallerResponse;
import dev.understudy.calls.downstream.StreamEnvelope;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.gateway.contents.CollectedContents;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The response of the gateway's server, and whether the caller is still connected. */
final class HttpCallerResponse implements CallerResponse {
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");
    private static final CharSequence NO_BUFFERING = HttpHeaders.createOptimized("x-accel-buffering");

    /** Texts of nearly every response, in the form that is written fastest. */
    private static final Map<String, CharSequence> OPTIMIZED = Stream.of(
                    InboundRequest.JSON,
                    Api.CHAT.streamType(),
                    CallHeaders.CALL_ID,
                    CallHeaders.ATTEMPTS,
                    CallHeaders.TRAIL,
                    CallHeaders.TARGET)
            .collect(Collectors.toUnmodifiableMap(text -> text, HttpHeaders::createOptimized));

    private final HttpServerResponse response;
    private final Optional<StreamEnvelope> envelope;
    private final Optional<CollectedContents> contents;
    private boolean disconnected;
    private boolean streamBegan;
    /** Completed when the response has been sent; until it has ended there is nothing to wait for. */
    private Future<Void> sent = Future.succeededFuture();
    /** When something was last written to the caller. */
    private long lastWrite = System.nanoTime();

    /**
     * @param form how the caller's path has answers
     * @param contents what is kept of the answer; empty if nothing is
     * @param onLeft called once, when the caller disconnects before the response has ended
     */
    HttpCallerResponse(
            HttpServerRequest request, AnswerForm form, Optional<CollectedContents> contents, Runnable onLeft) {
        this.response = request.response();
        this.contents = contents;
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

    @Override
    public void header(String name, String value) {
        response.headers().set(optimized(name), value);
    }

    @Override
    public void answer(int status, String contentType, Bytes body) {
        if (!disconnected) {
            contents.ifPresent(collected -> collected.answered(contentType, body));
            response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, optimized(contentType));
            sent = response.end(buffer(body));
        }
    }

    @Override
    public void whenSent(Runnable action) {
        sent.onComplete(done -> action.run());
    }

    @Override
    public boolean streamBegan() {
        return streamBegan;
    }

    @Override
    public void beginStream(String contentType) {
        streamBegan = true;
        contents.ifPresent(collected -> collected.streamBegan(contentType));
        if (!disconnected) {
            response.putHeader(
                            HttpHeaders.CONTENT_TYPE,
                            optimized(envelope.map(StreamEnvelope::contentType).orElse(contentType)))
                    .putHeader(HttpHeaders.CACHE_CONTROL, NO_CACHE)
                    .putHeader(NO_BUFFERING, "no")
                    .setChunked(true);
        }
    }

    @Override
    public boolean needsKeepAlives() {
        return true;
    }

    @Override
    public void keepAlive(byte[] sign) {
        lastWrite = System.nanoTime();
        if (disconnected || response.ended() || response.writeQueueFull()) {
            return;
        }
        Bytes bytes = wrapped(Bytes.of(sign));
        if (!bytes.isEmpty()) {
            response.write(buffer(bytes));
        } else if (!response.headWritten()) {
            response.writeHead();
        }
    }

    @Override
    public long lastWrite() {
        return lastWrite;
    }

    @Override
    public void write(Bytes bytes) {
        if (!disconnected && !response.ended()) {
            lastWrite = System.nanoTime();
            contents.ifPresent(collected -> collected.receive(bytes));
            response.write(buffer(wrapped(bytes)));
        }
    }

    private Bytes wrapped(Bytes bytes) {
        return envelope.isPresent() ? envelope.get().wrap(bytes) : bytes;
    }

    @Override
    public void endStream(Bytes last) {
        if (!disconnected) {
            contents.ifPresent(collected -> collected.receive(last));
            if (envelope.isPresent()) {
                response.write(buffer(envelope.get().wrap(last)));
                sent = response.end(buffer(envelope.get().ending()));
            } else {
                sent = response.end(buffer(last));
            }
        }
    }

    @Override
    public boolean isFull() {
        return !disconnected && response.writeQueueFull();
    }

    @Override
    public void onDrained(Runnable action) {
        response.drainHandler(drained -> action.run());
    }

    /** The same bytes, not copied. */
    private static Buffer buffer(Bytes bytes) {
        return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes.array(), bytes.offset(), bytes.length()));
    }

    private static CharSequence optimized(String text) {
        return OPTIMIZED.getOrDefault(text, text);
    }
}
