package dev.understudy.gateway.admin;

import dev.understudy.store.CallRecord;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who watch what happens, as server-sent events.
 *
 * <p>A call only puts its record into a queue, and only while there is a reader. A thread of its own writes the events, a few times a
 * second; it ends with the last reader. A reader that is too slow, or calls that come too fast, lose events, which the reader is
 * told.
 */
public final class AdminEvents {
    private static final Logger LOG = LoggerFactory.getLogger(AdminEvents.class);

    /** How many readers there can be. */
    static final int MOST_READERS = 50;

    private static final int MOST_CALLS_WAITING = 500;
    private static final int MOST_WRITES_WAITING = 64;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long HEALTH_EVERY = TimeUnit.SECONDS.toNanos(1);
    private static final long COMMENT_EVERY = TimeUnit.SECONDS.toNanos(15);

    /** What changes in the health document although nothing has happened. */
    private static final String TIMES = "\"(now|until|since)\":\"[^\"]*\",?|\"(ago_ms|lag_ms|dropped)\":\\d+,?";

    private final Supplier<String> health;
    private final List<Reader> readers = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Supplier<CallRecord>> calls = new ArrayBlockingQueue<>(MOST_CALLS_WAITING);
    private final AtomicBoolean callsWereLost = new AtomicBoolean();
    private final AtomicLong settingsVersion = new AtomicLong(-1);
    private final AtomicBoolean drillsChanged = new AtomicBoolean();
    private Optional<Thread> writer = Optional.empty();
    private boolean closed;

    /** @param health the health document as it is now, in one line; may be read on any thread */
    public AdminEvents(Supplier<String> health) {
        this.health = health;
    }

    /** Whether there is a reader. */
    public boolean isWatched() {
        return !readers.isEmpty();
    }

    /**
     * A call has ended. Never blocks.
     *
     * @param call its record, made on the thread that writes the events
     */
    void call(Supplier<CallRecord> call) {
        if (isWatched() && !calls.offer(call)) {
            callsWereLost.set(true);
        }
    }

    /** Settings were put in force. */
    public void settings(long version) {
        settingsVersion.set(version);
    }

    /** A drill has started or ended. */
    public void drills() {
        drillsChanged.set(true);
    }

    /**
     * Begins a stream of events.
     *
     * @param response on its event loop
     * @return false if there are too many readers, in which case nothing was done
     */
    public synchronized boolean begin(Vertx vertx, HttpServerResponse response) {
        if (closed || readers.size() >= MOST_READERS) {
            return false;
        }
        response.putHeader("content-type", "text/event-stream")
                .putHeader("cache-control", "no-store")
                .putHeader("x-accel-buffering", "no")
                .setChunked(true);
        Reader reader = new Reader(vertx.getOrCreateContext(), response);
        response.closeHandler(left -> readers.remove(reader));
        response.exceptionHandler(broken -> readers.remove(reader));
        response.write(": events of this gateway\n\n" + event("health", health.get()));
        readers.add(reader);
        if (writer.isEmpty()) {
            Thread thread = Thread.ofPlatform().name("admin-events").daemon().unstarted(this::writeAll);
            writer = Optional.of(thread);
            thread.start();
        }
        return true;
    }

    /** Ends all streams, so that a gateway that stops does not wait for them. */
    public synchronized void close() {
        closed = true;
        readers.forEach(Reader::end);
        readers.clear();
    }

    private void writeAll() {
        long lastHealth = System.nanoTime();
        long lastComment = lastHealth;
        String known = "";
        while (!isOver()) {
            LockSupport.parkNanos(PAUSE);
            long now = System.nanoTime();
            StringBuilder events = new StringBuilder();
            try {
                if (now - lastHealth >= HEALTH_EVERY) {
                    lastHealth = now;
                    String text = health.get();
                    String state = text.replaceAll(TIMES, "");
                    if (!state.equals(known)) {
                        events.append(event("health", text));
                        known = state;
                    }
                }
                appendCalls(events);
            } catch (RuntimeException fault) {
                LOG.error("an event could not be written", fault);
            }
            long version = settingsVersion.getAndSet(-1);
            if (version >= 0) {
                events.append(event("settings", "{\"version\":" + version + "}"));
            }
            if (drillsChanged.getAndSet(false)) {
                events.append(event("drills", "{}"));
            }
            if (callsWereLost.getAndSet(false)) {
                events.append(event("lost", "{}"));
            }
            if (now - lastComment >= COMMENT_EVERY) {
                lastComment = now;
                events.append(": still here\n\n");
            }
            if (!events.isEmpty()) {
                String text = events.toString();
                readers.forEach(reader -> reader.write(text));
            }
        }
    }

    private void appendCalls(StringBuilder events) {
        List<Supplier<CallRecord>> ended = new ArrayList<>();
        calls.drainTo(ended);
        ended.forEach(call ->
                events.append(event("call", CallDocuments.row(call.get()).toString())));
    }

    private synchronized boolean isOver() {
        if (readers.isEmpty()) {
            writer = Optional.empty();
            calls.clear();
            return true;
        }
        return false;
    }

    /** @param data without line ends */
    private static String event(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }

    /** One stream of events. What waits for it is bounded by the number of its writes that its event loop has not done. */
    private static final class Reader {
        private final Context loop;
        private final HttpServerResponse response;
        private final AtomicInteger waiting = new AtomicInteger();
        private final AtomicBoolean lost = new AtomicBoolean();

        Reader(Context loop, HttpServerResponse response) {
            this.loop = loop;
            this.response = response;
        }

        void write(String events) {
            if (waiting.get() >= MOST_WRITES_WAITING) {
                lost.set(true);
                return;
            }
            waiting.incrementAndGet();
            loop.runOnContext(on -> {
                waiting.decrementAndGet();
                if (response.ended() || response.closed()) {
                    return;
                }
                if (response.writeQueueFull()) {
                    lost.set(true);
                } else {
                    response.write(lost.getAndSet(false) ? event("lost", "{}") + events : events);
                }
            });
        }

        void end() {
            loop.runOnContext(on -> {
                if (!response.ended() && !response.closed()) {
                    response.end();
                }
            });
        }
    }
}
