package dev.understudy.testing.faults;

import static dev.understudy.engine.FailureKind.CONNECTION;
import static dev.understudy.engine.FailureKind.EMPTY;
import static dev.understudy.engine.FailureKind.MALFORMED;
import static dev.understudy.engine.FailureKind.OVERLOADED;
import static dev.understudy.engine.FailureKind.RATE_LIMITED;
import static dev.understudy.engine.FailureKind.SERVER_ERROR;
import static dev.understudy.engine.FailureKind.TIMEOUT_CONNECT;
import static dev.understudy.engine.FailureKind.TIMEOUT_FIRST_TOKEN;
import static dev.understudy.engine.FailureKind.TIMEOUT_IDLE;
import static dev.understudy.engine.FailureKind.TRUNCATED;
import static dev.understudy.testing.faults.Moment.BEFORE_COMMIT;
import static dev.understudy.testing.faults.Moment.BEFORE_CONNECTION;

import dev.understudy.engine.FailureKind;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.time.Duration;
import java.util.List;

/** Upstreams whose answers do not begin, do not get on, or break before their first content. Every surface plays these rows. */
public final class BrokenReplies {
    private static final String JSON_HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String HALF = Answers.whole("w-1").substring(0, 60);
    private static final String HTTP_10 = "HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

    private BrokenReplies() {}

    /** No answer begins: there is no listener, or it closes the connection or uses another protocol. */
    public static List<Fault> connections() {
        return List.of(
                Fault.of("refuses the connection", CONNECTION, ScriptedUpstream::close)
                        .at(BEFORE_CONNECTION),
                Fault.of(
                                "closes the connection as soon as it is there",
                                CONNECTION,
                                upstream -> upstream.onConnect(Reply.start().close()))
                        .at(BEFORE_CONNECTION),
                Fault.of(
                        "resets the connection instead of answering",
                        CONNECTION,
                        Reply.start().reset()),
                Fault.of(
                        "closes the connection instead of answering",
                        CONNECTION,
                        Reply.start().close()),
                Fault.of(
                        "closes inside the status line",
                        CONNECTION,
                        Reply.start().send("HTTP/1.1 20").close()),
                Fault.of(
                        "closes inside the headers",
                        CONNECTION,
                        Reply.start()
                                .send("HTTP/1.1 200 OK\r\nContent-Type: appl")
                                .close()),
                Fault.of(
                        "speaks something else than HTTP",
                        MALFORMED,
                        Reply.start().send("SSH-2.0-OpenSSH_9.6\r\n")),
                Fault.of(
                                "answers TLS in plain text",
                                CONNECTION,
                                upstream -> upstream.onConnect(Reply.start()
                                        .send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                                        .close()))
                        .withTls()
                        .at(BEFORE_CONNECTION),
                Fault.of(
                                "closes inside the TLS handshake",
                                CONNECTION,
                                upstream -> upstream.onConnect(Reply.start().close()))
                        .withTls()
                        .at(BEFORE_CONNECTION),
                Fault.of(
                                "never answers the TLS handshake",
                                TIMEOUT_CONNECT,
                                Reply.start().hold())
                        .withTls()
                        .endedBy(Limits.CONNECT)
                        .at(BEFORE_CONNECTION));
    }

    /** An upstream that is there and does not get on: a limit ends the wait, and a sign of life is no content. */
    public static List<Fault> silences() {
        Reply begun = Reply.eventStream().event(Answers.role());
        return List.of(
                silent("says nothing at all", Reply.start().hold()).at(Moment.BEFORE_FIRST_BYTE),
                silent(
                        "sends a stream's head and then nothing",
                        Reply.eventStream().hold()),
                silent(
                        "sends an answer's head and then nothing",
                        Reply.start().send(JSON_HEAD).hold()),
                silent(
                        "sends an error's head and then nothing",
                        Reply.start()
                                .send("HTTP/1.1 500 Oops\r\nContent-Length: 99\r\n\r\n")
                                .hold()),
                silent("sends a role and then nothing", begun.hold()).only(Delivery.STREAM),
                silent("sends pings for ever", forEver(begun, ": ping\n\n")).only(Delivery.STREAM),
                silent("sends empty deltas for ever", forEver(begun, Answers.events(Answers.content(""))))
                        .only(Delivery.STREAM),
                silent("sends blanks for ever", forEver(begun, Answers.events(Answers.content(" "))))
                        .only(Delivery.STREAM),
                silent("sends empty choices for ever", forEver(begun, Answers.events(Answers.chunk("[]"))))
                        .only(Delivery.STREAM),
                silent("sends blank lines for ever", forEver(Reply.start().send(JSON_HEAD), "\n"))
                        .only(Delivery.WHOLE),
                silent(
                                "sends an answer that never ends",
                                forEver(
                                        Reply.start()
                                                .send(JSON_HEAD)
                                                .chunk("{\"choices\":[{\"message\":{\"content\":\""),
                                        "more "))
                        .only(Delivery.WHOLE),
                Fault.of(
                                "stops in the middle of an answer",
                                TIMEOUT_IDLE,
                                Reply.start()
                                        .send(JSON_HEAD)
                                        .chunk("{\"choices\":")
                                        .hold())
                        .only(Delivery.WHOLE)
                        .endedBy(Limits.IDLE)
                        .at(BEFORE_COMMIT));
    }

