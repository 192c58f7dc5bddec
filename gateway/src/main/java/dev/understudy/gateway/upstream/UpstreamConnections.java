package dev.understudy.gateway.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;

/**
 * The connections of an event loop to providers.
 *
 * <p>Connections are kept and used again. A provider may close one that is idle at the moment at which a request is sent on it; that
 * says nothing about the provider. So a request {@linkplain #mayHaveBeenIdle may be sent once more} on a connection that is made for it
 * (RFC 9112, 9.3.1).
 */
public final class UpstreamConnections {
    /** How long after a request the end of its connection may still be that of an idle one, in nanoseconds. */
    private static final long RACE = TimeUnit.SECONDS.toNanos(1);

    /** Is set on a connection that a request was sent on. */
    private static final AttributeKey<Boolean> USED = AttributeKey.valueOf(UpstreamConnections.class, "used");

    private final HttpClientAgent client;
    private final HostAddresses addresses;

    /** @param client the event loop's own */
    public UpstreamConnections(Vertx vertx, HttpClientAgent client) {
        this.client = client;
        this.addresses = new HostAddresses(vertx, client, InetAddress::getAllByName, HostAddresses.NEXT_AFTER_MS);
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
            ChannelHandlerContext http = pipeline.context(HttpClientCodec.class);
            if (http != null) {
                pipeline.addAfter(http.name(), "informational", new InformationalResponses());
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

    /**
     * Drops informational responses (1xx), which precede the response and say nothing about it (RFC 9110, 15.2). Vert.x takes those
     * other than 100 and 103 for the response. 101 remains: no request has an upgrade, so it is a fault of the provider.
     */
    private static final class InformationalResponses extends ChannelInboundHandlerAdapter {
        private boolean dropping;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpResponse response) {
                dropping = response.status().codeClass() == HttpStatusClass.INFORMATIONAL
                        && !response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
            }
            if (dropping) {
                ReferenceCountUtil.release(message);
            } else {
                context.fireChannelRead(message);
            }
        }
    }

    /** A request on a connection of the pool. */
    Future<HttpClientRequest> pooled(RequestOptions options) {
        return addresses.request(options);
    }

    /**
     * A request on a connection that is made for it and closed after its response: those that wait in the pool may be as old as the one
     * that has ended.
     */
    Future<HttpClientRequest> onItsOwn(RequestOptions options) {
        HttpConnectOptions address = new HttpConnectOptions()
                .setHost(options.getHost())
                .setPort(options.getPort())
                .setSsl(options.isSsl());
        addresses.preferred(options).ifPresent(address::setServer);
        return client.connect(address).compose(connection -> {
            connected(connection);
            return connection
                    .request(options)
                    .map(request -> request.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE));
        });
    }

    /** Whether another request was sent on this connection before; it counts as used from now on. */
    static boolean use(HttpConnection connection) {
        return connection instanceof ConnectionBase transport
                && transport.channel().attr(USED).getAndSet(true) != null;
    }

    /**
     * Whether a connection that had been used before, and ended without the head of a response, may have been closed because it was idle.
     *
     * @param sentAt when the request was sent, by {@link System#nanoTime()}
     */
    static boolean mayHaveBeenIdle(Throwable cause, long sentAt) {
        return !(cause instanceof DecoderException) && System.nanoTime() - sentAt < RACE;
    }

    /** Cancels a request that was not sent. */
    static void cancel(HttpClientRequest request) {
        request.reset();
        if (request.headers().contains(HttpHeaders.CONNECTION)) {
            // No response will close the connection that was made for it.
            request.connection().close();
        }
    }

    /** Ends a connection at once: a reset would send the rest of a long request first, and the provider would process it. */
    static void breakOff(HttpConnection connection) {
        if (connection instanceof ConnectionBase transport) {
            Channel channel = transport.channel();
            channel.unsafe().close(channel.voidPromise());
        }
    }
}
