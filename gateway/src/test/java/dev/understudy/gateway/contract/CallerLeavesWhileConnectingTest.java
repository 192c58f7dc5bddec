package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawCaller;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection that opens after its caller has left is not used. */
@Timeout(60)
class CallerLeavesWhileConnectingTest {

    @Test
    void requestOfACallerWhoLeftIsNotSentWhenTheConnectionIsThereAtLast() throws IOException {
        try (FullBacklog upstream = new FullBacklog();
                GatewayFixture gateway = GatewayFixture.startWith("""
                        server: {port: 0, drain: 0s}
                        providers: {full: {base-url: "http://127.0.0.1:%d/v1"}}
                        defaults: {deadline: 60s, timeouts: {connect: 60s}}
                        """.formatted(upstream.port()))) {
            RawCaller caller = gateway.caller().post(GatewayFixture.PATH, Chats.ask("full/m"));
            upstream.awaitConnectionAttempt();

            caller.close();

            assertThat(gateway.log(1).getFirst()).contains("\"ending\":\"caller_left\"");
            assertThat(upstream.letInAndListen()).isEmpty();
        }
    }

    /** A server whose queue of connections is full: the next one waits until one is accepted. */
    private static final class FullBacklog implements AutoCloseable {
        private static final int MOST = 50;

        private final ServerSocket server;
        private final List<SocketChannel> fillers = new ArrayList<>();

        FullBacklog() throws IOException {
            server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            boolean roomLeft = true;
            while (roomLeft && fillers.size() < MOST) {
                SocketChannel filler = SocketChannel.open();
                fillers.add(filler);
                try {
                    filler.socket().connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), 300);
                } catch (SocketTimeoutException full) {
                    roomLeft = false;
                }
            }
            assertThat(roomLeft).isFalse();
        }

        int port() {
            return server.getLocalPort();
        }

        /** The kernel tells of no connection that it does not answer; the gateway's first attempt has surely been made. */
        void awaitConnectionAttempt() throws IOException {
            try (Socket probe = new Socket()) {
                probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), 300);
                throw new AssertionError("the queue was not full");
            } catch (SocketTimeoutException asMeant) {
                // This one came after the gateway's and had to wait as well.
            }
        }

        /** Accepts everybody, and returns what the one who is not a filler says within a moment. */
        byte[] letInAndListen() throws IOException {
            Set<Integer> known = new HashSet<>();
            for (SocketChannel filler : fillers) {
                known.add(filler.socket().getLocalPort());
            }
            server.setSoTimeout(20_000);
            while (true) {
                try (Socket accepted = server.accept()) {
                    if (!known.contains(accepted.getPort())) {
                        accepted.setSoTimeout(500);
                        return accepted.getInputStream().readAllBytes();
                    }
                } catch (SocketTimeoutException quiet) {
                    return new byte[0];
                }
            }
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel filler : fillers) {
                filler.close();
            }
            server.close();
        }
    }
}
