package dev.understudy.gateway.connection;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import java.util.concurrent.ThreadFactory;

/** A transport of Vert.x whose listening sockets have {@link ConnectionLimits}, and whose connections have {@link DeferredFlush}. */
public final class LimitedTransport implements io.vertx.core.transport.Transport {
    private final io.vertx.core.transport.Transport usual;
    private final Transport limited;

    private LimitedTransport(io.vertx.core.transport.Transport usual, ConnectionLimits limits) {
        this.usual = usual;
        this.limited = new Limited(usual.implementation(), limits);
    }

    /** The best transport of this machine, with limits. */
    public static LimitedTransport of(ConnectionLimits limits) {
        io.vertx.core.transport.Transport best = io.vertx.core.transport.Transport.nativeTransport();
        boolean available = best != null && best.available();
        return new LimitedTransport(available ? best : io.vertx.core.transport.Transport.NIO, limits);
    }

    @Override
    public String name() {
        return usual.name();
    }

    @Override
    public boolean available() {
        return usual.available();
    }

    @Override
    public Throwable unavailabilityCause() {
        return usual.unavailabilityCause();
    }

    @Override
    public Transport implementation() {
        return limited;
    }

    private record Limited(Transport usual, ConnectionLimits limits) implements Transport {
        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            ChannelFactory<? extends ServerChannel> factory = usual.serverChannelFactory(domainSocket);
            return () -> {
                ServerChannel listening = factory.newChannel();
                if (limits.inForce()) {
                    listening.pipeline().addFirst(limits);
                }
                return listening;
            };
        }

        @Override
        public boolean supportsDomainSockets() {
            return usual.supportsDomainSockets();
        }

        @Override
        public boolean supportFileRegion() {
            return usual.supportFileRegion();
        }

        @Override
        public boolean isAvailable() {
            return usual.isAvailable();
        }

        @Override
        public Throwable unavailabilityCause() {
            return usual.unavailabilityCause();
        }

        @Override
        public java.net.SocketAddress convert(io.vertx.core.net.SocketAddress address) {
            return usual.convert(address);
        }

        @Override
        public io.vertx.core.net.SocketAddress convert(java.net.SocketAddress address) {
            return usual.convert(address);
        }

        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return usual.ioHandlerFactory();
        }

        @Override
        public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ratio) {
            return usual.eventLoopGroup(type, threads, factory, ratio);
        }

        @Override
        @SuppressWarnings("deprecation") // Vert.x has it in its interface.
        public DatagramChannel datagramChannel(InternetProtocolFamily family) {
            return usual.datagramChannel(family);
        }

        @Override
        public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
            return usual.datagramChannelFactory();
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            ChannelFactory<? extends Channel> factory = usual.channelFactory(domainSocket);
            return () -> {
                Channel channel = factory.newChannel();
                channel.pipeline().addFirst(new DeferredFlush());
                return channel;
            };
        }

        @Override
        public void configure(DatagramChannel channel, DatagramSocketOptions options) {
            usual.configure(channel, options);
        }

        @Override
        public void configure(TcpConfig config, boolean domainSocket, Bootstrap bootstrap) {
            usual.configure(config, domainSocket, bootstrap);
        }

        @Override
        public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
            usual.configure(config, domainSocket, bootstrap);
        }
    }
}
