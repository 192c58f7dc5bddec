package dev.understudy.gateway.faults;

import static dev.understudy.engine.FailureKind.EMPTY;
import static dev.understudy.engine.FailureKind.MALFORMED;
import static dev.understudy.engine.FailureKind.OVERLOADED;
import static dev.understudy.engine.FailureKind.RATE_LIMITED;
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

/** A 200 in one piece that is no answer, to callers who want their answer in one piece; or half of one. */
@Timeout(120)
class BrokenBodyTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String HALF = Answers.whole("w-1").substring(0, 60);

    static List<Fault> faults() {
        return List.of(
                fault("sends a page with 200", "<html><title>Log in</title></html>"),
                fault("sends plain text with 200", "upstream connect error"),
                fault("sends nothing with 200", ""),
                fault("sends cut JSON of the announced length", HALF),
                fault("sends two answers after each other", Answers.whole("w-1") + Answers.whole("w-1")),
                fault("sends JSON that is no answer", "{\"status\":\"ok\"}"),
                fault("sends a list", "[1,2]"),
                body(
                        "sends half a stream without a request for one",
                        TRUNCATED,
                        Answers.events(Answers.role(), Answers.content("Hi"))),
                fault(
                        "closes before the announced length",
                        Reply.start()
                                .send(OK + "Content-Length: 400\r\n\r\n" + HALF)
                                .close()),
                fault(
                        "resets before the announced length",
                        Reply.start()
                                .send(OK + "Content-Length: 400\r\n\r\n" + HALF)
                                .reset()),
                fault(
                        "closes inside a chunked body",
                        Reply.start().send(CHUNKED).chunk(HALF).close()),
                fault(
                        "closes before the last chunk of a whole answer",
                        Reply.start().send(CHUNKED).chunk(Answers.whole("w-1")).close()),
                fault(
                        "sends a bad chunk size",
                        Reply.start().send(CHUNKED).chunk(HALF).send("xyz\r\n{}")),
                fault(
                        "closes in the middle, HTTP/1.0",
                        Reply.start().send("HTTP/1.0 200 OK\r\n\r\n" + HALF).close()),
                fault(
                        "says gzip and sends something else",
                        Reply.json(200, Answers.whole("w-1"), "Content-Encoding: gzip")),
                fault(
                        "says br, which was not requested",
                        Reply.json(200, Answers.whole("w-1"), "Content-Encoding: br")),
                body("sends an error with 200", SERVER_ERROR, Answers.error()),
                body(
                                "sends a rate limit with 200",
                                RATE_LIMITED,
                                Answers.error("Slow down", "rate_limit_error", "rate_limit_exceeded"))
                        .withCode("rate_limit_exceeded")
                        .withAttempts(1, 4),
                body("sends vLLM's error object with 200", SERVER_ERROR, "{\"object\":\"error\",\"message\":\"Boom\"}"),
                body(
                                "finishes with error (OpenRouter)",
                                SERVER_ERROR,
                                Answers.message("w-1", "\"content\":\"Hel\"", "error"))
                        .withCode("error"),
                body(
                                "finishes for lack of resources (DeepSeek)",
                                OVERLOADED,
                                Answers.message("w-1", "\"content\":\"Hel\"", "insufficient_system_resource"))
                        .withCode("insufficient_system_resource"),
                body("sends no choices", EMPTY, "{\"object\":\"chat.completion\",\"choices\":[]}")
                        .withAttempts(1, 2));
    }

    private static Fault fault(String name, String body) {
        return body(name, MALFORMED, body);
    }

    private static Fault fault(String name, Reply reply) {
        return Fault.of(name, MALFORMED, reply).only(Delivery.WHOLE).at(BEFORE_COMMIT);
    }

    private static Fault body(String name, FailureKind kind, String body) {
        return Fault.of(name, kind, Reply.json(200, body)).only(Delivery.WHOLE).at(BEFORE_COMMIT);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void halfAnAnswerIsNeverDelivered(Fault fault) {
        FaultRun.play(fault);
    }

    @AfterAll
    static void writeTable() {
        FailureTable.write();
    }
}
