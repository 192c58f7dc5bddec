package dev.understudy.rehearsal;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.List;

/**
 * Performs one script on one connection.
 *
 * <p>Runs on the connection's event loop alone, so it needs no locks. It writes only while the caller reads, and
 * does nothing more once it was cancelled.
 */
final class Player {

    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final NetSocket socket;
    private final Ending ending;
    private final Runnable whenReady;

    private List<WireStep> steps;
    private int position;
    private long timer = NO_TIMER;
    private boolean awaitsRoom;
    private boolean over;
    private Future<Void> lastWrite = Future.succeededFuture();

    /**
     * @param whenReady called once, when the answer is complete and the connection can take the next request; for all
     *     other endings the closing of the connection is the sign
     */
    Player(Vertx vertx, NetSocket socket, Script script, Runnable whenReady) {
        this.vertx = vertx;
        this.socket = socket;
        this.steps = script.steps();
        this.ending = script.ending();
        this.whenReady = whenReady;
    }

    /** Starts, or resumes after a pause. */
    void play() {
        while (!over) {
            if (position == steps.size()) {
                end();
                return;
            }
            switch (steps.get(position++)) {
                case WireStep.Send send -> {
                    lastWrite = socket.write(send.bytes());
                    if (socket.writeQueueFull()) {
                        awaitRoom();
                        return;
                    }
                }
                case WireStep.Pause pause -> {
                    timer = vertx.setTimer(Math.max(1, pause.time().toMillis()), id -> {
                        timer = NO_TIMER;
                        play();
                    });
                    return;
                }
            }
        }
    }

    /** The caller has left: nothing more is written, and no timer is left behind. */
    void cancel() {
        over = true;
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
    }

    private void awaitRoom() {
        awaitsRoom = true;
        socket.drainHandler(drained -> {
            // The handler stays in place, and the queue may drain again during a later pause.
            if (awaitsRoom) {
                awaitsRoom = false;
                play();
            }
        });
    }

    private void end() {
        switch (ending) {
            case Ending.NextRequest next -> {
                over = true;
                whenReady.run();
            }
            case Ending.Close close -> {
                over = true;
                lastWrite.onComplete(written -> socket.close());
            }
            case Ending.Reset reset -> {
                over = true;
                lastWrite.onComplete(written -> breakOff());
            }
            case Ending.Hold hold -> over = true;
            case Ending.Repeat repeat -> {
                steps = repeat.steps();
                position = 0;
                play();
            }
        }
    }

    /** With a linger time of 0 the kernel sends RST instead of FIN. Only Netty's channel lets a server say so late. */
    private void breakOff() {
        Channel channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        // However it ends, the connection's close handler is called.
        var unused = channel.close();
    }
}