    private static Fault silent(String name, Reply reply) {
        return Fault.of(name, TIMEOUT_FIRST_TOKEN, reply)
                .endedBy(Limits.SILENCE)
                .at(BEFORE_COMMIT);
    }

    /** Longer than every limit here, and with pieces that are closer than the limit on gaps. */
    private static Reply forEver(Reply begun, String piece) {
        Reply reply = begun;
        for (int i = 0; i < 500; i++) {
            reply = reply.chunk(piece).pause(Duration.ofMillis(20));
        }
        return reply.hold();
    }

    /** A 200 in one piece that is no answer, to callers who want their answer in one piece; or half of one. */
    public static List<Fault> bodies() {
        return List.of(
                whole("sends a page with 200", "<html><title>Log in</title></html>"),
                whole("sends plain text with 200", "upstream connect error"),
                whole("sends nothing with 200", ""),
                whole("sends cut JSON of the announced length", HALF),
                whole("sends two answers after each other", Answers.whole("w-1") + Answers.whole("w-1")),
                whole("sends JSON that is no answer", "{\"status\":\"ok\"}"),
                whole("sends a list", "[1,2]"),
                whole(
                        "sends half a stream without a request for one",
                        TRUNCATED,
                        Answers.events(Answers.role(), Answers.content("Hi"))),
                whole(
                        "closes before the announced length",
                        Reply.start()
                                .send(OK + "Content-Length: 400\r\n\r\n" + HALF)
                                .close()),
                whole(
                        "resets before the announced length",
                        Reply.start()
                                .send(OK + "Content-Length: 400\r\n\r\n" + HALF)
                                .reset()),
                whole(
                        "closes inside a chunked body",
                        Reply.start().send(CHUNKED).chunk(HALF).close()),
                whole(
                        "closes before the last chunk of a whole answer",
                        Reply.start().send(CHUNKED).chunk(Answers.whole("w-1")).close()),
                whole(
                        "sends a bad chunk size",
                        Reply.start().send(CHUNKED).chunk(HALF).send("xyz\r\n{}")),
                whole(
                        "closes in the middle, HTTP/1.0",
                        Reply.start().send("HTTP/1.0 200 OK\r\n\r\n" + HALF).close()),
                whole(
                        "says gzip and sends something else",
                        Reply.json(200, Answers.whole("w-1"), "Content-Encoding: gzip")),
                whole(
                        "says br, which was not requested",
                        Reply.json(200, Answers.whole("w-1"), "Content-Encoding: br")),
                whole("sends an error with 200", SERVER_ERROR, Answers.error()),
                whole(
                                "sends a rate limit with 200",
                                RATE_LIMITED,
                                Answers.error("Slow down", "rate_limit_error", "rate_limit_exceeded"))
                        .withCode("rate_limit_exceeded")
                        .withAttempts(1, 4),
                whole(
                        "sends vLLM's error object with 200",
                        SERVER_ERROR,
                        "{\"object\":\"error\",\"message\":\"Boom\"}"),
                whole(
                                "finishes with error (OpenRouter)",
                                SERVER_ERROR,
                                Answers.message("w-1", "\"content\":\"Hel\"", "error"))
                        .withCode("error"),
                whole(
                                "finishes for lack of resources (DeepSeek)",
                                OVERLOADED,
                                Answers.message("w-1", "\"content\":\"Hel\"", "insufficient_system_resource"))
                        .withCode("insufficient_system_resource"),
                whole("sends no choices", EMPTY, "{\"object\":\"chat.completion\",\"choices\":[]}")
                        .withAttempts(1, 2));
    }

    private static Fault whole(String name, String body) {
        return whole(name, MALFORMED, body);
    }

    private static Fault whole(String name, Reply reply) {
        return Fault.of(name, MALFORMED, reply).only(Delivery.WHOLE).at(BEFORE_COMMIT);
    }

    private static Fault whole(String name, FailureKind kind, String body) {
        return Fault.of(name, kind, Reply.json(200, body)).only(Delivery.WHOLE).at(BEFORE_COMMIT);
    }

