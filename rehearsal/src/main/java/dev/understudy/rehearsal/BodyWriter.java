package dev.understudy.rehearsal;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** Writes the script of an answer that comes in one piece. */
final class BodyWriter {

    private final Cue cue;
    private final Script.Writer script = Script.begin();

    private BodyWriter(Cue cue, Duration wait) {
        this.cue = cue;
        script.pause(wait);
    }

    /** After a wait, in which not even headers are sent. */
    static BodyWriter after(Duration wait, Cue cue) {
        return new BodyWriter(cue, wait);
    }

    /** A good JSON body. */
    Script json(String body) {
        Buffer bytes = Buffer.buffer(body);
        script.send(head().withBody(bytes));
        return script.nextRequest();
    }

    /** Announces the length of the whole body and sends the given start of it; the caller of this says how it ends. */
    Script.Writer start(String whole, String start) {
        int length = Buffer.buffer(whole).length();
        return script.send(head().with("content-length", length).bytes().appendBuffer(Buffer.buffer(start)));
    }

    private HttpHead head() {
        return HttpHead.http11(200).with("content-type", "application/json").with("x-request-id", "req_" + cue.id());
    }
}
