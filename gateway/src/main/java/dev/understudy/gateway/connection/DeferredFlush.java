package dev.understudy.gateway.connection;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;

/**
 * Passes what was written to a connection to the operating system at the end of the event loop's iteration, together with what was written
 * to other connections in it.
 *
 * <p>Each system call that sends bytes wakes their receiver, which takes the processor. Where many connections have something to
 * read at once, as they have under load, it is cheaper to read and process all of them, and then to send everything in one row. Where only
 * one has, the end of the iteration is the end of its processing, and nothing is later than without this handler.
 *
 * <p>To be the first handler of a connection, below TLS. docs/decisions/0047 has the measurements.
 */
final class DeferredFlush extends ChannelDuplexHandler {
    /** Under the highest load an iteration may process hundreds of connections; the first ones do not wait for all of them. */
    static final int MOST = 16;

    private static final FastThreadLocal<Deferred> OF_LOOP = new FastThreadLocal<>() {
        @Override
        protected Deferred initialValue() {
            return new Deferred();
        }
    };

    private boolean deferred;

    @Override
    public void flush(ChannelHandlerContext context) {
        if (deferred) {
            return;
        }
        if (context.channel().eventLoop() instanceof SingleThreadEventLoop loop) {
            deferred = true;
            OF_LOOP.get().add(context, loop);
        } else {
            context.flush();
        }
    }

    private void flushDeferred(ChannelHandlerContext context) {
        if (deferred) {
            deferred = false;
            context.flush();
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The promise tells the caller.
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        flushDeferred(context);
        context.close(promise);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The promise tells the caller.
    public void disconnect(ChannelHandlerContext context, ChannelPromise promise) {
        flushDeferred(context);
        context.disconnect(promise);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        flushDeferred(context);
    }

    /** The connections of an event loop that are to be flushed. Used on the loop. */
    private static final class Deferred {
        private final List<ChannelHandlerContext> connections = new ArrayList<>(MOST);
        private boolean awaitsEnd;

        void add(ChannelHandlerContext context, SingleThreadEventLoop loop) {
            connections.add(context);
            if (connections.size() >= MOST) {
                flushAll();
            } else if (!awaitsEnd) {
                awaitsEnd = true;
                loop.executeAfterEventLoopIteration(this::endOfIteration);
            }
        }

        private void endOfIteration() {
            awaitsEnd = false;
            flushAll();
        }

        /** What is sent may complete a write whose listener writes more: then it is in the list, or in the next one. */
        private void flushAll() {
            List<ChannelHandlerContext> now = List.copyOf(connections);
            connections.clear();
            for (ChannelHandlerContext context : now) {
                ((DeferredFlush) context.handler()).flushDeferred(context);
            }
        }
    }
}
