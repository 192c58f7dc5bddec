package dev.understudy.gateway.contents;

import dev.understudy.calls.bytes.Bytes;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.ContentsSettings;
import dev.understudy.protocol.translate.StreamText;
import dev.understudy.store.CallContents;
import dev.understudy.store.CallContents.Part;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what callers send and receive, where the configuration wants that. Where it does not, a call pays for one look at the settings.
 *
 * <p>Calls copy what they send, up to a bound, and hand it over when they end. One thread decodes, redacts and passes it to the store:
 * both take far longer than all else that a call does. The thread takes at most a quarter of one processor. All that is collected, and
 * all that waits for the thread or the store, has {@value #MOST_MEMORY} bytes together; the contents of a call for which there is no room
 * are dropped and counted.
 */
public final class ContentsLog {
    static final long MOST_MEMORY = 64L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ContentsLog.class);

    /** For each nanosecond of work the thread rests so long, but not longer than the next bound. */
    private static final long REST = 3;

    private static final long LONGEST_REST = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long IDLE = TimeUnit.SECONDS.toNanos(10);
    private static final long CLOSING = TimeUnit.SECONDS.toNanos(2);

    private final Optional<CallContents> store;
    private final Supplier<ContentsSettings> settings;
    private final AtomicLong memory = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final Queue<CollectedContents> queue = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicBoolean started = new AtomicBoolean();
    private final Thread thread;
    private volatile long closesAt;

    /** @param settings those in force */
    public ContentsLog(Optional<CallContents> store, Supplier<ContentsSettings> settings) {
        this.store = store;
        this.settings = settings;
        this.thread = Thread.ofPlatform().name("call-contents").daemon().unstarted(this::run);
    }

    /** One that keeps nothing. */
    public static ContentsLog none() {
        return new ContentsLog(Optional.empty(), () -> ContentsSettings.BUILT_IN);
    }

    /**
     * Begins to collect the contents of a call; empty if none are kept.
     *
     * @param body of the request
     * @param bodyType its media type, if the caller named one
     */
    public Optional<CollectedContents> begin(Api api, byte[] body, Supplier<Optional<String>> bodyType) {
        ContentsSettings now = settings.get();
        return store.isPresent() && now.enabled()
                ? Optional.of(new CollectedContents(this, now, api, body, bodyType.get()))
                : Optional.empty();
    }

    /** Whether contents are kept. */
    public boolean isOn() {
        return store.isPresent() && settings.get().enabled();
    }

    /** How many contents were dropped since the start: here, because there was no room, or by the store. */
    public long dropped() {
        return dropped.get() + store.map(CallContents::dropped).orElse(0L);
    }

    /** Whether there was room for so many bytes; they are taken then. */
    boolean reserve(long bytes) {
        if (memory.addAndGet(bytes) <= MOST_MEMORY) {
            return true;
        }
        memory.addAndGet(-bytes);
        return false;
    }

    void free(long bytes) {
        memory.addAndGet(-bytes);
    }

    /** How much memory is taken. */
    long reserved() {
        return memory.get();
    }

    void countDropped() {
        dropped.incrementAndGet();
    }

    void add(CollectedContents contents) {
        queue.add(contents);
        if (started.compareAndSet(false, true)) {
            thread.start();
        } else {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        try {
            while (true) {
                CollectedContents next = queue.poll();
                if (next != null) {
                    long began = System.nanoTime();
                    keep(next);
                    rest(Math.min(LONGEST_REST, REST * (System.nanoTime() - began)));
                } else if (closesAt != 0) {
                    return;
                } else {
                    LockSupport.parkNanos(this, IDLE);
                }
            }
        } finally {
            ended.complete(null);
        }
    }

    private void rest(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && closesAt == 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    private void keep(CollectedContents contents) {
        if (closesAt != 0 && System.nanoTime() - closesAt > 0) {
            countDropped();
            contents.release();
            return;
        }
        CallContents.Content content;
        try {
            content = content(contents);
        } catch (RuntimeException fault) {
            LOG.error("the contents of call {} are not kept", contents.id(), fault);
            countDropped();
            contents.release();
            return;
        }
        store.orElseThrow().add(content, contents::release);
    }

    private static CallContents.Content content(CollectedContents contents) {
        Redaction redaction = Redaction.of(contents.settings());
        int most = contents.settings().maxSize();
        return new CallContents.Content(
                contents.id(),
                contents.arrived(),
                whole(contents.sentType(), contents.sent(), contents.sentLength(), most, redaction),
                contents.isStream()
                        ? stream(contents, most, redaction)
                        : whole(
                                contents.receivedType(),
                                contents.received(),
                                contents.receivedLength(),
                                most,
                                redaction));
    }

    private static Part whole(String type, Bytes collected, long length, int most, Redaction redaction) {
        if (!isText(type)) {
            return new Part(type, "", length, length > 0);
        }
        boolean cut = length > most;
        String text = text(collected, 0, collected.length());
        int beyond = cut ? text(collected, most, collected.length() - most).length() : 0;
        return new Part(type, redacted(text, beyond, cut, redaction), length, cut);
    }

    private static String text(Bytes bytes, int from, int length) {
        return new String(bytes.array(), bytes.offset() + from, length, StandardCharsets.UTF_8);
    }

    /**
     * A stream, as the text that it says. In a form that is not read here nothing is kept of it: what is to be redacted could be in
     * pieces.
     */
    private static Part stream(CollectedContents contents, int most, Redaction redaction) {
        long length = contents.receivedLength();
        String type = contents.receivedType();
        if (!contents.api().isConversation() || contents.api() == Api.GEMINI_ARRAY) {
            return new Part(type, "", length, length > 0);
        }
        Bytes collected = contents.received();
        String text =
                StreamText.of(contents.api().dialect(), collected.array(), collected.offset(), collected.length());
        boolean cut = length > collected.length();
        int beyond = cut ? Math.min(text.length(), CollectedContents.MARGIN) : 0;
        if (text.length() > most) {
            cut = true;
            text = text.substring(0, Math.min(text.length(), most + CollectedContents.MARGIN));
            beyond = text.length() - most;
        }
        return new Part(type, redacted(text, beyond, cut, redaction), length, cut);
    }

    /** @param beyond how many characters at the end are only searched, not kept */
    private static String redacted(String text, int beyond, boolean cut, Redaction redaction) {
        String clean = redaction.of(text, cut);
        return clean.substring(0, Math.max(0, clean.length() - beyond));
    }

    private static boolean isText(String type) {
        String plain = type.toLowerCase(Locale.ROOT);
        return plain.isEmpty()
                || plain.startsWith("text/")
                || plain.contains("json")
                || plain.contains("xml")
                || plain.startsWith("application/x-www-form-urlencoded");
    }

    /** Keeps what has been handed over, for two seconds at most. */
    public CompletableFuture<Void> close() {
        closesAt = Math.max(1, System.nanoTime() + CLOSING);
        if (started.compareAndSet(false, true)) {
            ended.complete(null);
        } else {
            LockSupport.unpark(thread);
        }
        return ended.copy().completeOnTimeout(null, CLOSING, TimeUnit.NANOSECONDS);
    }
}
