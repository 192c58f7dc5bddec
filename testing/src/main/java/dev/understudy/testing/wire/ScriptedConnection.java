package dev.understudy.testing.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One connection of a {@link ScriptedUpstream}, on two virtual threads: one reads all the time, so that the peer's
 * leaving is seen when it happens; the other plays the replies.
 */
final class ScriptedConnection {

    /** Nothing waits longer than this, whatever a test forgets. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Pattern LENGTH = Pattern.compile("\\r\\ncontent-length: *(\\d+)");

    private final Socket socket;
    private final int number;
    private final ScriptedUpstream upstream;
    private final BlockingQueue<Reply> toPlay = new LinkedBlockingQueue<>();
    private final CompletableFuture<Long> peerClosed = new CompletableFuture<>();
    private final CountDownLatch gone = new CountDownLatch(1);

    ScriptedConnection(Socket socket, int number, ScriptedUpstream upstream) {
        this.socket = socket;
        this.number = number;
        this.upstream = upstream;
    }

    void start(Optional<Reply> greeting) throws IOException {
        socket.setTcpNoDelay(true);
        greeting.ifPresent(toPlay::add);
        Thread.ofVirtual().name("scripted-reader-" + number).start(this::readAll);
        Thread.ofVirtual().name("scripted-writer-" + number).start(this::playAll);
    }

    void close() {
        end(new IllegalStateException("the upstream was closed"));
    }

    private void readAll() {
        try {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                toPlay.add(upstream.next(readRequest(in)));
            }
        } catch (IOException left) {
            // The end of the connection: the peer's doing, unless this side ended it before.
            peerClosed.complete(System.nanoTime());
            gone.countDown();
            end(left);
        }
    }

    /** A request to the byte: its end is known, its content is not judged. */
    private ReceivedRequest readRequest(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        readLinesUntilEmpty(in, bytes);
        int headLength = bytes.size();
        String head = bytes.toString(StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        Matcher length = LENGTH.matcher(head);
        if (head.contains("\r\ntransfer-encoding: chunked")) {
            readChunks(in, bytes);
        } else if (length.find()) {
            copy(in, bytes, Integer.parseInt(length.group(1)));
        }
        return new ReceivedRequest(number, bytes.toByteArray(), headLength, peerClosed);
    }

    private static void readChunks(InputStream in, ByteArrayOutputStream bytes) throws IOException {
        while (true) {
            String size = readLine(in, bytes).replaceFirst(";.*", "").strip();
            int length = Integer.parseInt(size, 16);
            if (length == 0) {
                readLinesUntilEmpty(in, bytes);
                return;
            }
            copy(in, bytes, length + 2);
        }
    }

    private static void readLinesUntilEmpty(InputStream in, ByteArrayOutputStream bytes) throws IOException {
        String line = readLine(in, bytes);
        while (!line.isEmpty()) {
            line = readLine(in, bytes);
        }
    }

    private static String readLine(InputStream in, ByteArrayOutputStream bytes) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            bytes.write(next);
            if (next == '\n') {
                return line.toString().strip();
            }
            line.append((char) next);
        }
        throw new EOFException("the peer closed");
    }

    private static void copy(InputStream in, ByteArrayOutputStream bytes, int length) throws IOException {
        byte[] read = in.readNBytes(length);
        if (read.length < length) {
            throw new EOFException("the peer closed in the middle of a body");
        }
        bytes.writeBytes(read);
    }

    private void playAll() {
        try {
            boolean open = true;
            while (open && gone.getCount() > 0) {
                Reply reply = toPlay.poll(50, TimeUnit.MILLISECONDS);
                open = reply == null || play(reply);
            }
        } catch (SocketException left) {
            // Written into a connection that the peer has left, before the reader has noticed.
            peerClosed.complete(System.nanoTime());
            end(left);
        } catch (IOException broken) {
            end(broken);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            end(stop);
        }
    }

    /** Whether the connection is still there for another reply. */
    private boolean play(Reply reply) throws IOException, InterruptedException {
        for (Reply.Step step : reply.steps()) {
            switch (step) {
                case Reply.Step.Send send -> {
                    socket.getOutputStream().write(send.bytes());
                    socket.getOutputStream().flush();
                }
                case Reply.Step.Pause pause -> {
                    if (gone.await(pause.time().toNanos(), TimeUnit.NANOSECONDS)) {
                        return false;
                    }
                }
                case Reply.Step.Await signal -> awaitSignal(signal.latch());
                case Reply.Step.Close close -> {
                    end(new IllegalStateException("the reply closed the connection"));
                    return false;
                }
                case Reply.Step.Reset reset -> {
                    socket.setSoLinger(true, 0);
                    end(new IllegalStateException("the reply reset the connection"));
                    return false;
                }
                case Reply.Step.Hold hold -> {
                    boolean left = gone.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
                    if (!left) {
                        end(new IllegalStateException("held for " + LIMIT));
                    }
                    return false;
                }
            }
        }
        return true;
    }

    private void awaitSignal(CountDownLatch signal) throws IOException, InterruptedException {
        long started = System.nanoTime();
        while (!signal.await(5, TimeUnit.MILLISECONDS)) {
            if (gone.getCount() == 0 || System.nanoTime() - started > LIMIT.toNanos()) {
                throw new IOException("the connection no longer waits for a reply");
            }
        }
    }

    private void end(Throwable cause) {
        peerClosed.completeExceptionally(cause);
        gone.countDown();
        upstream.forget(this);
        try {
            socket.close();
        } catch (IOException closing) {
            // There is nothing left to close it for; the cause above is the one that counts.
            cause.addSuppressed(closing);
        }
    }
}
