package dev.understudy.testing.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * An upstream on a plain server socket. What it answers is scripted in raw bytes; what it receives is kept to the byte,
 * with the time at which the peer left.
 *
 * <pre>{@code
 * try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
 *     upstream.answer(Reply.json(503, "{}")).answer(Reply.eventStream().event("{}").reset());
 *     ...
 *     assertThat(upstream.take().body()).isEqualTo(sent);
 * }
 * }</pre>
 *
 * <p>Replies are used up in the order in which requests arrive, over all connections. A request for which none is left
 * gets the standing reply, or a 500 that says so.
 */
public final class ScriptedUpstream implements AutoCloseable {

    /** How long {@link #take()} waits. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Reply NOTHING_SCRIPTED = Reply.json(
                    500, "{\"error\":{\"message\":\"the test scripted no reply for this request\"}}")
            .close();

    private final ServerSocket server;
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<ReceivedRequest> received = new LinkedBlockingQueue<>();
    private final Set<ScriptedConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Function<ReceivedRequest, Reply> standing = request -> NOTHING_SCRIPTED;
    private volatile Optional<Reply> greeting = Optional.empty();
    private volatile boolean closed;

    private ScriptedUpstream(ServerSocket server) {
        this.server = server;
    }

    /** Listens on a free port of 127.0.0.1. */
    public static ScriptedUpstream start() {
        try {
            ScriptedUpstream upstream =
                    new ScriptedUpstream(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().name("scripted-upstream").start(upstream::acceptAll);
            return upstream;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A port of 127.0.0.1 that had no listener a moment ago: connections to it are refused. */
    public static int unusedPort() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Without a slash at the end. */
    public String baseUrl() {
        return "http://127.0.0.1:" + port() + "/v1";
    }

    /** Adds the reply to one more request. */
    public ScriptedUpstream answer(Reply reply) {
        replies.add(reply);
        return this;
    }

    /** The reply for every request that finds no other. */
    public ScriptedUpstream answerAlways(Reply reply) {
        return answerWith(request -> reply);
    }

    /** The same, made from the request; called by the thread of the request's connection. */
    public ScriptedUpstream answerWith(Function<ReceivedRequest, Reply> replyTo) {
        standing = replyTo;
        return this;
    }

    /** What happens on each new connection before a request is read, such as closing it. */
    public ScriptedUpstream onConnect(Reply reply) {
        greeting = Optional.of(reply);
        return this;
    }

    /**
     * The next request that was received.
     *
     * @throws AssertionError if none comes within 10 seconds
     */
    public ReceivedRequest take() {
        try {
            ReceivedRequest request = received.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (request == null) {
                throw new AssertionError("no request arrived within " + LIMIT);
            }
            return request;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", stop);
        }
    }

    /** The requests received until now that were not taken, in order. */
    public List<ReceivedRequest> requests() {
        return List.copyOf(received);
    }

    /** Lets go of the requests that were received and not taken, so that a test of very many can measure memory. */
    public void forgetRequests() {
        received.clear();
    }

    /** Requests received until now, taken or not. */
    public int requestCount() {
        return requests.get();
    }

    /** Connections accepted until now. */
    public int connectionCount() {
        return accepted.get();
    }

    /** Stops listening, closes all connections and ends their threads. */
    @Override
    public void close() {
        closed = true;
        try {
            server.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        connections.forEach(ScriptedConnection::close);
    }

    Reply next(ReceivedRequest request) {
        requests.incrementAndGet();
        received.add(request);
        Reply reply = replies.poll();
        return reply == null ? standing.apply(request) : reply;
    }

    void forget(ScriptedConnection connection) {
        connections.remove(connection);
    }

    private void acceptAll() {
        while (!closed) {
            try {
                Socket socket = server.accept();
                ScriptedConnection connection = new ScriptedConnection(socket, accepted.incrementAndGet(), this);
                connections.add(connection);
                connection.start(greeting);
                if (closed) {
                    connection.close();
                }
            } catch (IOException stopped) {
                // accept() ends in no other way when the server socket is closed.
                if (!closed) {
                    throw new UncheckedIOException(stopped);
                }
            }
        }
    }
}
