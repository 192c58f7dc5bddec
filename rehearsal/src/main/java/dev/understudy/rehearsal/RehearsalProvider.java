package dev.understudy.rehearsal;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A provider inside this process that speaks OpenAI Chat Completions on a loopback port and fails on demand.
 *
 * <p>It serves {@code POST /v1/chat/completions} and {@code GET /v1/models}; {@link Act} lists its models. No key is
 * needed, and any is accepted.
 *
 * <p>It is built on plain TCP rather than on an HTTP server, because half of what it has to show is what an HTTP server
 * prevents: answers that stop short, break off or never begin.
 */
public final class RehearsalProvider {
    /**
     * The request header that names an act with its parameters, in place of the model. The answer has the model of the request, so that
     * this provider can stand in for any other.
     */
    public static final String ACT_HEADER = "rehearsal-act";

    /** Further connections are closed: this is a test tool, not a service. */
    private static final int MAX_CONNECTIONS = 1024;

    private static final String HOST = "127.0.0.1";

    private final Vertx vertx;
    private final int maxConnections;
    private final NetServer server;
    private final Memory memory = new Memory();
    private final Director director = new Director(memory, InstantSource.system());
    private final AtomicInteger openExchanges = new AtomicInteger();
    private int connections;

    private RehearsalProvider(Vertx vertx, int maxConnections) {
        this.vertx = vertx;
        this.maxConnections = maxConnections;
        this.server = vertx.createNetServer(
                        new NetServerOptions().setHost(HOST).setPort(0).setTcpNoDelay(true))
                .connectHandler(this::accept);
    }

    /**
     * Starts a provider of its own on a port that is free.
     *
     * @return fails if no port can be bound
     */
    public static Future<RehearsalProvider> start(Vertx vertx) {
        return start(vertx, MAX_CONNECTIONS);
    }

    static Future<RehearsalProvider> start(Vertx vertx, int maxConnections) {
        RehearsalProvider provider = new RehearsalProvider(vertx, maxConnections);
        return provider.server.listen().map(listening -> provider);
    }

    /** The TCP port on 127.0.0.1. */
    public int port() {
        return server.actualPort();
    }

    /** What a client takes as its base URL, with the version and without a slash at the end. */
    public String baseUrl() {
        return "http://" + HOST + ":" + port() + "/v1";
    }

    /**
     * Requests that are read and whose answer is neither complete nor given up: 0 soon after every caller is served or
     * has left. May be called from any thread.
     */
    public int openExchanges() {
        return openExchanges.get();
    }

    /**
     * How many requests named this model, by its whole name with its parameters. Only the thousand names that were used last
     * are remembered. May be called from any thread.
     */
    public long requestsSeen(String model) {
        return memory.requestsSeen(model);
    }

    /** How many requests named any model. May be called from any thread. */
    public long requestsSeen() {
        return memory.requestsSeen();
    }

    /** Sets the counts of requests to zero, and lets {@link Act#ONCE} and {@link Act#FLAKY} begin anew. */
    public void forget() {
        memory.forget();
    }

    /** Stops listening and closes every connection. */
    public Future<Void> close() {
        return server.close();
    }

    /** All connections of one server share an event loop, so plain fields do. */
    private void accept(NetSocket socket) {
        if (connections >= maxConnections) {
            socket.close();
            return;
        }
        connections++;
        new Connection(vertx, socket, director, openExchanges, () -> connections--).open();
    }
}
