package dev.understudy.rehearsal;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** The acts whose connection ends, or falls silent, before the answer is complete. */
final class WireFaultScenes {

    /** A reset overtakes what the caller has not read yet; this lets it read. */
    private static final Duration BEFORE_RESET = Duration.ofMillis(50);

    private WireFaultScenes() {}

    static Script refused(Cue cue) {
        return Script.begin().pause(cue.ttft()).close();
    }

    static Script reset(Cue cue) {
        return Script.begin().pause(cue.ttft()).reset();
    }

    static Script silent(Cue cue) {
        return Script.begin().hold();
    }

    static Script headersThenNothing(Cue cue) {
        if (cue.request().stream()) {
            return StreamWriter.open(cue).hold();
        }
        return BodyWriter.after(cue.ttft(), cue)
                .start(new ChatJson(cue).completion(cue.answer()), "")
                .hold();
    }

    /** A sign of life that says nothing; without a stream, the start of a body in which no word has come yet. */
    static Script roleOnly(Cue cue) {
        if (cue.request().stream()) {
            return StreamWriter.open(cue).role().hold();
        }
        return begun(cue, 0).hold();
    }

    static Script stall(Cue cue) {
        int at = cue.parameters().count("at");
        if (cue.request().stream()) {
            return StreamWriter.open(cue).role().content(cue.answer().first(at)).hold();
        }
        return begun(cue, at).hold();
    }

    static Script cut(Cue cue) {
        int at = cue.parameters().count("at");
        boolean byReset = cue.parameters().choice("how", "close", "reset").equals("reset");
        if (cue.request().stream()) {
            StreamWriter stream =
                    StreamWriter.open(cue).role().content(cue.answer().first(at));
            return byReset ? stream.pause(BEFORE_RESET).reset() : stream.close();
        }
        Script.Writer body = begun(cue, at);
        return byReset ? body.pause(BEFORE_RESET).reset() : body.close();
    }

    /** Signs of life for ever: comments in a stream; without one, the white space that some providers send. */
    static Script pings(Cue cue) {
        Duration every = cue.parameters().duration("every");
        if (!every.isPositive()) {
            throw new BadCue("model", "'every' must be longer than nothing.");
        }
        if (cue.request().stream()) {
            StreamWriter stream = StreamWriter.open(cue);
            int at = cue.parameters().count("at");
            if (at > 0) {
                stream.role().content(cue.answer().first(at));
            }
            return stream.repeat(": ping\n\n", every);
        }
        Framing.Chunked chunks = new Framing.Chunked();
        return Script.begin()
                .send(chunks.head(200).with("content-type", "application/json").bytes())
                .repeat(chunks.piece(Buffer.buffer("\n")), every);
    }

    private static Script.Writer begun(Cue cue, int at) {
        Answer answer = cue.answer();
        ChatJson json = new ChatJson(cue);
        return BodyWriter.after(cue.ttft(), cue).start(json.completion(answer), json.completionCutAfter(answer, at));
    }
}
