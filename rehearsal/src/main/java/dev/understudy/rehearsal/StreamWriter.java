package dev.understudy.rehearsal;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;

/** Writes the script of a streamed answer, event by event, so that a scene can leave out or break any of them. */
final class StreamWriter {

    private final Cue cue;
    private final ChatJson json;
    private final Framing framing;
    private final Script.Writer script = Script.begin();
    private boolean contentBegan;

    private StreamWriter(Cue cue, Framing framing) {
        this.cue = cue;
        this.json = new ChatJson(cue);
        this.framing = framing;
    }

    /** Sends the headers at once; a real provider that is slow to think does the same. */
    static StreamWriter open(Cue cue) {
        return open(cue, new Framing.Chunked());
    }

    static StreamWriter open(Cue cue, Framing framing) {
        StreamWriter writer = new StreamWriter(cue, framing);
        writer.script.send(framing.head(200)
                .with("content-type", "text/event-stream; charset=utf-8")
                .with("cache-control", "no-cache")
                .with("x-request-id", "req_" + cue.id())
                .bytes());
        return writer;
    }

    /** Waits for the first token's time, then sends the chunk that only names the role. */
    StreamWriter role() {
        script.pause(cue.ttft());
        return data(json.roleChunk());
    }

    /** Sends these pieces, each in an event, with the cue's gap between any two. */
    StreamWriter content(List<String> pieces) {
        for (String piece : pieces) {
            if (contentBegan) {
                script.pause(cue.gap());
            }
            contentBegan = true;
            data(json.contentChunk(piece));
        }
        return this;
    }

    StreamWriter finish(String reason) {
        return data(json.finishChunk(reason));
    }

    StreamWriter usage(int tokens) {
        return data(json.usageChunk(tokens));
    }

    StreamWriter usageIfAsked(int tokens) {
        return cue.request().includeUsage() ? usage(tokens) : this;
    }

    StreamWriter done() {
        return data("[DONE]");
    }

    /** One event with this data. */
    StreamWriter data(String data) {
        return raw("data: " + data + "\n\n");
    }

    /** Any text, as one piece of the body. */
    StreamWriter raw(String text) {
        script.send(framing.piece(Buffer.buffer(text)));
        return this;
    }

    /** Bytes that belong to no framing. */
    StreamWriter unframed(String text) {
        script.send(Buffer.buffer(text));
        return this;
    }

    StreamWriter pause(Duration time) {
        script.pause(time);
        return this;
    }

    /** Everything that follows the content of a good answer. */
    Script finishWell(Answer answer) {
        return finish(answer.finish()).usageIfAsked(answer.tokens()).done().end();
    }

    /** Ends the body in order. */
    Script end() {
        script.send(framing.end());
        return framing.keepsConnection() ? script.nextRequest() : script.close();
    }

    Script close() {
        return script.close();
    }

    Script reset() {
        return script.reset();
    }

    Script hold() {
        return script.hold();
    }

    Script repeat(String text, Duration every) {
        return script.repeat(framing.piece(Buffer.buffer(text)), every);
    }
}
