package dev.understudy.testing.faults;

import static dev.understudy.engine.FailureKind.MALFORMED;
import static dev.understudy.engine.FailureKind.OVERLOADED;
import static dev.understudy.engine.FailureKind.RATE_LIMITED;
import static dev.understudy.engine.FailureKind.SERVER_ERROR;
import static dev.understudy.engine.FailureKind.TIMEOUT_IDLE;
import static dev.understudy.engine.FailureKind.TRUNCATED;

import dev.understudy.engine.FailureKind;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/**
 * A stream that fails after its first content.
 *
 * @param old whether it speaks HTTP/1.0, without chunks
 * @param content the event that the caller has read before the rest happens
 * @param rest what happens then
 * @param code the error's code; the kind's name where the provider gives none
 */
public record Break(
        String name,
        FailureKind kind,
        boolean old,
        String content,
        UnaryOperator<Reply> rest,
        Limits limits,
        String code) {

    public static Break of(String name, FailureKind kind, UnaryOperator<Reply> rest) {
        return new Break(name, kind, false, Answers.content("Hel"), rest, Limits.NONE, kind.wireName());
    }

    public Break withCode(String said) {
        return new Break(name, kind, old, content, rest, limits, said);
    }

    public Break endedBy(Limits limit) {
        return new Break(name, kind, old, content, rest, limit, code);
    }

    public Break inOldHttp() {
        return new Break(name, kind, true, content, rest, limits, code);
    }

    /** Whether the connection ends before the stream does, which every library sees. */
    boolean isOfTheConnection() {
        return name.equals("resets") || name.equals("closes inside the body") || name.equals("closes inside a chunk");
    }

    public Reply begun(String events) {
        return old
                ? Reply.start().send("HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + events)
                : Reply.eventStream().chunk(events);
    }

    /** What a caller receives before the stream breaks. */
    public String before() {
        return Answers.events(Answers.role(), content);
    }

    /**
     * The first target's stream breaks, and the second one has the rest of its text.
     *
     * @param read opened when the caller has read what comes before
     */
    public void play(ScriptedUpstream one, ScriptedUpstream two, CountDownLatch read) {
        one.answerAlways(rest.apply(begun(before()).await(read)));
        two.answerAlways(Reply.eventStream()
                .event(Answers.role())
                .event(Answers.content("lo"))
                .event(Answers.finish("stop"))
                .event(Answers.usage())
                .event(Answers.DONE)
                .lastChunk());
    }

    /** What a caller of the Completions API receives before the stream breaks. */
    public String beforeInCompletion() {
        return Answers.events(Answers.completion("Hel"));
    }

    /** The same as {@link #play} with streams of the Completions API, in which what happens then has the same form. */
    public void playInCompletion(ScriptedUpstream one, ScriptedUpstream two, CountDownLatch read) {
        one.answerAlways(rest.apply(begun(beforeInCompletion()).await(read)));
        two.answerAlways(Reply.eventStream()
                .chunk(Answers.events(Answers.completion("lo")) + Answers.events(Answers.completionEnd()))
                .lastChunk());
    }

    @Override
    public String toString() {
        return name;
    }

    /** All of them. */
    public static List<Break> breaks() {
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
}
