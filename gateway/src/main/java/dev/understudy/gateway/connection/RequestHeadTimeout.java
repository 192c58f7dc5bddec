package dev.understudy.gateway.connection;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection whose request line and headers do not arrive in time ({@code server.header-timeout}). The time begins with the
 * first byte of a request, so that idle connections of clients' pools are not affected.
 *
 * <p>A head that arrives in one piece, as nearly all do, costs no timer. Requests of HTTP/2 have frames of their own; only the
 * beginning of such a connection is timed.
 */
public final class RequestHeadTimeout extends ChannelInboundHandlerAdapter {
    private static final AttributeKey<RequestHeadTimeout> KEY =
            AttributeKey.valueOf(RequestHeadTimeout.class, "timeout");

    private final Duration timeout;
    private boolean awaitsHead = true;
    private Optional<ScheduledFuture<?>> timer = Optional.empty();

    RequestHeadTimeout(Duration timeout) {
        this.timeout = timeout;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.channel().attr(KEY).set(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        context.fireChannelRead(bytes);
        if (awaitsHead && timer.isEmpty()) {
            timer = Optional.of(
                    context.executor().schedule(() -> expire(context), timeout.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    private void expire(ChannelHandlerContext context) {
        timer = Optional.empty();
        if (awaitsHead) {
            ChannelFuture closing = context.close();
            closing.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }
    }

    /** A request's head has arrived. */
    public static void headArrived(HttpServerRequest request) {
        of(request).ifPresent(timeout -> {
            timeout.awaitsHead = false;
            timeout.timer.ifPresent(pending -> pending.cancel(false));
            timeout.timer = Optional.empty();
        });
    }

    /** The request has been answered, so that what arrives next is another one. */
    public static void answered(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            of(request).ifPresent(timeout -> timeout.awaitsHead = true);
        }
    }

    private static Optional<RequestHeadTimeout> of(HttpServerRequest request) {
        return request.connection() instanceof ConnectionBase connection
                ? Optional.ofNullable(connection.channel().attr(KEY).get())
                : Optional.empty();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        timer.ifPresent(pending -> pending.cancel(false));
        context.fireChannelInactive();
    }
}
