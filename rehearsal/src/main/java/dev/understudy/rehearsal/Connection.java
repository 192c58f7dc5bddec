package dev.understudy.rehearsal;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One caller's connection: requests in, one after the other, and a script played for each.
 *
 * <p>The socket is read during an answer too, because that is how a caller's leaving is noticed at once. A caller that
 * closes its sending half has left.
 */
final class Connection {

    /** How long a refused caller has to read why. */
    static final Duration LINGER = Duration.ofMillis(250);

    /** Bytes of further requests that a caller may send ahead during an answer. */
    private static final int MAX_AHEAD = 64 * 1024;

    private static final Buffer CONTINUE = Buffer.buffer("HTTP/1.1 100 Continue\r\n\r\n");

    private final Vertx vertx;
    private final NetSocket socket;
    private final Director director;
    private final AtomicInteger openExchanges;
    private final Runnable whenClosed;
    private final RequestReader reader = new RequestReader();
    private Optional<Player> player = Optional.empty();
    private boolean closed;

    /**
     * @param openExchanges counts the exchanges between the end of the request and the end of the answer, over all
     *     connections
     * @param whenClosed called once
     */
    Connection(Vertx vertx, NetSocket socket, Director director, AtomicInteger openExchanges, Runnable whenClosed) {
        this.vertx = vertx;
        this.socket = socket;
        this.director = director;
        this.openExchanges = openExchanges;
        this.whenClosed = whenClosed;
    }

    void open() {
        socket.handler(this::receive);
        socket.closeHandler(gone -> leave());
    }

    private void receive(Buffer bytes) {
        reader.feed(bytes);
        if (player.isEmpty()) {
            readNext();
        } else if (reader.buffered() > MAX_AHEAD) {
            socket.close();
        }
    }

    private void readNext() {
        if (closed || player.isPresent()) {
            return;
        }
        switch (reader.next()) {
            case Reading.Incomplete more -> {
                // The next bytes bring us back here.
            }
            case Reading.AwaitsContinue waiting -> socket.write(CONTINUE);
            case Reading.Complete complete -> play(director.scriptFor(complete.request()), complete.request());
            case Reading.Rejected rejected -> start(director.scriptFor(rejected));
        }
    }

    private void play(Script script, HttpRequest request) {
        boolean last = request.isLast() && script.ending() instanceof Ending.NextRequest;
        start(last ? new Script(script.steps(), new Ending.Close()) : script);
    }

    private void start(Script script) {
        openExchanges.incrementAndGet();
        Player started = new Player(vertx, socket, script, this::finish);
        player = Optional.of(started);
        started.play();
    }

    private void finish() {
        player = Optional.empty();
        openExchanges.decrementAndGet();
        // Not directly: a caller that sends many requests ahead would nest as deep as they are many.
        vertx.runOnContext(later -> readNext());
    }

    private void leave() {
        closed = true;
        player.ifPresent(playing -> {
            playing.cancel();
            openExchanges.decrementAndGet();
        });
        player = Optional.empty();
        whenClosed.run();
    }
}
