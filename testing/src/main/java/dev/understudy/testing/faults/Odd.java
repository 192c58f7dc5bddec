package dev.understudy.testing.faults;

import dev.understudy.testing.wire.Reply;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An answer that looks broken and is complete.
 *
 * @param expected the body that the caller reads, to the byte
 */
public record Odd(String name, Delivery delivery, Reply reply, String expected) {
    /** A stream until its finish. */
    public static final String FINISHED = Answers.events(Answers.role(), Answers.content("Hi"), Answers.finish("stop"));

    public static final String COMPLETE = FINISHED + "data: [DONE]\n\n";

    private static final Pattern TEXT = Pattern.compile("\"content\":\"[^\"]");

    static final String BROKEN_CHUNK = "sends a bad chunk size after the finish";

    private static final String WHOLE = Answers.whole("w-1");

    public static List<Odd> endings() {
        return List.of(
                stream("sends no [DONE]", FINISHED, COMPLETE),
                odd(
                        "sends no [DONE] and holds the connection open",
                        Reply.eventStream().chunk(FINISHED).hold(),
                        COMPLETE),
                odd(
                        "closes after the finish",
                        Reply.eventStream().chunk(FINISHED).close(),
                        COMPLETE),
                odd(
                        "resets after the finish",
                        Reply.eventStream().chunk(FINISHED).reset(),
                        COMPLETE),
                odd(
                        "closes after [DONE] without a last chunk",
                        Reply.eventStream().chunk(COMPLETE).close(),
                        COMPLETE),
                odd(
                        "holds the connection open after [DONE]",
                        Reply.eventStream().chunk(COMPLETE).hold(),
                        COMPLETE),
                odd(BROKEN_CHUNK, Reply.eventStream().chunk(FINISHED).send("xyz\r\n"), COMPLETE),
                stream(
                        "sends an error after the finish",
                        FINISHED + Answers.events(Answers.error()),
                        // The provider's clients see it, and the answer is complete.
                        FINISHED + Answers.events(Answers.error(), Answers.DONE)),
                stream("sends broken JSON after the finish", FINISHED + Answers.events("{\"cho"), COMPLETE),
                stream("sends more after [DONE]", COMPLETE + Answers.events(Answers.content("more")), COMPLETE),
                stream("ends inside the line of [DONE]", FINISHED + "data: [DO", COMPLETE),
                stream(
                        "leaves out the last blank line",
                        FINISHED.substring(0, FINISHED.length() - 1),
                        FINISHED + "\n" + "data: [DONE]\n\n"),
                stream(
                        "sends usage after the finish",
                        FINISHED + Answers.events(Answers.usage(), Answers.DONE),
                        FINISHED + Answers.events(Answers.usage(), Answers.DONE)),
                stream(
                        "sends [DONE] without a finish_reason",
                        Answers.events(Answers.role(), Answers.content("Hi"), Answers.DONE),
                        Answers.events(
                                Answers.role(),
                                Answers.content("Hi"),
                                Answers.finish("stop")
                                        .replaceFirst(
                                                "}$",
                                                ",\"understudy\":{\"warning\":\"the provider ended the stream without a"
                                                        + " finish_reason; it was added\"}}"),
                                Answers.DONE)),
                stream(
                        "finishes with content_filter and nothing else",
                        Answers.events(Answers.role(), Answers.finish("content_filter"), Answers.DONE),
                        Answers.events(Answers.role(), Answers.finish("content_filter"), Answers.DONE)));
    }

