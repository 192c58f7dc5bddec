package dev.understudy.gateway.connection;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.understudy.calls.config.ServerLimits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.lang.management.ManagementFactory;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits how many connections there are at once, in total and from one address ({@code server.max-connections}). A connection beyond
 * the limits is closed as it is accepted, before it has taken a buffer.
 *
 * <p>It also leaves file descriptors for the calls themselves: each needs an upstream connection, and a process that has none left
 * cannot load classes either. Callers' connections have at most three quarters of those that are free at the start.
 *
 * <p>It sits at the listening socket, because a server sees a connection only after its first bytes: one that sends nothing would
 * not be counted.
 */
@ChannelHandler.Sharable
public final class ConnectionLimits extends ChannelInboundHandlerAdapter {
    /** The part of an IPv6 address that belongs to a network: its owner can use all addresses in it. In bytes. */
    private static final int NETWORK = 8;

    /** File descriptors for everything but connections: libraries that are not loaded yet, files, names of hosts. */
    private static final int OTHER_FILES = 100;

    private final ServerLimits limits;
    private final int most;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();
    /** Only addresses that have connections, so the limit on connections bounds it. */
    private final ConcurrentHashMap<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();

    private volatile boolean inForce;

    public ConnectionLimits(ServerLimits limits) {
        this.limits = limits;
        this.most = Math.min(limits.connections(), leftByFiles());
    }

    private static int leftByFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? leftByFiles(system.getMaxFileDescriptorCount(), system.getOpenFileDescriptorCount())
                : Integer.MAX_VALUE;
    }

    /**
     * How many connections of callers there may be so that descriptors are left for upstream connections.
     *
     * @param files how many files the process may have open
     * @param open how many it has open
     */
    static int leftByFiles(long files, long open) {
        return Math.clamp((files - open) / 4 * 3 - OTHER_FILES, 1, Integer.MAX_VALUE);
    }

    /** Sockets that listen from now on are limited. Those of the rehearsal provider, which listens before, are not. */
    public void begin() {
        inForce = true;
    }

    /** Whether a socket that is opened now is limited. */
    boolean inForce() {
        return inForce;
    }

    /** How many connections there may be: {@code server.max-connections}, or fewer where the limit on open files is low. */
    public int most() {
        return most;
    }

    /** How many connections there are. */
    public int open() {
        return open.get();
    }

    /** How many connections were refused so far. */
    public long refused() {
        return refused.get();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        Channel connection = (Channel) accepted;
        InetAddress network = network(connection);
        if (!admit(network)) {
            refused.incrementAndGet();
            connection.unsafe().closeForcibly();
            return;
        }
        connection.closeFuture().addListener(closed -> leave(network));
        connection.pipeline().addFirst(new DeferredFlush(), new RequestHeadTimeout(limits.headerTimeout()));
        context.fireChannelRead(accepted);
    }

    private boolean admit(InetAddress network) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            return false;
        }
        if (perAddress.merge(network, 1, Integer::sum) > limits.connectionsPerAddress()) {
            leave(network);
            return false;
        }
        return true;
    }

    private void leave(InetAddress network) {
        open.decrementAndGet();
        perAddress.computeIfPresent(network, (key, count) -> count == 1 ? null : count - 1);
    }

    /** From which network a request comes: its address, or for IPv6 the /64 network of its address. */
    public static InetAddress network(HttpServerRequest request) {
        return request.connection() instanceof ConnectionBase connection
                ? network(connection.channel())
                : InetAddress.getLoopbackAddress();
    }

    private static InetAddress network(Channel connection) {
        InetAddress address =
                connection.remoteAddress() instanceof InetSocketAddress socket && socket.getAddress() != null
                        ? socket.getAddress()
                        : InetAddress.getLoopbackAddress();
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, NETWORK, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            // It has the length of an address.
            return address;
        }
    }
}
