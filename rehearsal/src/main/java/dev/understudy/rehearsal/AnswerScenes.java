package dev.understudy.rehearsal;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** The acts that answer well, some of them in ways that are rare but proper. */
final class AnswerScenes {

    private static final int MAX_BIG = 16 * 1024 * 1024;

    private AnswerScenes() {}

    static Script ok(Cue cue) {
        return say(cue, cue.answer());
    }

    static Script big(Cue cue) {
        int size = cue.parameters().number("bytes", MAX_BIG);
        StringBuilder text = new StringBuilder(size + 64);
        for (int number = 1; text.length() < size; number++) {
            text.append(number == 1 ? "" : " ").append(CountingText.word(number));
        }
        text.setLength(size);
        return say(cue, cue.said(List.of(text.toString())));
    }

    static Script json(Cue cue) {
        List<String> words = CountingText.pieces(cue.parameters().count("tokens"));
        List<String> pieces = new ArrayList<>();
        pieces.add("{\"count\":" + words.size() + ",\"words\":[");
        for (String word : words) {
            pieces.add((word.startsWith(" ") ? "," : "") + ChatJson.quote(word.strip()));
        }
        pieces.add("]}");
        return say(cue, Answer.of(pieces).limitedTo(cue.request().maxTokens()));
    }

    /** The usage is sent well after the finish, whether it was requested or not. */
    static Script usageLast(Cue cue) {
        Answer answer = cue.answer();
        if (!cue.request().stream()) {
            return say(cue, answer);
        }
        return StreamWriter.open(cue)
                .role()
                .content(answer.pieces())
                .finish(answer.finish())
                .pause(cue.parameters().duration("late"))
                .usage(answer.tokens())
                .done()
                .end();
    }

    static Script gzip(Cue cue) {
        Answer answer = cue.answer();
        Framing.Gzipped gzip = new Framing.Gzipped();
        if (cue.request().stream()) {
            return StreamWriter.open(cue, gzip).role().content(answer.pieces()).finishWell(answer);
        }
        return unstreamed(cue, answer, gzip);
    }

    static Script http10(Cue cue) {
        Answer answer = cue.answer();
        Framing.UntilClose untilClose = new Framing.UntilClose();
        if (cue.request().stream()) {
            return StreamWriter.open(cue, untilClose)
                    .role()
                    .content(answer.pieces())
                    .finishWell(answer);
        }
        return unstreamed(cue, answer, untilClose);
    }

    private static Script say(Cue cue, Answer answer) {
        if (cue.request().stream()) {
            return StreamWriter.open(cue).role().content(answer.pieces()).finishWell(answer);
        }
        return BodyWriter.after(cue.timeFor(answer), cue).json(new ChatJson(cue).completion(answer));
    }

    private static Script unstreamed(Cue cue, Answer answer, Framing framing) {
        Script.Writer script = Script.begin()
                .pause(cue.timeFor(answer))
                .send(framing.head(200)
                        .with("content-type", "application/json")
                        .with("x-request-id", "req_" + cue.id())
                        .bytes())
                .send(framing.piece(Buffer.buffer(new ChatJson(cue).completion(answer))))
                .send(framing.end());
        return framing.keepsConnection() ? script.nextRequest() : script.close();
    }
}
