package dev.understudy.gateway.upstream;

import dev.understudy.calls.upstream.UpstreamTransport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.DecoderException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.ProtocolException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sends upstream requests with the HTTP client of an event loop. */
public final class VertxTransport implements UpstreamTransport {
    private final HttpClient client;

    /** @param client the event loop's own */
    public VertxTransport(HttpClient client) {
        this.client = client;
    }

    @Override
    public Endpoint endpoint(URI address, Map<String, String> headers) {
        List<Map.Entry<CharSequence, CharSequence>> optimized = new ArrayList<>();
        headers.forEach((name, value) ->
                optimized.add(Map.entry(HttpHeaders.createOptimized(name), HttpHeaders.createOptimized(value))));
        return new VertxEndpoint(client, optionsFor(address, HttpMethod.POST), optimized);
    }

    /** Method, host, port and path of an address. */
    static RequestOptions optionsFor(URI address, HttpMethod method) {
        boolean tls = "https".equals(address.getScheme());
        String query = address.getRawQuery();
        return new RequestOptions()
                .setMethod(method)
                .setHost(address.getHost())
                .setPort(address.getPort() > 0 ? address.getPort() : tls ? 443 : 80)
                .setSsl(tls)
                .setURI(address.getRawPath() + (query == null ? "" : "?" + query));
    }

    /** @param options the client only reads them, so one instance serves every request */
    private record VertxEndpoint(
            HttpClient client, RequestOptions options, List<Map.Entry<CharSequence, CharSequence>> headers)
            implements Endpoint {

        @Override
        public Transfer send(String query, Map<String, String> further, byte[] body, Receiver receiver) {
            VertxTransfer transfer = new VertxTransfer(receiver);
            client.request(query.isEmpty() ? options : withQuery(query)).onComplete(connection -> {
                if (connection.failed()) {
                    transfer.broken(connection.cause());
                } else {
                    transfer.send(connection.result(), headers, further, body);
                }
            });
            return transfer;
        }

        private RequestOptions withQuery(String query) {
            String uri = options.getURI();
            return new RequestOptions(options).setURI(uri + (uri.indexOf('?') < 0 ? "?" : "&") + query);
        }
    }

    private static final class VertxTransfer implements Transfer {
        private final Receiver receiver;
        private Optional<HttpClientRequest> request = Optional.empty();
        private Optional<HttpClientResponse> response = Optional.empty();
        private boolean uploaded;
        private boolean aborted;

        private VertxTransfer(Receiver receiver) {
            this.receiver = receiver;
        }

        private void send(
                HttpClientRequest connected,
                List<Map.Entry<CharSequence, CharSequence>> headers,
                Map<String, String> further,
                byte[] body) {
            // Vert.x logs a reset without an exception handler as an error.
            connected.exceptionHandler(this::broken);
            if (aborted) {
                connected.reset();
                return;
            }
            request = Optional.of(connected);
            connected.response().onComplete(head -> {
                if (head.succeeded()) {
                    receive(head.result());
                } else {
                    broken(head.cause());
                }
            });
            MultiMap to = connected.headers();
            for (Map.Entry<CharSequence, CharSequence> header : headers) {
                to.set(header.getKey(), header.getValue());
            }
            further.forEach(connected::putHeader);
            connected.end(BufferInternal.buffer(Unpooled.wrappedBuffer(body))).onSuccess(sent -> uploaded = true);
            receiver.connected();
        }

        private void receive(HttpClientResponse head) {
            head.exceptionHandler(this::broken);
            if (aborted) {
                return;
            }
            response = Optional.of(head);
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
        private void broken(Throwable cause) {
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
                    breakOff(connected.connection());
                }
            });
        }

        /** A reset would send the rest of a long request first, and the provider would process it. */
        private static void breakOff(HttpConnection connection) {
            if (connection instanceof ConnectionBase transport) {
                Channel channel = transport.channel();
                channel.unsafe().close(channel.voidPromise());
            }
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