    /** A stream that begins with a 200 and fails before its first content. */
    public static List<Fault> unseenStreams() {
        Reply begun = Reply.eventStream().event(Answers.role());
        return List.of(
                stream(
                        "sends a page as its stream",
                        MALFORMED,
                        Reply.eventStream().chunk("<html></html>").lastChunk()),
                stream("sends a page for a stream", MALFORMED, page()),
                stream(
                        "sends half an answer in one piece as its stream",
                        MALFORMED,
                        Reply.eventStream()
                                .chunk(Answers.whole("w-1").substring(0, 60))
                                .lastChunk()),
                stream(
                        "answers with half an answer in one piece",
                        MALFORMED,
                        Reply.json(200, Answers.whole("w-1").substring(0, 60))),
                stream("sends an error in one piece with 200", SERVER_ERROR, Reply.json(200, Answers.error())),
                stream(
                        "sends an error as its stream",
                        SERVER_ERROR,
                        Reply.eventStream().chunk(Answers.error()).lastChunk()),
                stream(
                        "sends data: {\"error\"} first",
                        SERVER_ERROR,
                        Reply.eventStream().event(Answers.error()).lastChunk()),
                stream(
                        "sends data: {\"error\"} after the role",
                        SERVER_ERROR,
                        begun.event(Answers.error()).lastChunk()),
                stream(
                        "sends event: error",
                        OVERLOADED,
                        begun.chunk("event: error\ndata: {\"type\":\"error\",\"error\":"
                                        + "{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n")
                                .hold()),
                stream(
                                "sends vLLM's error object, then [DONE]",
                                SERVER_ERROR,
                                begun.event("{\"object\":\"error\",\"message\":\"Boom\",\"code\":500}")
                                        .event(Answers.DONE)
                                        .lastChunk())
                        .withCode("500")
                        .withStatus(500),
                stream(
                        "sends content and an error in one read",
                        SERVER_ERROR,
                        begun.chunk(Answers.events(Answers.content("Hel"), Answers.error()))
                                .lastChunk()),
                stream(
                                "finishes with error (OpenRouter)",
                                SERVER_ERROR,
                                begun.event(Answers.finish("error")).lastChunk())
                        .withCode("error"),
                stream("ends without a word", TRUNCATED, Reply.eventStream().lastChunk()),
                stream("ends after the role", TRUNCATED, begun.lastChunk()),
                stream(
                        "sends only [DONE]",
                        TRUNCATED,
                        Reply.eventStream().event(Answers.DONE).lastChunk()),
                stream(
                        "sends [DONE] after the role",
                        TRUNCATED,
                        begun.event(Answers.DONE).lastChunk()),
                stream("closes after the head", TRUNCATED, Reply.eventStream().close()),
                stream("closes after the role", TRUNCATED, begun.close()),
                stream("resets after the role", TRUNCATED, begun.reset()),
                stream(
                        "closes inside the first event",
                        TRUNCATED,
                        begun.chunk("data: {\"cho").close()),
                stream(
                        "ends inside the first event",
                        TRUNCATED,
                        begun.chunk("data: {\"cho").lastChunk()),
                stream(
                        "closes after the role, HTTP/1.0",
                        TRUNCATED,
                        Reply.start()
                                .send(HTTP_10 + Answers.events(Answers.role()))
                                .close()),
                stream(
                        "sends broken JSON in an event",
                        MALFORMED,
                        begun.event("{\"choices\":[{").lastChunk()),
                stream(
                        "sends text in an event",
                        MALFORMED,
                        begun.event("upstream connect error").lastChunk()),
                stream("sends a bad chunk size", MALFORMED, begun.send("xyz\r\n")),
                stream(
                        "says gzip and sends something else",
                        MALFORMED,
                        Reply.start()
                                .send(
                                        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n\r\n"
                                                + Answers.stream())
                                .close()),
                stream(
                        "sends more than a megabyte without content",
                        MALFORMED,
                        begun.chunk(Answers.events(Answers.role().replace("\"s-1\"", "\"" + "x".repeat(1000) + "\""))
                                        .repeat(1100))
                                .hold()),
                stream(
                        "ends without choices",
                        TRUNCATED,
                        Reply.eventStream()
                                .event(Answers.chunk("[]"))
                                .event(Answers.usage())
                                .event(Answers.DONE)
                                .lastChunk()));
    }

    private static Reply page() {
        return Reply.start()
                .send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 34\r\n\r\n"
                        + "<html><title>Log in</title></html>");
    }

    private static Fault stream(String name, FailureKind kind, Reply reply) {
        return Fault.of(name, kind, reply).only(Delivery.STREAM).at(BEFORE_COMMIT);
    }
}
