package dev.understudy.gateway.upstream;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Signal;
import dev.understudy.gateway.inbound.InboundRequest;
import dev.understudy.gateway.work.WorkPool;
import dev.understudy.protocol.failure.SecretsInUse;
import dev.understudy.protocol.translate.ResponseTranslator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * One attempt on the wire: sends the upstream request, passes the response's bytes to a reader, and reports to the engine.
 *
 * <p>After {@link #cancel}, and after the signal that ends the attempt, it reports nothing more, whatever the connection does.
 */
public final class UpstreamAttempt {
    private static final long LINGER_MILLIS = 1_000;

    private final Vertx vertx;
    private final int attempt;
    private final UpstreamEndpoint upstreamEndpoint;
    private final ConnectionSlots.Slot slot;
    private final OptionalLong patience;
    private final boolean streaming;
    private final ResponseTranslator responseTranslator;
    private final StreamedAnswer.Maker streams;
    private final Consumer<Signal> engine;

    private Optional<HttpClientRequest> request = Optional.empty();
    private Optional<Runnable> toSend = Optional.empty();
    private Optional<Runnable> cancelWork = Optional.empty();
    private Optional<HttpClientResponse> response = Optional.empty();
    private Optional<UpstreamBodyReader> reader = Optional.empty();
    private boolean uploaded;
    private boolean over;
    private boolean bodyEnded;
    private boolean held;
    private boolean connectionBroke;
    private long received;

    /**
     * @param attempt the engine's number of the attempt
     * @param responseTranslator translates its answer to the caller's dialect
     * @param streams makes the reader of a streamed answer
     * @param connections the provider's
     * @param engine receives the signals
     */
    UpstreamAttempt(
            Vertx vertx,
            int attempt,
            UpstreamEndpoint upstreamEndpoint,
            Connections connections,
            boolean streaming,
            ResponseTranslator responseTranslator,
            StreamedAnswer.Maker streams,
            Consumer<Signal> engine) {
        this.vertx = vertx;
        this.attempt = attempt;
        this.upstreamEndpoint = upstreamEndpoint;
        this.slot = connections
                .slots()
                .slot(connections.provider(), connections.limit(), vertx::getOrCreateContext, this::slotGranted);
        this.patience = connections.patience();
        this.streaming = streaming;
        this.responseTranslator = responseTranslator;
        this.streams = streams;
        this.engine = engine;
    }

    /**
     * The upstream connections of a provider.
     *
     * @param limit how many may be in use
     * @param patience how long the attempt waits for one of them, in milliseconds; empty if no other target could take over, so
     *     that waiting is best
     */
    record Connections(ConnectionSlots slots, String provider, int limit, OptionalLong patience) {}

    /** @param forwarded the headers and parameters of this request only */
    void start(HttpClient client, byte[] body, InboundRequest.Forwarded forwarded) {
        if (over) {
            return;
        }
        Optional<Authorizer> authorizer = upstreamEndpoint.authorizer();
        if (authorizer.isEmpty()) {
            connect(client, body, forwarded.query(), upstreamEndpoint.permitted(forwarded.headers()));
            return;
        }
        authorizer.get().headers(body).onComplete(authorized -> {
            if (over) {
                return;
            }
            if (authorized.succeeded()) {
                Map<String, String> all = new HashMap<>(upstreamEndpoint.permitted(forwarded.headers()));
                all.putAll(authorized.result());
                connect(client, body, forwarded.query(), all);
            } else {
                fail(Failure.of(FailureKind.AUTH, messageOf(authorized.cause())));
            }
        });
    }

    private static String messageOf(Throwable cause) {
        return Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    }

    private void connect(HttpClient client, byte[] body, String query, Map<String, String> headers) {
        switch (slot.take()) {
            case GRANTED -> connectNow(client, body, query, headers);
            case WAITING -> {
                // This time does not count as the provider's.
                engine.accept(new Signal.Paused(attempt));
                toSend = Optional.of(() -> connectNow(client, body, query, headers));
                patience.ifPresent(millis -> vertx.setTimer(millis, late -> {
                    if (toSend.isPresent()) {
                        fail(noConnection());
                    }
                }));
            }
            case REFUSED -> fail(noConnection());
        }
    }

    private static Failure noConnection() {
        return Failure.of(
                FailureKind.GATEWAY_BUSY,
                "the gateway has as many connections to the provider in use as max-connections allows");
    }

    private void slotGranted() {
        Optional<Runnable> send = toSend;
        toSend = Optional.empty();
        if (over) {
            slot.release();
        } else {
            engine.accept(new Signal.Resumed(attempt));
            send.ifPresent(Runnable::run);
        }
    }

    private void connectNow(HttpClient client, byte[] body, String query, Map<String, String> headers) {
        client.request(upstreamEndpoint.options(query)).onComplete(connection -> {
            if (over) {
                // Cancelled while the connection was being made. Vert.x logs a reset without an exception handler as an
                // error.
                if (connection.succeeded()) {
                    connection.result().exceptionHandler(this::broken).reset();
                }
            } else if (connection.failed()) {
                fail(ConnectionFailures.connecting(connection.cause()));
            } else {
                send(connection.result(), body, headers);
            }
        });
    }

    private void send(HttpClientRequest connected, byte[] body, Map<String, String> headers) {
        request = Optional.of(connected);
        connected.exceptionHandler(this::broken);
        connected.response().onComplete(head -> {
            if (head.succeeded()) {
                receive(head.result());
            } else {
                broken(head.cause());
            }
        });
        upstreamEndpoint.putHeaders(connected);
        headers.forEach(connected::putHeader);
        connected.end(BufferInternal.buffer(Unpooled.wrappedBuffer(body))).onSuccess(sent -> uploaded = true);
        engine.accept(new Signal.Connected(attempt));
    }

    private void receive(HttpClientResponse head) {
        head.exceptionHandler(this::broken);
        if (over) {
            return;
        }
        response = Optional.of(head);
        if (head.statusCode() / 100 == 2) {
            tell(new Signal.Alive(attempt, Signal.Sign.BYTES));
        }
        UpstreamBodyReader answer = readerFor(head);
        reader = Optional.of(answer);
        String encoding = head.getHeader(HttpHeaders.CONTENT_ENCODING);
        ContentDecoder decoding = ContentDecoder.of(encoding == null ? "" : encoding);
        head.handler(bytes -> {
            received += bytes.length();
            if (!over) {
                decoding.decode(bytes, answer::bytes, () -> fail(undecodable()));
            }
        });
        head.endHandler(end -> {
            bodyEnded = true;
            slot.release();
            if (!over) {
                answer.end();
            }
        });
    }

    /** The connection broke. Request and response both report it; the failure depends on how far the answer was. */
    private void broken(Throwable cause) {
        if (over) {
            return;
        }
        connectionBroke = true;
        if (held) {
            resume();
            concludeOnceDrained(cause, received);
        } else {
            conclude(cause);
        }
    }

    /**
     * Bytes that arrived before the connection broke, but were paused for a slow caller, are read first: they may complete the
     * answer. A provider that closes its connection after the answer has often done so before such a caller has read it.
     *
     * <p>After a resume the bytes are delivered on later turns of the loop; the first turn without any is the end.
     */
    private void concludeOnceDrained(Throwable cause, long before) {
        vertx.runOnContext(turn -> {
            if (received == before) {
                conclude(cause);
            } else {
                concludeOnceDrained(cause, received);
            }
        });
    }

    private void conclude(Throwable cause) {
        if (reader.isPresent() && reader.get().isComplete()) {
            // The terminal event has arrived, so it does not matter how the connection ends.
            reader.get().end();
            return;
        }
        fail(reader.map(answer -> answer.brokenBy(cause)).orElseGet(() -> ConnectionFailures.beforeAnswer(cause)));
    }

    private UpstreamBodyReader readerFor(HttpClientResponse head) {
        int status = head.statusCode();
        String type = head.getHeader(HttpHeaders.CONTENT_TYPE);
        if (streaming && status / 100 == 2) {
            // Whatever the content type: the reader sees from the first byte what the body is.
            return streams.make(attempt, this::tell);
        }
        return new WholeAnswer(
                attempt,
                status,
                announced(head),
                name -> Optional.ofNullable(head.getHeader(name)),
                responseTranslator.whole(type == null ? "" : type),
                this::tell);
    }

    /** The content length; 0 if there is none, or no valid one. */
    private static int announced(HttpClientResponse head) {
        String length = head.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Integer.parseInt(length);
        } catch (NumberFormatException invalid) {
            return 0;
        }
    }

    private static Failure undecodable() {
        return Failure.of(FailureKind.MALFORMED, "the answer's body is not in the encoding that its headers name");
    }

    private void fail(Failure failure) {
        tell(new Signal.Failed(attempt, failure));
    }

    /** Reports a signal; the one that ends the attempt is the last. */
    private void tell(Signal signal) {
        if (over) {
            return;
        }
        switch (signal) {
            case Signal.Failed(int of, Failure failure) -> {
                over = true;
                release();
                engine.accept(new Signal.Failed(of, SecretsInUse.redact(failure)));
            }
            case Signal.Completed completed -> {
                over = true;
                engine.accept(completed);
            }
            default -> engine.accept(signal);
        }
    }

    /** Ends the attempt at once and closes its connection, so that the provider stops generating. */
    public void cancel() {
        over = true;
        cancelWork.ifPresent(Runnable::run);
        release();
    }

    /** Work of this process on behalf of the attempt, which ends with it. */
    void works(WorkPool.Work<?> work) {
        cancelWork = Optional.of(work.cancel());
    }

    /** A connection whose response was not read to its end cannot be reused. */
    private void release() {
        slot.release();
        if (!bodyEnded) {
            request.ifPresent(connected -> {
                connected.reset();
                if (!uploaded) {
                    breakOff(connected.connection());
                }
            });
        }
    }

    /** A reset would send the rest of a long request first, and the provider would process it. */
    private static void breakOff(HttpConnection connection) {
        if (connection instanceof ConnectionBase transport) {
            Channel channel = transport.channel();
            channel.unsafe().close(channel.voidPromise());
        }
    }

    /**
     * The answer is complete. Its connection is reused if the body ends within a second, as it nearly always does, and is
     * closed otherwise.
     */
    public void retire() {
        resume();
        if (!bodyEnded) {
            vertx.setTimer(LINGER_MILLIS, later -> release());
        }
    }

    /** Stops reading from the provider, unless all that it will send has arrived already. */
    public void pause() {
        if (!connectionBroke) {
            held = true;
            response.ifPresent(HttpClientResponse::pause);
        }
    }

    /** Reads from the provider again. */
    public void resume() {
        held = false;
        response.ifPresent(HttpClientResponse::resume);
    }

    /** The response headers that the caller receives too; none before the response headers have arrived. */
    public List<Map.Entry<String, String>> forwardedHeaders() {
        return response.map(head -> ForwardedResponseHeaders.of(head.headers())).orElse(List.of());
    }

    /** The reader of the answer; empty before the response headers have arrived. */
    Optional<UpstreamBodyReader> startedAnswer() {
        return reader;
    }

    /** Whether it reports no more signals. */
    boolean isOver() {
        return over;
    }

    int attempt() {
        return attempt;
    }

    /**
     * The reader of the answer.
     *
     * @throws IllegalStateException before the response headers have arrived
     */
    public UpstreamBodyReader answer() {
        return reader.orElseThrow(() -> new IllegalStateException("attempt " + attempt + " has no answer yet"));
    }
}
