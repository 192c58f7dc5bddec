package dev.understudy.testing.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * An HTTP/1.1 caller on a plain socket: sends exactly the bytes it is given, and tells exactly what came back and how
 * it ended.
 *
 * <p>{@link #readAnswer} takes a whole response, whatever becomes of it. To follow one as it arrives, use {@link
 * #readHead} and then {@link #readEvent} or {@link #readSome}; these throw the socket's own exceptions.
 */
public final class RawCaller implements AutoCloseable {

    private static final Duration USUAL_PATIENCE = Duration.ofSeconds(10);
    private static final int MOST_EVENT_BYTES = 32 * 1024 * 1024;

    private final Socket socket;
    private final InputStream in;
    private Duration patience = USUAL_PATIENCE;
    private RawHead lastHead = RawHead.NONE;
    private Optional<BodyStream> body = Optional.empty();

    private RawCaller(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        waitAtMost(USUAL_PATIENCE);
    }

    /** Connects to a port of 127.0.0.1. */
    public static RawCaller connect(int port) {
        return connect(port, new Socket());
    }

    /** Connects with so small a receive buffer that the other side soon has to wait for the reading here. */
    public static RawCaller connectWithLittleRoom(int port) {
        try {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(4096);
            return connect(port, socket);
        } catch (SocketException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static RawCaller connect(int port, Socket socket) {
        try {
            socket.setTcpNoDelay(true);
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) USUAL_PATIENCE.toMillis());
            return new RawCaller(socket);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** How long a single read may wait, and how long {@link #readAnswer} may take; 10 seconds if not said. */
    public RawCaller waitAtMost(Duration time) {
        patience = time;
        try {
            socket.setSoTimeout(Math.max(1, (int) time.toMillis()));
        } catch (SocketException failed) {
            throw new UncheckedIOException(failed);
        }
        return this;
    }

    public RawCaller send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public RawCaller send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A proper POST of JSON. Header lines come without their line ends. */
    public RawCaller post(String path, String json, String... headerLines) {
        StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Content-Type: application/json\r\nContent-Length: "
                + json.getBytes(StandardCharsets.UTF_8).length + "\r\n");
        for (String line : headerLines) {
            head.append(line).append("\r\n");
        }
        return send(head + "\r\n" + json);
    }

    /** A proper GET. */
    public RawCaller get(String path) {
        return send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    }

    /** The next response's head; the body can be read after it. Interim (1xx) heads are returned like any other. */
    public RawHead readHead() throws IOException {
        String first = BodyStream.readLine(in);
        String[] parts = first.split(" ", 3);
        if (parts.length < 2 || !parts[0].startsWith("HTTP/") || !parts[1].matches("\\d{3}")) {
            throw new ProtocolException("not a status line: " + first);
        }
        List<String> lines = new ArrayList<>();
        for (String line = BodyStream.readLine(in); !line.isEmpty(); line = BodyStream.readLine(in)) {
            lines.add(line);
        }
        lastHead = new RawHead(parts[0], Integer.parseInt(parts[1]), lines);
        body = Optional.of(new BodyStream(in, lastHead));
        return lastHead;
    }

    /** What has come of the body, at least a byte; empty when it is complete. */
    public Optional<byte[]> readSome() throws IOException {
        byte[] some = new byte[8192];
        int count = openBody().read(some);
        return count < 0 ? Optional.empty() : Optional.of(Arrays.copyOf(some, count));
    }

    /** The text up to the next blank line, without it; empty when the body is complete. */
    public Optional<String> readEvent() throws IOException {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        int before = -1;
        while (event.size() < MOST_EVENT_BYTES) {
            int next = openBody().read();
            if (next < 0) {
                return event.size() == 0 ? Optional.empty() : Optional.of(event.toString(StandardCharsets.UTF_8));
            }
            if (next == '\n' && before == '\n') {
                return Optional.of(event.toString(StandardCharsets.UTF_8).stripTrailing());
            }
            event.write(next);
            before = next;
        }
        throw new ProtocolException("an event without an end");
    }

    /** A whole response, or as much as comes of it within the patience. Never throws for what the other side does. */
    public RawAnswer readAnswer() {
        return read(RawHead.NONE, () -> {}, some -> {});
    }

    /**
     * The same, told of as it arrives.
     *
     * @param onHead called when the head is there, before anything of the body is read
     * @param onSome takes what each read brought of the body
     */
    public RawAnswer readAnswer(Runnable onHead, Consumer<byte[]> onSome) {
        return read(RawHead.NONE, onHead, onSome);
    }

    /** The same, for a response whose head was read with {@link #readHead} and perhaps some of its body too. */
    public RawAnswer readRest() {
        return read(lastHead, () -> {}, some -> {});
    }

    private RawAnswer read(RawHead known, Runnable onHead, Consumer<byte[]> onSome) {
        long started = System.nanoTime();
        RawHead head = known;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        End end;
        try {
            head = known.equals(RawHead.NONE) ? readHead() : known;
            onHead.run();
            for (Optional<byte[]> some = readSome(); some.isPresent(); some = readSome()) {
                all.writeBytes(some.get());
                onSome.accept(some.get());
                if (System.nanoTime() - started > patience.toNanos()) {
                    return new RawAnswer(head, all.toByteArray(), End.ENDLESS);
                }
            }
            end = End.COMPLETE;
        } catch (SocketTimeoutException silent) {
            end = End.SILENT;
        } catch (EOFException closed) {
            end = End.CLOSED;
        } catch (ProtocolException broken) {
            end = End.MALFORMED;
        } catch (SocketException reset) {
            end = End.RESET;
        } catch (IOException other) {
            throw new UncheckedIOException(other);
        }
        return new RawAnswer(head, all.toByteArray(), end);
    }

    /** A byte that comes after everything was read: nothing if the other side has closed. */
    public OptionalInt readBeyond() throws IOException {
        int next = in.read();
        return next < 0 ? OptionalInt.empty() : OptionalInt.of(next);
    }

    /** Leaves in order: FIN. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Leaves abruptly: RST. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private BodyStream openBody() {
        return body.orElseThrow(() -> new IllegalStateException("read the head first"));
    }
}
