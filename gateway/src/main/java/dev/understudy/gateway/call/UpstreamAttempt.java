package dev.understudy.gateway.call;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Signal;
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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One attempt on the wire: sends its request, hands the answer's bytes to a reader, and tells the engine what happened.
 *
 * <p>An exchange speaks until it is over: after {@link #cancel}, or after it reported an end, nothing more is heard of it,
 * whatever the connection still does.
 */
final class UpstreamAttempt {
    private static final long LINGER_MILLIS = 1_000;

    private final Vertx vertx;
    private final int attempt;
    private final UpstreamEndpoint upstreamEndpoint;
    private final boolean streaming;
    private final ResponseTranslator responseTranslator;
    private final StreamedAnswer.Maker streams;
    private final Consumer<Signal> engine;

    private Optional<HttpClientRequest> request = Optional.empty();
    private Optional<HttpClientResponse> response = Optional.empty();
    private Optional<UpstreamBodyReader> reader = Optional.empty();
    private boolean uploaded;
    private boolean over;
    private boolean bodyEnded;
    private boolean held;
    private boolean connectionBroke;
    private long received;

    /**
     * @param attempt the number by which the engine knows it
     * @param responseTranslator how its answer is judged and reaches the caller
     * @param streams makes the reader of a streamed answer
     * @param engine hears what happens
     */
    UpstreamAttempt(
            Vertx vertx,
            int attempt,
            UpstreamEndpoint upstreamEndpoint,
            boolean streaming,
            ResponseTranslator responseTranslator,
            StreamedAnswer.Maker streams,
            Consumer<Signal> engine) {
        this.vertx = vertx;
        this.attempt = attempt;
        this.upstreamEndpoint = upstreamEndpoint;
        this.streaming = streaming;
        this.responseTranslator = responseTranslator;
        this.streams = streams;
        this.engine = engine;
    }

    /** @param headers that go with this one request */
    void start(HttpClient client, byte[] body, Map<String, String> headers) {
        if (over) {
            return;
        }
        Optional<Authorizer> authorizer = upstreamEndpoint.authorizer();
        if (authorizer.isEmpty()) {
            connect(client, body, headers);
            return;
        }
        authorizer.get().headers(body).onComplete(shown -> {
            if (over) {
                return;
            }
            if (shown.succeeded()) {
                Map<String, String> all = new HashMap<>(headers);
                all.putAll(shown.result());
                connect(client, body, all);
            } else {
                fail(Failure.of(FailureKind.AUTH, wordsOf(shown.cause())));
            }
        });
    }

    private static String wordsOf(Throwable cause) {
        return Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    }

    private void connect(HttpClient client, byte[] body, Map<String, String> shown) {
        client.request(upstreamEndpoint.options()).onComplete(connection -> {
            if (over) {
                // Cancelled while the connection was being made: it is not used for anything. Vert.x logs a reset that
                // nobody listens for as an error.
                if (connection.succeeded()) {
                    connection.result().exceptionHandler(this::broken).reset();
                }
            } else if (connection.failed()) {
                fail(ConnectionFailures.connecting(connection.cause()));
            } else {
                send(connection.result(), body, shown);
            }
        });
    }

    private void send(HttpClientRequest connected, byte[] body, Map<String, String> shown) {
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
        shown.forEach(connected::putHeader);
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
            if (!over) {
                answer.end();
            }
        });
    }

    /** The connection broke; request and response both tell, and what it means depends on how far the answer was. */
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
     * What came before the connection broke, but waits for a slow caller, comes first: it may be all that was missing. A
     * provider that closes its connection after the answer has often done so before such a caller has read it.
     *
     * <p>Resuming hands the bytes over on later turns of the loop; the first turn that brings none is the end.
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
            // The terminal mark was there, so the connection may end as it likes.
            reader.get().end();
            return;
        }
        fail(reader.map(answer -> answer.brokenBy(cause)).orElseGet(() -> ConnectionFailures.beforeAnswer(cause)));
    }

    private UpstreamBodyReader readerFor(HttpClientResponse head) {
        int status = head.statusCode();
        String type = head.getHeader(HttpHeaders.CONTENT_TYPE);
        if (streaming && status / 100 == 2) {
            // Also where the head calls the body something else: what it is, its first byte tells.
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

    /** How long the answer says that it is; 0 if it does not, or names no sensible length. */
    private static int announced(HttpClientResponse head) {
        String length = head.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Integer.parseInt(length);
        } catch (NumberFormatException beyondAllReason) {
            return 0;
        }
    }

    private static Failure undecodable() {
        return Failure.of(FailureKind.MALFORMED, "the answer's body is not in the encoding that it names");
    }

    private void fail(Failure failure) {
        tell(new Signal.Failed(attempt, failure));
    }

    /** Passes a signal on; the one that ends the attempt is the last. */
    private void tell(Signal signal) {
        if (over) {
            return;
        }
        switch (signal) {
            case Signal.Failed failed -> {
                over = true;
                letGo();
            }
            case Signal.Completed completed -> over = true;
            default -> {}
        }
        engine.accept(signal);
    }

    /** Ends the attempt at once: closes its connection, so that the provider stops working for nobody. */
    void cancel() {
        over = true;
        letGo();
    }

    /** A connection whose answer was not read to its end cannot be used again. */
    private void letGo() {
        if (!bodyEnded) {
            request.ifPresent(connected -> {
                connected.reset();
                if (!uploaded) {
                    breakOff(connected.connection());
                }
            });
        }
    }

    /** A reset lets the rest of a long request flow out first, and the provider would go to work on it. */
    private static void breakOff(HttpConnection connection) {
        if (connection instanceof ConnectionBase transport) {
            Channel channel = transport.channel();
            channel.unsafe().close(channel.voidPromise());
        }
    }

    /**
     * The answer is complete and the exchange over; its connection is usable again if the body ends within a moment, as
     * it nearly always does, and is closed otherwise.
     */
    void retire() {
        resume();
        if (!bodyEnded) {
            vertx.setTimer(LINGER_MILLIS, later -> letGo());
        }
    }

    /** Holds the provider up, unless all that it will ever send is here already. */
    void pause() {
        if (!connectionBroke) {
            held = true;
            response.ifPresent(HttpClientResponse::pause);
        }
    }

    void resume() {
        held = false;
        response.ifPresent(HttpClientResponse::resume);
    }

    /** Whether nothing more is heard of it. */
    boolean isOver() {
        return over;
    }

    int attempt() {
        return attempt;
    }

    /** What has come of the answer. */
    UpstreamBodyReader answer() {
        return reader.orElseThrow(() -> new IllegalStateException("attempt " + attempt + " has no answer yet"));
    }
}
