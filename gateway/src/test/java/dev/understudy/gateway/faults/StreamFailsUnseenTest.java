package dev.understudy.gateway.faults;

import static dev.understudy.engine.FailureKind.MALFORMED;
import static dev.understudy.engine.FailureKind.OVERLOADED;
import static dev.understudy.engine.FailureKind.SERVER_ERROR;
import static dev.understudy.engine.FailureKind.TRUNCATED;
import static dev.understudy.gateway.faults.Moment.BEFORE_COMMIT;

import dev.understudy.engine.FailureKind;
import dev.understudy.testing.wire.Reply;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A stream that begins with a 200 and fails before its first content: the caller must not notice. */
@Timeout(120)
class StreamFailsUnseenTest {
    private static final String HTTP_10 = "HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

    static List<Fault> faults() {
        Reply begun = Reply.eventStream().event(Answers.role());
        return List.of(
                fault(
                        "sends a page as its stream",
                        MALFORMED,
                        Reply.eventStream().chunk("<html></html>").lastChunk()),
                fault("sends a page for a stream", MALFORMED, page()),
                fault(
                        "sends half an answer in one piece as its stream",
                        MALFORMED,
                        Reply.eventStream()
                                .chunk(Answers.whole("w-1").substring(0, 60))
                                .lastChunk()),
                fault(
                        "answers with half an answer in one piece",
                        MALFORMED,
                        Reply.json(200, Answers.whole("w-1").substring(0, 60))),
                fault("sends an error in one piece with 200", SERVER_ERROR, Reply.json(200, Answers.error())),
                fault(
                        "sends an error as its stream",
                        SERVER_ERROR,
                        Reply.eventStream().chunk(Answers.error()).lastChunk()),
                fault(
                        "sends data: {\"error\"} first",
                        SERVER_ERROR,
                        Reply.eventStream().event(Answers.error()).lastChunk()),
                fault(
                        "sends data: {\"error\"} after the role",
                        SERVER_ERROR,
                        begun.event(Answers.error()).lastChunk()),
                fault(
                        "sends event: error",
                        OVERLOADED,
                        begun.chunk("event: error\ndata: {\"type\":\"error\",\"error\":"
                                        + "{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n")
                                .hold()),
                fault(
                                "sends vLLM's error object, then [DONE]",
                                SERVER_ERROR,
                                begun.event("{\"object\":\"error\",\"message\":\"Boom\",\"code\":500}")
                                        .event(Answers.DONE)
                                        .lastChunk())
                        .withCode("500")
                        .withStatus(500),
                fault(
                        "sends content and an error in one read",
                        SERVER_ERROR,
                        begun.chunk(Answers.events(Answers.content("Hel"), Answers.error()))
                                .lastChunk()),
                fault(
                                "finishes with error (OpenRouter)",
                                SERVER_ERROR,
                                begun.event(Answers.finish("error")).lastChunk())
                        .withCode("error"),
                fault("ends without a word", TRUNCATED, Reply.eventStream().lastChunk()),
                fault("ends after the role", TRUNCATED, begun.lastChunk()),
                fault(
                        "sends only [DONE]",
                        TRUNCATED,
                        Reply.eventStream().event(Answers.DONE).lastChunk()),
                fault(
                        "sends [DONE] after the role",
                        TRUNCATED,
                        begun.event(Answers.DONE).lastChunk()),
                fault("closes after the head", TRUNCATED, Reply.eventStream().close()),
                fault("closes after the role", TRUNCATED, begun.close()),
                fault("resets after the role", TRUNCATED, begun.reset()),
                fault(
                        "closes inside the first event",
                        TRUNCATED,
                        begun.chunk("data: {\"cho").close()),
                fault(
                        "ends inside the first event",
                        TRUNCATED,
                        begun.chunk("data: {\"cho").lastChunk()),
                fault(
                        "closes after the role, HTTP/1.0",
                        TRUNCATED,
                        Reply.start()
                                .send(HTTP_10 + Answers.events(Answers.role()))
                                .close()),
                fault(
                        "sends broken JSON in an event",
                        MALFORMED,
                        begun.event("{\"choices\":[{").lastChunk()),
                fault(
                        "sends text in an event",
                        MALFORMED,
                        begun.event("upstream connect error").lastChunk()),
                fault("sends a bad chunk size", MALFORMED, begun.send("xyz\r\n")),
                fault(
                        "says gzip and sends something else",
                        MALFORMED,
                        Reply.start()
                                .send(
                                        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n\r\n"
                                                + Answers.stream())
                                .close()),
                fault(
                        "sends more than a megabyte without content",
                        MALFORMED,
                        begun.chunk(Answers.events(Answers.role().replace("\"s-1\"", "\"" + "x".repeat(1000) + "\""))
                                        .repeat(1100))
                                .hold()),
                fault(
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

    private static Fault fault(String name, FailureKind kind, Reply reply) {
        return Fault.of(name, kind, reply).only(Delivery.STREAM).at(BEFORE_COMMIT);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void callerReadsOneWholeStreamAllTheSame(Fault fault) {
        FaultRun.play(fault);
    }

    @AfterAll
    static void writeTable() {
        FailureTable.write();
    }
}
