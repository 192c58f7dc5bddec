package dev.understudy.gateway.upstream;

import dev.understudy.calls.upstream.UpstreamTransport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.buffer.BufferInternal;
import java.net.ProtocolException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Sends upstream requests with the HTTP client of an event loop. */
public final class VertxTransport implements UpstreamTransport {
    /** Longer requests are not kept to be sent once more, in bytes. */
    private static final int LONGEST_KEPT = 1024 * 1024;

    private final UpstreamConnections connections;

    /** @param connections the event loop's own */
    public VertxTransport(UpstreamConnections connections) {
        this.connections = connections;
    }

    @Override
    public Endpoint endpoint(URI address, Map<String, String> headers) {
        List<Map.Entry<CharSequence, CharSequence>> optimized = new ArrayList<>();
        headers.forEach((name, value) ->
                optimized.add(Map.entry(HttpHeaders.createOptimized(name), HttpHeaders.createOptimized(value))));
        return new VertxEndpoint(connections, optionsFor(address, HttpMethod.POST), optimized);
    }

    /** Method, host, port and path of an address. */
    static RequestOptions optionsFor(URI address, HttpMethod method) {
        boolean tls = "https".equals(address.getScheme());
        String path = address.getRawPath().isEmpty() ? "/" : address.getRawPath();
        String query = address.getRawQuery();
        return new RequestOptions()
                .setMethod(method)
                .setHost(address.getHost())
                .setPort(address.getPort() > 0 ? address.getPort() : tls ? 443 : 80)
                .setSsl(tls)
                .setURI(path + (query == null ? "" : "?" + query));
    }

    /** @param options the client only reads them, so one instance serves every request */
    private record VertxEndpoint(
            UpstreamConnections connections,
            RequestOptions options,
            List<Map.Entry<CharSequence, CharSequence>> headers)
            implements Endpoint {

        @Override
        public Transfer send(String query, Map<String, String> further, byte[] body, Receiver receiver) {
            VertxTransfer transfer = new VertxTransfer(
                    connections, query.isEmpty() ? options : withQuery(query), headers, further, body, receiver);
            transfer.sendOn(connections::pooled);
            return transfer;
        }

        private RequestOptions withQuery(String query) {
            String uri = options.getURI();
            return new RequestOptions(options).setURI(uri + (uri.indexOf('?') < 0 ? "?" : "&") + query);
        }
    }

    private static final class VertxTransfer implements Transfer {
        private final UpstreamConnections connections;
        private final RequestOptions options;
        private final List<Map.Entry<CharSequence, CharSequence>> headers;
        private final Map<String, String> further;
        private final Receiver receiver;
        /** Empty as soon as it will not be sent again. */
        private Optional<byte[]> body;

        private Optional<HttpClientRequest> request = Optional.empty();
        private Optional<HttpClientResponse> response = Optional.empty();
        private long sentAt;
        private boolean uploaded;
        private boolean aborted;

        private VertxTransfer(
                UpstreamConnections connections,
                RequestOptions options,
                List<Map.Entry<CharSequence, CharSequence>> headers,
                Map<String, String> further,
                byte[] body,
                Receiver receiver) {
            this.connections = connections;
            this.options = options;
            this.headers = headers;
            this.further = further;
            this.body = Optional.of(body);
            this.receiver = receiver;
        }

        private void sendOn(Function<RequestOptions, Future<HttpClientRequest>> connection) {
            connection.apply(options).onComplete(connected -> {
                if (connected.succeeded()) {
                    send(connected.result());
                } else {
                    report(connected.cause());
                }
            });
        }

        private void send(HttpClientRequest connected) {
            // Vert.x logs a reset without an exception handler as an error.
            connected.exceptionHandler(cause -> broken(connected, cause));
            if (aborted) {
                UpstreamConnections.cancel(connected);
                return;
            }
            request = Optional.of(connected);
            byte[] sending = body.orElseThrow();
            boolean again = UpstreamConnections.use(connected.connection()) && sending.length <= LONGEST_KEPT;
            body = again ? body : Optional.empty();
            sentAt = System.nanoTime();
            connected.response().onComplete(head -> {
                if (head.succeeded()) {
                    receive(connected, head.result());
                } else {
                    broken(connected, head.cause());
                }
            });
            MultiMap to = connected.headers();
            for (Map.Entry<CharSequence, CharSequence> header : headers) {
                to.set(header.getKey(), header.getValue());
            }
            further.forEach(connected::putHeader);
            uploaded = false;
            connected
                    .end(BufferInternal.buffer(Unpooled.wrappedBuffer(sending)))
                    .onSuccess(sent -> uploaded = true);
            receiver.connected();
        }

        private void receive(HttpClientRequest connected, HttpClientResponse head) {
            head.exceptionHandler(cause -> broken(connected, cause));
            if (aborted) {
                return;
            }
            response = Optional.of(head);
            body = Optional.empty();
            receiver.head(new VertxHead(head));
            head.handler(this::bytes);
            head.endHandler(end -> receiver.end());
        }

        private void bytes(Buffer buffer) {
            ByteBuf bytes = ((BufferInternal) buffer).getByteBuf();
            if (bytes.hasArray()) {
                receiver.bytes(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), bytes.readableBytes());
            } else {
                byte[] copy = buffer.getBytes();
                receiver.bytes(copy, 0, copy.length);
            }
        }

        /** Request and response both report it. */
        private void broken(HttpClientRequest of, Throwable cause) {
            if (aborted || request.isEmpty() || !request.get().equals(of)) {
                return;
            }
            if (body.isPresent() && UpstreamConnections.mayHaveBeenIdle(cause, sentAt)) {
                request = Optional.empty();
                sendOn(connections::onItsOwn);
            } else {
                report(cause);
            }
        }

        private void report(Throwable cause) {
            if (!aborted) {
                receiver.broken(cause instanceof DecoderException ? notHttp(cause) : cause);
            }
        }

        private static ProtocolException notHttp(Throwable cause) {
            ProtocolException notHttp = new ProtocolException("not HTTP");
            notHttp.initCause(cause);
            return notHttp;
        }

        @Override
        public void pause() {
            response.ifPresent(HttpClientResponse::pause);
        }

        @Override
        public void resume() {
            response.ifPresent(HttpClientResponse::resume);
        }

        @Override
        public void abort() {
            aborted = true;
            request.ifPresent(connected -> {
                connected.reset();
                if (!uploaded) {
                    UpstreamConnections.breakOff(connected.connection());
                }
            });
        }
    }

    private record VertxHead(HttpClientResponse response) implements Head {
        @Override
        public int status() {
            return response.statusCode();
        }

        @Override
        public Optional<String> first(String name) {
            return Optional.ofNullable(response.getHeader(name));
        }

        @Override
        public Iterable<Map.Entry<String, String>> all() {
            return response.headers();
        }
    }
}
