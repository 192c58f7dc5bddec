package dev.understudy.gateway.upstream;

import dev.understudy.calls.upstream.UpstreamTransport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
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
import java.util.concurrent.TimeUnit;

/**
 * Sends upstream requests with the HTTP client of an event loop.
 *
 * <p>Connections are kept and used again. A provider may close one that is idle at the moment at which a request is sent on it; that
 * says nothing about the provider. So a request whose connection had been used before and ends within {@link #RACE} without the head
 * of a response is sent once more, on a connection that is made for it (RFC 9112, 9.3.1).
 */
public final class VertxTransport implements UpstreamTransport {
    /** How long after a request the end of its connection may still be that of an idle one, in nanoseconds. */
    private static final long RACE = TimeUnit.SECONDS.toNanos(1);

    /** Longer requests are not kept to be sent once more. */
    private static final int LONGEST_KEPT = 1024 * 1024;

    /** Is set on a connection that a request was sent on. */
    private static final AttributeKey<Boolean> USED = AttributeKey.valueOf(VertxTransport.class, "used");

    private final HttpClientAgent client;

    /** @param client the event loop's own */
    public VertxTransport(HttpClientAgent client) {
        this.client = client;
    }

    /** Is to be told of every connection that the client makes. */
    public static void connected(HttpConnection connection) {
        // A broken connection is a failure of its attempt, which the trail reports; Vert.x would log it as an error.
        connection.exceptionHandler(reported -> {});
        if (connection instanceof ConnectionBase transport) {
            // A provider may refuse a long request and close the connection before it has read all of it. The refusal
            // can be read although no more can be written.
            transport.channel().config().setAutoClose(false);
            ChannelPipeline pipeline = transport.channel().pipeline();
            ChannelHandlerContext tls = pipeline.context(SslHandler.class);
            if (tls != null) {
                pipeline.addAfter(tls.name(), "close-notify", new CloseNotifyHandler());
            }
        }
    }

    /**
     * Closes a connection as soon as the provider has ended it by TLS's {@code close_notify}. Some servers, those on Python's asyncio
     * for instance, wait up to 30 s for that before they close the connection itself; until then it looked as if it could be used.
     */
    private static final class CloseNotifyHandler extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            super.userEventTriggered(context, event);
            if (event instanceof SslCloseCompletionEvent) {
                var unused = context.close();
            }
        }
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
            HttpClientAgent client, RequestOptions options, List<Map.Entry<CharSequence, CharSequence>> headers)
            implements Endpoint {

        @Override
        public Transfer send(String query, Map<String, String> further, byte[] body, Receiver receiver) {
            VertxTransfer transfer = new VertxTransfer(
                    client, query.isEmpty() ? options : withQuery(query), headers, further, body, receiver);
            transfer.begin();
            return transfer;
        }

        private RequestOptions withQuery(String query) {
            String uri = options.getURI();
            return new RequestOptions(options).setURI(uri + (uri.indexOf('?') < 0 ? "?" : "&") + query);
        }
    }

    private static final class VertxTransfer implements Transfer {
        private final HttpClientAgent client;
        private final RequestOptions options;
        private final List<Map.Entry<CharSequence, CharSequence>> headers;
        private final Map<String, String> further;
        private final Receiver receiver;
        /** Empty as soon as it will not be sent again. */
        private Optional<byte[]> body;

        private Optional<HttpClientRequest> request = Optional.empty();
        private Optional<HttpClientResponse> response = Optional.empty();
        /** Made for this request alone, after another one had ended. */
        private Optional<HttpClientConnection> own = Optional.empty();

        private long sentAt;
        private boolean uploaded;
        private boolean aborted;

        private VertxTransfer(
                HttpClientAgent client,
                RequestOptions options,
                List<Map.Entry<CharSequence, CharSequence>> headers,
                Map<String, String> further,
                byte[] body,
                Receiver receiver) {
            this.client = client;
            this.options = options;
            this.headers = headers;
            this.further = further;
            this.body = Optional.of(body);
            this.receiver = receiver;
        }

        private void begin() {
            client.request(options).onComplete(connected -> {
                if (connected.succeeded()) {
                    send(connected.result());
                } else {
                    report(connected.cause());
                }
            });
        }

        /** The connections that wait in the pool may be as old as the one that has ended. */
        private void resend() {
            HttpConnectOptions address = new HttpConnectOptions()
                    .setHost(options.getHost())
                    .setPort(options.getPort())
                    .setSsl(options.isSsl());
            client.connect(address)
                    .compose(connection -> {
                        own = Optional.of(connection);
                        VertxTransport.connected(connection);
                        return connection.request(options);
                    })
                    .onComplete(connected -> {
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
                connected.reset();
                own.ifPresent(HttpClientConnection::close);
                return;
            }
            request = Optional.of(connected);
            byte[] sending = body.orElseThrow();
            boolean again = own.isEmpty() && sending.length <= LONGEST_KEPT && isUsed(connected.connection());
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

        /** Whether another request was sent on this connection before. */
        private static boolean isUsed(HttpConnection connection) {
            return connection instanceof ConnectionBase transport
                    && transport.channel().attr(USED).getAndSet(true) != null;
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
            head.endHandler(end -> {
                own.ifPresent(HttpClientConnection::close);
                receiver.end();
            });
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
            if (endedWhileIdle(cause)) {
                request = Optional.empty();
                resend();
            } else {
                report(cause);
            }
        }

        private boolean endedWhileIdle(Throwable cause) {
            return body.isPresent() && !(cause instanceof DecoderException) && System.nanoTime() - sentAt < RACE;
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
                    breakOff(connected.connection());
                }
            });
            own.ifPresent(HttpClientConnection::close);
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
