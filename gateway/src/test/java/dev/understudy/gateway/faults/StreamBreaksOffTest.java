package dev.understudy.gateway.faults;

import static dev.understudy.engine.FailureKind.MALFORMED;
import static dev.understudy.engine.FailureKind.OVERLOADED;
import static dev.understudy.engine.FailureKind.RATE_LIMITED;
import static dev.understudy.engine.FailureKind.SERVER_ERROR;
import static dev.understudy.engine.FailureKind.TIMEOUT_IDLE;
import static dev.understudy.engine.FailureKind.TRUNCATED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.FailureKind;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A stream that fails after the commit, without recovery: the caller keeps what it read, receives an error in the stream,
 * and cannot take the part for the whole.
 */
@Timeout(120)
class StreamBreaksOffTest {
    /**
     * @param old whether it speaks HTTP/1.0, without chunks
     * @param content the event that the caller has read before the rest happens
     * @param rest what happens then
     * @param code the error's code; the kind's name where the provider gives none
     */
    record Break(
            String name,
            FailureKind kind,
            boolean old,
            String content,
            UnaryOperator<Reply> rest,
            Limits limits,
            String code) {

        static Break of(String name, FailureKind kind, UnaryOperator<Reply> rest) {
            return new Break(name, kind, false, Answers.content("Hel"), rest, Limits.NONE, kind.wireName());
        }

        Break withCode(String said) {
            return new Break(name, kind, old, content, rest, limits, said);
        }

        Break endedBy(Limits limit) {
            return new Break(name, kind, old, content, rest, limit, code);
        }

        Break inOldHttp() {
            return new Break(name, kind, true, content, rest, limits, code);
        }

        Reply begun(String events) {
            return old
                    ? Reply.start().send("HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + events)
                    : Reply.eventStream().chunk(events);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Break> breaks() {
        return List.of(
                Break.of("resets", TRUNCATED, Reply::reset),
                Break.of("closes inside the body", TRUNCATED, Reply::close),
                Break.of(
                        "closes inside an event",
                        TRUNCATED,
                        reply -> reply.chunk("data: {\"cho").close()),
                Break.of(
                        "ends inside the line of the finish",
                        TRUNCATED,
                        reply -> reply.chunk("data: " + Answers.finish("stop")).lastChunk()),
                Break.of(
                        "closes inside a chunk",
                        TRUNCATED,
                        reply -> reply.send("ff\r\ndata: {").close()),
                Break.of("ends without a finish_reason", TRUNCATED, Reply::lastChunk),
                Break.of("closes, HTTP/1.0", TRUNCATED, Reply::close).inOldHttp(),
                Break.of(
                        "sends data: {\"error\"}",
                        SERVER_ERROR,
                        reply -> reply.event(Answers.error()).hold()),
                Break.of(
                                "sends a rate limit",
                                RATE_LIMITED,
                                reply -> reply.event(Answers.error("Slow", "tokens", "rate_limit_exceeded"))
                                        .event(Answers.DONE)
                                        .lastChunk())
                        .withCode("rate_limit_exceeded"),
                Break.of(
                        "sends event: error",
                        OVERLOADED,
                        reply -> reply.chunk("event: error\ndata: {\"type\":\"error\","
                                        + "\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n")
                                .hold()),
                Break.of(
                        "sends vLLM's error object, then [DONE]",
                        SERVER_ERROR,
                        reply -> reply.event("{\"object\":\"error\",\"message\":\"Boom\"}")
                                .event(Answers.DONE)
                                .lastChunk()),
                Break.of(
                                "finishes with error (OpenRouter)",
                                SERVER_ERROR,
                                reply -> reply.event(Answers.finish("error"))
                                        .event(Answers.DONE)
                                        .lastChunk())
                        .withCode("error"),
                Break.of(
                                "finishes with abort (vLLM)",
                                TRUNCATED,
                                reply -> reply.event(Answers.finish("abort"))
                                        .event(Answers.DONE)
                                        .lastChunk())
                        .withCode("abort"),
                Break.of(
                        "sends broken JSON",
                        MALFORMED,
                        reply -> reply.event("{\"choices\":[{")
                                .event(Answers.finish("stop"))
                                .event(Answers.DONE)
                                .lastChunk()),
                Break.of(
                        "sends text",
                        MALFORMED,
                        reply -> reply.event("upstream connect error").lastChunk()),
                Break.of("sends a bad chunk size", MALFORMED, reply -> reply.send("xyz\r\n")),
                Break.of(
                        "sends an event of more than 16 MB",
                        MALFORMED,
                        reply -> reply.chunk(
                                        "data: {\"choices\":[{\"delta\":{\"content\":\"" + "x".repeat(17 * 1024 * 1024))
                                .hold()),
                Break.of("stalls", TIMEOUT_IDLE, Reply::hold).endedBy(Limits.IDLE),
                Break.of("sends pings for ever", TIMEOUT_IDLE, reply -> forEver(reply, ": ping\n\n"))
                        .endedBy(Limits.IDLE),
                Break.of(
                                "sends empty choices for ever",
                                TIMEOUT_IDLE,
                                reply -> forEver(reply, Answers.events(Answers.chunk("[]"))))
                        .endedBy(Limits.IDLE));
    }

    private static Reply forEver(Reply begun, String piece) {
        Reply reply = begun;
        for (int i = 0; i < 500; i++) {
            reply = reply.chunk(piece).pause(Duration.ofMillis(20));
        }
        return reply.hold();
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void halfAnAnswerIsNeverShownAsTheWhole(Break broken) throws IOException {
        try (GatewayFixture gateway = GatewayFixture.start(broken.limits().configuration(false, "terminate"))) {
            CountDownLatch read = new CountDownLatch(1);
            String before = Answers.events(Answers.role(), broken.content());
            gateway.one().answerAlways(broken.rest().apply(broken.begun(before).await(read)));
            gateway.two().answerAlways(Answers.good(Delivery.STREAM));

            RawAnswer rest = follow(gateway, before, read);

            assertToldInTheStream(rest, broken);
            assertThat(gateway.one().requestCount()).as("requests to one").isEqualTo(1);
            assertThat(gateway.two().requestCount()).as("requests to two").isZero();
            assertThat(gateway.log(1))
                    .singleElement()
                    .asString()
                    .contains(
                            "\"ending\":\"broken_off\"",
                            "\"outcome\":\"" + broken.kind().wireName() + "\"");
            Seen seen = Seen.of(200, before + rest.body(), rest.end());
            FailureTable.add(
                    broken.kind(),
                    new FailureTable.Row(
                            broken.name(), Delivery.STREAM, Moment.AFTER_COMMIT, seen.summary("one/a", ""), 1, "", 0));
        }
    }

    /** Reads what comes before the break, lets the break happen, and reads the rest. */
    static RawAnswer follow(GatewayFixture gateway, String before, CountDownLatch read) throws IOException {
        try (RawCaller caller = gateway.caller().waitAtMost(Duration.ofSeconds(30))) {
            caller.post(GatewayFixture.PATH, Delivery.STREAM.request("chain"));
            assertThat(caller.readHead().status()).isEqualTo(200);
            String first = caller.readEvent().orElseThrow() + "\n\n"
                    + caller.readEvent().orElseThrow() + "\n\n";
            assertThat(first).isEqualTo(before);
            read.countDown();
            return caller.readRest();
        }
    }

    private static void assertToldInTheStream(RawAnswer rest, Break broken) {
        assertThat(rest.end()).as("%s", rest).isEqualTo(End.COMPLETE);
        assertThat(rest.header("understudy-target")).contains("one/a");
        assertThat(rest.header("understudy-attempts")).contains("1");
        assertThat(rest.header("understudy-trail").orElse("")).matches("\"one/a\";outcome=answering;ms=\\d+");
        assertThat(rest.events().getLast())
                .as("%s", rest)
                .startsWith("data: {\"error\":{\"message\":\"")
                .endsWith("]}}")
                .doesNotContain("\n");
        Seen seen = Seen.in(rest);
        assertThat(seen.error()).as("%s", rest).isEqualTo(broken.code());
        assertThat(seen.errorAttempts()).isEqualTo(1);
        assertThat(seen.finished()).as("%s", rest).isFalse();
        assertThat(rest.body()).doesNotContain("[DONE]");
        assertThat(seen.text()).isEmpty();
    }

    @AfterAll
    static void writeTable() {
        FailureTable.write();
    }
}
