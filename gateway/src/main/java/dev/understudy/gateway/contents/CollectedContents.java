package dev.understudy.gateway.contents;

import dev.understudy.calls.bytes.Bytes;
import dev.understudy.calls.bytes.BytesBuilder;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.ContentsSettings;
import dev.understudy.calls.record.FinishedCall;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The contents of one call while it runs. Nothing is searched or decoded here: it belongs to the call's event loop until the call ends,
 * and then to the thread of the {@link ContentsLog}.
 */
public final class CollectedContents {
    /** So many bytes more than are kept, so that a key that begins in what is kept is found as a whole. */
    static final int MARGIN = 1024;

    /** Of the bytes of a stream, most are names of members and ids, which are not kept. */
    private static final int STREAM_FACTOR = 16;

    private static final int MOST_OF_A_STREAM = 4 << 20;

    private final ContentsLog log;
    private final ContentsSettings settings;
    private final Api api;
    private final String bodyType;
    private final int bodyLength;
    /** Belongs to the call, which frees its memory when it ends. */
    private byte[] body;

    private final BytesBuilder sent = new BytesBuilder();
    private final BytesBuilder received = new BytesBuilder();
    private long receivedLength;
    private String receivedType = "";
    private boolean isStream;
    private String id = "";
    private Instant arrived = Instant.EPOCH;

    private long reserved;
    private boolean dropped;

    CollectedContents(ContentsLog log, ContentsSettings settings, Api api, byte[] body, Optional<String> bodyType) {
        this.log = log;
        this.settings = settings;
        this.api = api;
        this.body = body;
        this.bodyLength = body.length;
        this.bodyType = bodyType.orElse("application/json");
    }

    /** The whole answer, or an error, is sent to the caller. */
    public void answered(String contentType, Bytes answer) {
        receivedType = contentType;
        receive(answer);
    }

    /** A stream is sent to the caller. */
    public void streamBegan(String contentType) {
        receivedType = contentType;
        isStream = true;
    }

    /** More of a stream is sent to the caller, before it is put into the form of the caller's path. */
    public void receive(Bytes more) {
        receivedLength += more.length();
        int most =
                isStream ? Math.min(STREAM_FACTOR * settings.maxSize(), MOST_OF_A_STREAM) : settings.maxSize() + MARGIN;
        collect(received, more, most);
    }

    private void collect(BytesBuilder to, Bytes from, int most) {
        int count = Math.min(from.length(), most - to.length());
        if (count <= 0 || dropped) {
            return;
        }
        if (log.reserve(count)) {
            reserved += count;
            to.append(from.array(), from.offset(), count);
        } else {
            drop();
        }
    }

    private void drop() {
        dropped = true;
        sent.take();
        received.take();
        log.countDropped();
        release();
    }

    /** The call has ended: what was collected is kept, unless the call opted out of the log. */
    public void ended(FinishedCall call) {
        Bytes whole = Bytes.of(body);
        body = Bytes.NONE.array();
        if (call.request().logging().quiet()) {
            release();
            return;
        }
        collect(sent, whole, settings.maxSize() + MARGIN);
        if (!dropped) {
            id = call.request().id();
            arrived = Instant.now().minus(call.measurements().duration(), ChronoUnit.NANOS);
            log.add(this);
        }
    }

    /** Its memory is free. */
    void release() {
        log.free(reserved);
        reserved = 0;
    }

    ContentsSettings settings() {
        return settings;
    }

    Api api() {
        return api;
    }

    String id() {
        return id;
    }

    Instant arrived() {
        return arrived;
    }

    Bytes sent() {
        return sent.view();
    }

    long sentLength() {
        return bodyLength;
    }

    String sentType() {
        return bodyType;
    }

    Bytes received() {
        return received.view();
    }

    long receivedLength() {
        return receivedLength;
    }

    String receivedType() {
        return receivedType;
    }

    boolean isStream() {
        return isStream;
    }
}
