package dev.understudy.gateway.contract;

import dev.understudy.testing.wire.Reply;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** An upstream that a test plays itself, byte by byte at its own pace: for what no {@link Reply} can say beforehand. */
final class PlainUpstream implements AutoCloseable {

    /** Plays one connection; it is closed afterwards. */
    interface Play {
        void with(Socket socket) throws IOException;
    }

    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private PlainUpstream(ServerSocket server) {
        this.server = server;
    }

    static PlainUpstream start(Play play) {
        try {
            PlainUpstream upstream = new PlainUpstream(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().name("plain-upstream").start(() -> upstream.acceptAll(play));
            return upstream;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** The whole request, which must tell its length. */
    static byte[] readRequest(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("closed inside the head");
            }
            head.write(next);
        }
        String length = head.toString(StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> line.regionMatches(true, 0, "content-length:", 0, 15))
                .findFirst()
                .orElseThrow(() -> new EOFException("no length"));
        head.writeBytes(in.readNBytes(Integer.parseInt(length.substring(15).strip())));
        return head.toByteArray();
    }

    static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    static void writeChunk(Socket socket, String text) throws IOException {
        write(socket, Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + text + "\r\n");
    }

    private void acceptAll(Play play) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> play(play, socket));
            } catch (IOException stopped) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(stopped);
                }
            }
        }
    }

    private void play(Play play, Socket socket) {
        try (socket) {
            play.with(socket);
        } catch (IOException left) {
            // The peer has gone, or the test has closed this; what it means is the test's to assert at the other end.
            open.remove(socket);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
