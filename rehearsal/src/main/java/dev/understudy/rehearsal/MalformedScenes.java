package dev.understudy.rehearsal;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;

/** The acts that answer with a good status and a body that is no good answer. */
final class MalformedScenes {

    private static final String PAGE =
            "<!DOCTYPE html>\n<html><head><title>Rehearsal</title></head><body>Please stand by.</body></html>\n";

    private MalformedScenes() {}

    static Script empty(Cue cue) {
        return switch (cue.parameters().choice("form", "blank", "space", "null", "choices")) {
            case "space" -> emptyContent(cue, ChatJson.quote(" \n "), List.of(" \n "));
            case "null" -> emptyContent(cue, "null", List.of());
            case "choices" -> noChoices(cue);
            default -> emptyContent(cue, "\"\"", List.of());
        };
    }

    private static Script emptyContent(Cue cue, String content, List<String> pieces) {
        Answer answer = Answer.of(pieces);
        if (cue.request().stream()) {
            return StreamWriter.open(cue).role().content(pieces).finishWell(answer);
        }
        return BodyWriter.after(cue.ttft(), cue)
                .json(new ChatJson(cue).completion(ChatJson.contentMessage(content), "\"stop\"", answer.tokens()));
    }

    private static Script noChoices(Cue cue) {
        ChatJson json = new ChatJson(cue);
        if (cue.request().stream()) {
            return StreamWriter.open(cue)
                    .pause(cue.ttft())
                    .data(json.emptyChunk())
                    .done()
                    .end();
        }
        return BodyWriter.after(cue.ttft(), cue).json(json.completion("[]", 0));
    }

    static Script garbled(Cue cue) {
        return switch (cue.parameters().choice("how", "auto", "json", "html", "chunk")) {
            case "json" -> badJson(cue);
            case "html" -> page(cue);
            case "chunk" -> badChunk(cue);
            default -> cue.request().stream() ? badJson(cue) : page(cue);
        };
    }

    /** One event, or the whole body, is cut JSON in a frame that is in order. */
    private static Script badJson(Cue cue) {
        Answer answer = cue.answer();
        ChatJson json = new ChatJson(cue);
        int at = cue.parameters().count("at");
        if (!cue.request().stream()) {
            return BodyWriter.after(cue.ttft(), cue).json(json.completionCutAfter(answer, at));
        }
        String whole = json.contentChunk("garbled");
        return StreamWriter.open(cue)
                .role()
                .content(answer.first(at))
                .data(whole.substring(0, whole.length() / 2))
                .content(answer.after(at))
                .finishWell(answer);
    }

    private static Script page(Cue cue) {
        return Script.begin()
                .pause(cue.ttft())
                .send(HttpHead.http11(200).with("content-type", "text/html").withBody(Buffer.buffer(PAGE)))
                .nextRequest();
    }

    /** The framing itself breaks: what should be the size of the next chunk is none. */
    private static Script badChunk(Cue cue) {
        Answer answer = cue.answer();
        int at = cue.parameters().count("at");
        if (cue.request().stream()) {
            return StreamWriter.open(cue)
                    .role()
                    .content(answer.first(at))
                    .unframed("not-a-size\r\n")
                    .close();
        }
        Framing.Chunked chunks = new Framing.Chunked();
        return Script.begin()
                .pause(cue.ttft())
                .send(chunks.head(200).with("content-type", "application/json").bytes())
                .send(chunks.piece(Buffer.buffer(new ChatJson(cue).completionCutAfter(answer, at))))
                .send(Buffer.buffer("not-a-size\r\n"))
                .close();
    }

    /** An error behind a good status. */
    static Script errorEvent(Cue cue) {
        ProviderError error = ProviderError.of(500, "server_error", "The rehearsal failed in the middle of an answer.");
        String bare = "{\"object\":\"error\",\"message\":" + ChatJson.quote(error.message())
                + ",\"type\":\"server_error\",\"param\":null,\"code\":500}";
        String form = cue.parameters().choice("form", "data", "event", "object");
        if (!cue.request().stream()) {
            return BodyWriter.after(cue.ttft(), cue).json(form.equals("object") ? bare : error.json());
        }
        int at = cue.parameters().count("at");
        StreamWriter stream = StreamWriter.open(cue).pause(at == 0 ? cue.ttft() : Duration.ZERO);
        if (at > 0) {
            stream.role().content(cue.answer().first(at));
        }
        return switch (form) {
            case "event" ->
                stream.raw("event: error\ndata: " + error.json() + "\n\n").end();
            case "object" -> stream.data(bare).done().end();
            default -> stream.data(error.json()).end();
        };
    }

    static Script noDone(Cue cue) {
        Answer answer = cue.answer();
        if (!cue.request().stream()) {
            return AnswerScenes.ok(cue);
        }
        StreamWriter stream = StreamWriter.open(cue)
                .role()
                .content(answer.pieces())
                .finish(answer.finish())
                .usageIfAsked(answer.tokens());
        return cue.parameters().flag("hold") ? stream.hold() : stream.end();
    }

    static Script doneWithoutFinish(Cue cue) {
        Answer answer = cue.answer();
        if (cue.request().stream()) {
            return StreamWriter.open(cue).role().content(answer.pieces()).done().end();
        }
        return BodyWriter.after(cue.timeFor(answer), cue)
                .json(new ChatJson(cue)
                        .completion(ChatJson.contentMessage(ChatJson.quote(answer.text())), "null", answer.tokens()));
    }
}
