package dev.understudy.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is written is flushed once, at the end of the event loop's iteration, and never lost. */
class DeferredFlushTest {
    private final LocalAddress address = new LocalAddress(DeferredFlushTest.class);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final SingleThreadEventLoop loop = (SingleThreadEventLoop) group.next();
    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
    /** What reaches the sockets, in order: the numbers of connections that are flushed, negative if they are closed. */
    private final List<Integer> atSockets = new ArrayList<>();

    @BeforeEach
    void listen() throws Exception {
        new ServerBootstrap()
                .group(group)
                .channel(LocalServerChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext context, Object message) {
                                received.add(message);
                            }
                        });
                    }
                })
                .bind(address)
                .sync();
    }

    @AfterEach
    void end() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private Channel connection(int number) throws Exception {
        Channel channel = new Bootstrap()
                .group(group)
                .channel(LocalChannel.class)
                .handler(new ChannelOutboundHandlerAdapter() {})
                .connect(address)
                .sync()
                .channel();
        channel.pipeline().addFirst(new DeferredFlush());
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext context) {
                atSockets.add(number);
                context.flush();
            }

            @Override
            public void close(ChannelHandlerContext context, ChannelPromise promise) {
                atSockets.add(-number);
                context.close(promise);
            }
        });
        return channel;
    }

    private <T> T onLoop(Callable<T> action) throws Exception {
        return loop.submit(action).get(10, TimeUnit.SECONDS);
    }

    /** What has reached the sockets when the iteration in which the action runs is over. */
    private List<Integer> afterIterationOf(Runnable action) throws Exception {
        CompletableFuture<List<Integer>> after = new CompletableFuture<>();
        onLoop(() -> {
            action.run();
            loop.executeAfterEventLoopIteration(() -> after.complete(List.copyOf(atSockets)));
            return action;
        });
        return after.get(10, TimeUnit.SECONDS);
    }

    @Test
    void sendsAtTheEndOfTheIteration() throws Exception {
        Channel first = connection(1);
        Channel second = connection(2);
        List<Integer> during = new ArrayList<>();

        List<Integer> after = afterIterationOf(() -> {
            first.writeAndFlush("a");
            second.writeAndFlush("b");
            first.writeAndFlush("c");
            during.addAll(atSockets);
        });

        assertThat(during).isEmpty();
        assertThat(after).containsExactly(1, 2);
        assertThat(List.of(received.take(), received.take(), received.take())).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void sendsEachIterationsBytesWithIt() throws Exception {
        Channel only = connection(1);
        for (int iteration = 1; iteration <= 3; iteration++) {
            int times = iteration;
            assertThat(afterIterationOf(() -> only.writeAndFlush("iteration " + times)))
                    .hasSize(times);
            assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("iteration " + times);
        }
    }

    @Test
    void doesNotLetManyConnectionsWaitForEachOther() throws Exception {
        List<Channel> connections = new ArrayList<>();
        for (int number = 1; number <= DeferredFlush.MOST + 1; number++) {
            connections.add(connection(number));
        }
        List<Integer> during = new ArrayList<>();

        List<Integer> after = afterIterationOf(() -> {
            connections.forEach(connection -> connection.writeAndFlush("x"));
            during.addAll(atSockets);
        });

        assertThat(during).hasSize(DeferredFlush.MOST);
        assertThat(after).hasSize(DeferredFlush.MOST + 1).doesNotHaveDuplicates();
    }

    @Test
    void sendsWhatWasWrittenBeforeAConnectionIsClosed() throws Exception {
        Channel closed = connection(1);
        Channel other = connection(2);

        List<Integer> after = afterIterationOf(() -> {
            other.writeAndFlush("stays");
            closed.writeAndFlush("last words");
            closed.close();
        });

        assertThat(after).containsExactly(1, -1, 2);
        assertThat(List.of(received.take(), received.take())).containsExactlyInAnyOrder("last words", "stays");
    }

    @Test
    void sendsWhatIsWrittenWhenAWriteIsComplete() throws Exception {
        Channel first = connection(1);
        Channel second = connection(2);

        onLoop(() -> first.writeAndFlush("request").addListener(sent -> second.writeAndFlush("what follows from it")));

        assertThat(List.of(received.take(), received.take())).containsExactly("request", "what follows from it");
    }

    @Test
    void sendsWhatWaitsWhenItIsRemoved() throws Exception {
        Channel channel = connection(1);

        List<Integer> after = afterIterationOf(() -> {
            channel.writeAndFlush("x");
            channel.pipeline().remove(DeferredFlush.class);
        });

        assertThat(after).containsExactly(1);
        assertThat(received.take()).isEqualTo("x");
    }
}