    public static List<Odd> framings() {
        String tiny = Answers.events(Answers.content("x")).repeat(10_000);
        String large = Answers.events(Answers.role(), Answers.content("ä".repeat(1024 * 1024)), Answers.finish("stop"));
        String crlf = FINISHED.replace("\n", "\r\n");
        String cr = FINISHED.replace("\n", "\r");
        String lines =
                Answers.events(Answers.role(), Answers.content("Hi").replace(",\"created\"", ",\ndata: \"created\""))
                        + Answers.events(Answers.finish("stop"));
        return List.of(
                stream("ends lines with CRLF", crlf + "data: [DONE]\r\n\r\n", crlf + "data: [DONE]\n\n"),
                stream("ends lines with CR", cr + "data: [DONE]\r\r", cr + "data: [DONE]\n\n"),
                stream("begins with a byte order mark", "\uFEFF" + COMPLETE, COMPLETE),
                stream("spreads an event over several data lines", lines, lines + "data: [DONE]\n\n"),
                stream(
                        "leaves out the blank after data:",
                        COMPLETE.replace("data: ", "data:"),
                        COMPLETE.replace("data: {", "data:{")),
                stream(
                        "begins with comments, ids and retry times",
                        ": hello\n\nid: 1\nretry: 10\n" + COMPLETE,
                        // A comment before anything else would only have come late.
                        "id: 1\nretry: 10\n" + COMPLETE),
                stream("sends an event of 2 MB", large, large + "data: [DONE]\n\n"),
                stream(
                        "sends 10,000 tiny events",
                        tiny + Answers.events(Answers.finish("stop")),
                        tiny + Answers.events(Answers.finish("stop"), Answers.DONE)),
                odd(
                        "splits its events at every byte",
                        Bodies.byteByByte(Reply.eventStream(), Answers.stream()),
                        Answers.stream()),
                odd(
                        "announces the stream's length",
                        Reply.start()
                                .send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: "
                                        + COMPLETE.length() + "\r\n\r\n" + COMPLETE),
                        COMPLETE),
                odd("speaks HTTP/1.0", sse("HTTP/1.0 200 OK").send(COMPLETE).close(), COMPLETE),
                odd(
                        "calls its stream plain text",
                        Reply.start()
                                .send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + COMPLETE)
                                .close(),
                        COMPLETE),
                odd(
                        "does not say what it sends",
                        Reply.start().send("HTTP/1.1 200 OK\r\n\r\n" + COMPLETE).close(),
                        COMPLETE),
                odd(
                        "sends early hints first",
                        Reply.start()
                                .send("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n")
                                .send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + COMPLETE)
                                .close(),
                        COMPLETE),
                odd(
                        "sends informational responses first",
                        Reply.start()
                                .send("HTTP/1.1 100 Continue\r\n\r\n")
                                .send("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n")
                                .send("HTTP/1.1 199 Unknown\r\nContent-Length: 7\r\n\r\n")
                                .send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + COMPLETE)
                                .close(),
                        COMPLETE),
                encoded("compresses its stream with gzip", "gzip", Bodies.gzip(Answers.stream())),
                encoded("compresses its stream with deflate", "deflate", Bodies.deflate(Answers.stream())));
    }

    public static List<Odd> contents() {
        String filter = Answers.events("{\"choices\":[],\"prompt_filter_results\":[{\"prompt_index\":0}]}");
        String tool = Answers.events(
                Answers.delta(
                        "\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]"),
                Answers.finish("tool_calls"),
                Answers.DONE);
        String refusal = Answers.events(Answers.delta("\"refusal\":\"No.\""), Answers.finish("stop"), Answers.DONE);
        String reasoning = Answers.events(
                Answers.delta("\"reasoning_content\":\"Hm.\""),
                Answers.content("Hi"),
                Answers.finish("stop"),
                Answers.DONE);
        String atOnce = Answers.events(
                Answers.chunk("[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]"),
                Answers.DONE);
        return List.of(
                stream("begins with empty choices (Azure)", filter + COMPLETE, filter + COMPLETE),
                stream("calls a tool and says nothing", tool, tool),
                stream("refuses", refusal, refusal),
                stream("thinks first", reasoning, reasoning),
                stream("says and finishes in one event", atOnce, atOnce));
    }

    public static List<Odd> wholes() {
        String tool = Answers.message(
                "w-1",
                "\"content\":null,\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\","
                        + "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]",
                "tool_calls");
        String filtered = Answers.message("w-1", "\"content\":\"\"", "content_filter");
        String refusal = Answers.message("w-1", "\"content\":null,\"refusal\":\"No.\"", "stop");
        return List.of(
                whole("calls a tool and says nothing", tool),
                whole("finishes with content_filter and nothing else", filtered),
                whole("refuses", refusal),
                whole("begins with blank lines (DeepSeek)", "\n\n\n" + WHOLE),
                new Odd(
                        "sends its answer byte by byte",
                        Delivery.WHOLE,
                        Bodies.byteByByte(
                                Reply.start().send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), WHOLE),
                        WHOLE),
                new Odd(
                        "speaks HTTP/1.0",
                        Delivery.WHOLE,
                        Reply.start()
                                .send("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + WHOLE)
                                .close(),
                        WHOLE),
                new Odd(
                        "compresses its answer with gzip",
                        Delivery.WHOLE,
                        Reply.start()
                                .send(
                                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\r\n")
                                .send(Bodies.gzip(WHOLE))
                                .close(),
                        WHOLE),
                new Odd(
                        "names a character set as its content encoding",
                        Delivery.WHOLE,
                        Reply.json(200, WHOLE, "Content-Encoding: utf-8"),
                        WHOLE));
    }

    /** Healthy answers that come slowly: without a limit of the caller's, slowness alone starts and cancels nothing. */
    public static List<Odd> slow() {
        Duration wait = Duration.ofMillis(400);
        Reply pieces = Reply.eventStream().event(Answers.role());
        for (String letter : List.of("S", "l", "o", "w")) {
            pieces = pieces.pause(wait).event(Answers.content(letter));
        }
        Reply pings = Reply.eventStream();
        for (int i = 0; i < 10; i++) {
            pings = pings.chunk(": ping\n\n").pause(wait.dividedBy(4));
        }
        return List.of(
                new Odd(
                        "is slow to begin its answer",
                        Delivery.WHOLE,
                        Reply.start().pause(wait.multipliedBy(3)).send(Reply.json(200, WHOLE)),
                        WHOLE),
                new Odd(
                        "is slow inside its answer",
                        Delivery.WHOLE,
                        Reply.start()
                                .send(
                                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
                                .chunk(WHOLE.substring(0, 40))
                                .pause(wait.multipliedBy(2))
                                .chunk(WHOLE.substring(40))
                                .lastChunk(),
                        WHOLE),
                odd(
                        "is slow to begin its stream",
                        Reply.start().pause(wait.multipliedBy(3)).send(Answers.good(Delivery.STREAM)),
                        Answers.stream()),
                odd(
                        "sends its role and is slow to begin",
                        Reply.eventStream()
                                .event(Answers.role())
                                .pause(wait.multipliedBy(3))
                                .chunk(Answers.events(Answers.content("Hi"), Answers.finish("stop"), Answers.DONE))
                                .lastChunk(),
                        COMPLETE),
                odd(
                        "sends slow pieces",
                        pieces.event(Answers.finish("stop")).event(Answers.DONE).lastChunk(),
                        Answers.events(
                                Answers.role(),
                                Answers.content("S"),
                                Answers.content("l"),
                                Answers.content("o"),
                                Answers.content("w"),
                                Answers.finish("stop"),
                                Answers.DONE)),
                odd("sends pings before it begins", pings.chunk(COMPLETE).lastChunk(), COMPLETE));
    }

    /** Whether the answer has a text, rather than a tool call, a refusal or what a filter has left of it. */
    boolean hasText() {
        return TEXT.matcher(expected).find();
    }

    /** Whether the connection stays open without anything more to come. */
    boolean holdsTheConnection() {
        return name.contains("holds the connection open");
    }

    private static Odd odd(String name, Reply reply, String expected) {
        return new Odd(name, Delivery.STREAM, reply, expected);
    }

    private static Odd stream(String name, String body, String expected) {
        return odd(name, Reply.eventStream().chunk(body).lastChunk(), expected);
    }

    private static Odd whole(String name, String body) {
        return new Odd(name, Delivery.WHOLE, Reply.json(200, body), body);
    }

    private static Reply sse(String statusLine, String... headerLines) {
        String more = headerLines.length == 0 ? "" : String.join("\r\n", headerLines) + "\r\n";
        return Reply.start().send(statusLine + "\r\nContent-Type: text/event-stream\r\n" + more + "\r\n");
    }

    private static Odd encoded(String name, String encoding, byte[] body) {
        // In three pieces, whose borders are not those of the events.
        Reply reply = sse("HTTP/1.1 200 OK", "Content-Encoding: " + encoding);
        int third = body.length / 3;
        reply = reply.send(Arrays.copyOfRange(body, 0, third))
                .pause(Duration.ofMillis(5))
                .send(Arrays.copyOfRange(body, third, 2 * third))
                .pause(Duration.ofMillis(5))
                .send(Arrays.copyOfRange(body, 2 * third, body.length))
                .close();
        return odd(name, reply, Answers.stream());
    }

    @Override
    public String toString() {
        return name;
    }
}
