package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller and a provider say to each other arrives to the byte, whatever a tidy JSON library would make of it. */
@Timeout(60)
class PassThroughTest {

    /** Everything that reading and writing again would change: numbers, escapes, blanks, order, repeated names. */
    private static final String PECULIAR = """
            \r
             { "zeta"\t:\t1.10,
              "temperature":1e2, "top_p" : 1E+2 , "seed":1234567890123456789012345,"min_p":-0.0, "e":0.1e-7,
              "messages" : [ {"content":"caf\\u00e9 \\/ / \\u2028 é 😀 \\ud83d\\ude00 \\t\\"", "role":"user", "weight":1.0} , {
                "role":"assistant","content":null,"name":"\\u0061"}],
              "twice":1, "twice":2, "":{}, "\\u0078":[ ],
              "model":"one/m"  ,
              "unknown":{"b":[1.0, 10.00 ,[[]]],"a":{"model":"one/m","fallbacks":["x"],"understudy":{}}},
              "metadata":{"k":"v"}, "alpha" : null, "stream_options":{"include_usage" : true }  }\s
            """;

    @Test
    void requestChangesInNothingButTheModel() {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one().answerAlways(Chats.answered("hi"));

            assertThat(gateway.chat(PECULIAR).status()).isEqualTo(200);

            assertThat(gateway.one().take().body())
                    .isEqualTo(PECULIAR.replaceFirst("\"model\":\"one/m\"  ,", "\"model\":\"m\"  ,"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"understudy\":{\"fallbacks\":[\"two/x\"]},",
                "\"fallbacks\" : [ {\"model\":\"two/x\",\"temperature\":0} ] ,\n",
                "\"fallback_models\":[\"two/x\"],\"disable_log\":false,",
                "\"models\":[\"two/x\"], \"route\":\"fallback\",",
                "\"openpipe\":{\"fallback\":{\"model\":\"two/x\"},\"tags\":{\"a\":\"}\\\"\"}},"
            })
    void fallbackOptionsAreCutOutAndNothingAroundThem(String words) {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one().answerAlways(Chats.answered("hi"));
            String before = "{ \"zeta\" : 1.10, ";
            String after = "\"seed\":1234567890123456789012345, \"model\":\"one/m\", " + Chats.MESSAGES + " }";

            assertThat(gateway.chat(before + words + after).status()).isEqualTo(200);

            String sent = gateway.one().take().body();
            assertThat(sent.replaceAll("1\\.10,\\s+", "1.10,"))
                    .isEqualTo((before + after).replace("one/m", "m").replaceAll("1\\.10,\\s+", "1.10,"));
        }
    }

    @Test
    void requestCarriesTheHeadersOfTheProviderAndOfTheCallerOnlyThoseOfTheApi() {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one().answerAlways(Chats.answered("hi"));
            String body = Chats.ask("one/m");

            gateway.chat(
                    body,
                    "Authorization: Bearer the-callers-own",
                    "Cookie: session=1",
                    "X-Forwarded-For: 10.0.0.1",
                    "OpenAI-Organization: org-of-caller",
                    "Accept-Encoding: gzip, br");

            List<String> head =
                    gateway.one().take().head().lines().map(String::toLowerCase).toList();
            assertThat(head.getFirst()).isEqualTo("post /v1/chat/completions http/1.1");
            assertThat(head.stream().filter(line -> line.contains(":")).toList())
                    .containsExactlyInAnyOrder(
                            "host: 127.0.0.1:" + gateway.one().port(),
                            "content-type: application/json",
                            "user-agent: understudy",
                            "authorization: bearer key-of-one",
                            "openai-organization: org-of-caller",
                            "content-length: " + (body.length() - "one/".length()));
        }
    }

    @Test
    void wholeAnswerArrivesToTheByteHoweverItWasSent() {
        String answer = """
                 {"choices":[ {"finish_reason":"stop","index":0 , "message":{"content":"caf\\u00e9 \\/ é 😀 \\ud83d\\ude00",
                "role":"assistant"},"logprobs":{"p":-0.0,"q":1E+2,"r":1.10} } ],"id":1234567890123456789012345 ,
                "unknown":{"z":1,"a":1e2,"twice":1,"twice":2},"model":"what-really-answered"}\r
                """;
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one().answer(Reply.json(200, answer));
            gateway.one().answer(chunked(bytes, 7));
            gateway.one()
                    .answer(Reply.start()
                            .send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")
                            .send(bytes)
                            .close());

            for (String framing : List.of("length", "chunks that cut characters", "until close")) {
                RawAnswer seen = gateway.chat(Chats.ask("one/m"));
                assertThat(seen.status()).as(framing).isEqualTo(200);
                assertThat(seen.bytes()).as(framing).isEqualTo(bytes);
                assertThat(seen.end()).as(framing).isEqualTo(End.COMPLETE);
                assertThat(seen.header("content-type")).as(framing).contains("application/json");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 100_000})
    void streamArrivesToTheByteHoweverItWasCut(int chunkSize) {
        String stream = "data:" + Chats.delta("{\"role\":\"assistant\",\"content\":\"\"}", "null") + "\n\n"
                + "id: 7\nevent: message\ndata:  " + Chats.content("caf\\u00e9 \\/ é 😀 \\ud83d\\ude00") + "\n\n"
                + "data: {\"choices\" : [ {\"index\":0,\"delta\":{\"content\":\"x\"},\"p\":1.10,\"q\":1E+2} ],\n"
                + "data: \"big\":1234567890123456789012345 }\n\n"
                + "retry: 3000\r\ndata: " + Chats.content("crlf") + "\r\n\r\n"
                + "data: " + Chats.delta("{}", "\"stop\"") + "\n\n"
                + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"cost\":-0.0}}\n\n"
                + "data: [DONE]\n\n";
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one().answerAlways(chunked(bytes, chunkSize));

            RawAnswer seen = gateway.chat(Chats.askStream("one/m"));

            assertThat(seen.status()).isEqualTo(200);
            assertThat(seen.body()).isEqualTo(stream);
            assertThat(seen.end()).isEqualTo(End.COMPLETE);
            assertThat(seen.header("content-type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        }
    }

    /** A 200 with these bytes as its body, in chunks of this size: as events if they begin like some. */
    private static Reply chunked(byte[] bytes, int size) {
        boolean events = new String(bytes, 0, 5, StandardCharsets.UTF_8).equals("data:");
        Reply reply = Reply.start()
                .send("HTTP/1.1 200 OK\r\nContent-Type: " + (events ? "text/event-stream" : "application/json")
                        + "\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int at = 0; at < bytes.length; at += size) {
            byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size));
            reply = reply.send(Integer.toHexString(piece.length) + "\r\n")
                    .send(piece)
                    .send("\r\n");
        }
        return reply.lastChunk();
    }
}
