package dev.understudy.gateway.crossing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** APIs that are not translated: their bytes go to targets with the same API, and fall back among those. */
@Timeout(60)
class OtherApisTest {
    private static final String CHAIN = "models: {m: {targets: [one/a, two/b]}}\n";
    private static final String SAME_VECTORS = "models: {m: {targets: [one/a, two/b], same-vectors: true}}\n";
    private static final String VECTORS = "{ \"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,"
            + "\"embedding\":[0.10,-2.50e-3]}],\"model\":\"v\",\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}}";
    private static final String DOWN = "{\"error\":{\"message\":\"down\"}}";

    private static RawAnswer post(GatewayFixture gateway, String path, String body) {
        try (RawCaller caller = gateway.caller()) {
            return caller.post(path, body).readAnswer();
        }
    }

    @Test
    void embeddingsGoThroughToTheByte() {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            gateway.one().answerAlways(Reply.json(200, VECTORS));

            RawAnswer answer = post(
                    gateway, "/v1/embeddings", "{\"model\":\"m\", \"input\":[\"a\",\"b\"],\"dimensions\":8,\"x\":1.0}");

            assertThat(answer.body()).isEqualTo(VECTORS);
            ReceivedRequest received = gateway.one().take();
            assertThat(received.head()).startsWith("POST /v1/embeddings HTTP/1.1\r\n");
            assertThat(received.body())
                    .isEqualTo("{\"model\":\"a\", \"input\":[\"a\",\"b\"],\"dimensions\":8,\"x\":1.0}");
        }
    }

    @Test
    void embeddingsFallBackOnlyToTheSameVectors() {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            gateway.one().answerAlways(Reply.json(500, DOWN));
            gateway.two().answerAlways(Reply.json(200, VECTORS));

            RawAnswer answer = post(gateway, "/v1/embeddings", "{\"model\":\"m\",\"input\":\"a\"}");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("understudy-trail").orElse(""))
                    .contains("\"two/b\";outcome=passed_over;reason=other_vectors");
            assertThat(gateway.two().requestCount()).isZero();
        }
        try (GatewayFixture gateway = GatewayFixture.start(SAME_VECTORS)) {
            gateway.one().answerAlways(Reply.json(500, DOWN));
            gateway.two().answerAlways(Reply.json(200, VECTORS));

            RawAnswer answer = post(gateway, "/v1/embeddings", "{\"model\":\"m\",\"input\":\"a\"}");

            assertThat(answer.body()).isEqualTo(VECTORS);
            assertThat(answer.header("understudy-target")).contains("two/b");
        }
    }

    /** Who named the fallbacks knows no better which vectors are the same. */
    @Test
    void callersFallbacksGiveOtherVectorsToo() {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one().answerAlways(Reply.json(500, DOWN));
            RawAnswer answer =
                    post(gateway, "/v1/embeddings", "{\"model\":\"one/a\",\"input\":\"a\",\"fallbacks\":[\"two/b\"]}");
            assertThat(answer.header("understudy-trail").orElse("")).contains("reason=other_vectors");
        }
    }

    @Test
    void vendorsWithoutTheApiAreSkipped() {
        try (Crossing crossing =
                Crossing.start("models: {m: {targets: [anthropic/a]}}").allWell()) {
            RawAnswer answer = crossing.post("/v1/embeddings", "{\"model\":\"m\",\"input\":\"a\"}");
            assertThat(answer.status()).as("%s", answer).isEqualTo(400);
            assertThat(answer.body()).contains("anthropic/a lacks_embeddings");
            assertThat(answer.header("understudy-trail").orElse("")).contains("reason=lacks_embeddings");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "completions|{\"model\":\"m\",\"prompt\":\"Say\"}|{\"choices\":[{\"text\":\"hi\",\"index\":0,\"finish_reason\":\"stop\"}]}",
                "images/generations|{\"model\":\"m\",\"prompt\":\"a cat\"}|{\"created\":1,\"data\":[{\"b64_json\":\"QUJD\"}]}",
                "moderations|{\"model\":\"m\",\"input\":\"x\"}|{\"id\":\"modr-1\",\"results\":[{\"flagged\":false}]}",
                "rerank|{\"model\":\"m\",\"query\":\"q\",\"documents\":[\"a\"]}|{\"results\":[{\"index\":0,\"relevance_score\":0.90}]}"
            })
    void aDeadTargetIsStoodInFor(String api, String request, String reply) {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            gateway.one().close();
            gateway.two().answerAlways(Reply.json(200, reply));

            RawAnswer answer = post(gateway, "/v1/" + api, request);

            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(reply);
            assertThat(answer.header("understudy-trail").orElse("")).contains("\"one/a\";outcome=connection");
            ReceivedRequest received = gateway.two().take();
            assertThat(received.head()).startsWith("POST /v1/" + api + " ");
            assertThat(received.body()).isEqualTo(request.replace("\"m\"", "\"b\""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"embeddings", "moderations"})
    void halfAnAnswerIsNone(String api) {
        try (GatewayFixture gateway = GatewayFixture.start(SAME_VECTORS)) {
            gateway.one().answerAlways(Reply.json(200, "{\"results\":[{\"flagged\""));
            gateway.two().answerAlways(Reply.json(200, "{\"results\":[]}"));
            RawAnswer answer = post(gateway, "/v1/" + api, "{\"model\":\"m\",\"input\":\"x\"}");
            assertThat(answer.body()).isEqualTo("{\"results\":[]}");
        }
    }

    @Test
    void streamedCompletionsFallBackBeforeTheirFirstByte() {
        String stream = "data: {\"choices\":[{\"text\":\"hi\",\"index\":0,\"finish_reason\":null}]}\n\n"
                + "data: {\"choices\":[{\"text\":\"\",\"index\":0,\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            gateway.one().answerAlways(Reply.json(503, DOWN));
            gateway.two().answerAlways(Reply.eventStream().chunk(stream).lastChunk());
            RawAnswer answer = post(gateway, "/v1/completions", "{\"model\":\"m\",\"prompt\":\"x\",\"stream\":true}");
            assertThat(answer.body()).isEqualTo(stream);
        }
    }

    @Test
    void speechIsWhateverItIsCalled() {
        byte[] sound = new byte[3_000];
        for (int i = 0; i < sound.length; i++) {
            sound[i] = (byte) (i * 31);
        }
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            gateway.one().answerAlways(Reply.json(500, DOWN));
            gateway.two()
                    .answerAlways(Reply.streamOf("audio/mpeg")
                            .chunk(sound)
                            .chunk(sound)
                            .lastChunk());

            RawAnswer answer = post(gateway, "/v1/audio/speech", "{\"model\":\"m\",\"input\":\"Hi\",\"voice\":\"v\"}");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).contains("audio/mpeg");
            assertThat(answer.bytes()).isEqualTo(Vendor.joined(sound, sound));
            assertThat(answer.header("understudy-target")).contains("two/b");
        }
    }

    private static final String BOUNDARY = "----form--1";

    private static String field(String name, String text) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + text + "\r\n";
    }

    private static byte[] form(String model, String ours) {
        byte[] recording = new byte[2_000];
        for (int i = 0; i < recording.length; i++) {
            recording[i] = (byte) (i * 17);
        }
        byte[] before = (field("model", model)
                        + ours
                        + "--" + BOUNDARY
                        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"model.wav\"\r\n"
                        + "Content-Type: audio/wav\r\n\r\n")
                .getBytes(UTF_8);
        byte[] after = ("\r\n" + field("language", "de") + "--" + BOUNDARY + "--\r\n").getBytes(UTF_8);
        return Vendor.joined(before, recording, "\r\n--model\r\n".getBytes(UTF_8), recording, after);
    }

    private static RawAnswer postForm(GatewayFixture gateway, String path, byte[] form) {
        String head = "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=" + BOUNDARY
                + "\r\nContent-Length: " + form.length + "\r\n\r\n";
        try (RawCaller caller = gateway.caller()) {
            return caller.send(Vendor.joined(head.getBytes(ISO_8859_1), form)).readAnswer();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"audio/transcriptions", "audio/translations", "images/edits", "images/variations"})
    void formsKeepTheirFilesAndLoseOurFields(String api) {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one().answerAlways(Reply.json(429, DOWN));
            gateway.two().answerAlways(Reply.json(200, "{\"text\":\"Hallo\"}"));

            RawAnswer answer =
                    postForm(gateway, "/v1/" + api, form("one/a", field("fallbacks", "[\"two/longer-name\"]")));

            assertThat(answer.body()).isEqualTo("{\"text\":\"Hallo\"}");
            for (var asked : List.of(gateway.one(), gateway.two())) {
                ReceivedRequest received = asked.take();
                assertThat(received.head())
                        .startsWith("POST /v1/" + api + " ")
                        .containsIgnoringCase("Content-Type: multipart/form-data; boundary=" + BOUNDARY);
                assertThat(received.bodyBytes()).isEqualTo(form(asked == gateway.one() ? "a" : "longer-name", ""));
            }
        }
    }

    @Test
    void aTranscriptInPlainTextKeepsItsName() {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one()
                    .answerAlways(Reply.streamOf("text/plain; charset=utf-8")
                            .chunk("Hallo\n")
                            .lastChunk());
            RawAnswer answer = postForm(gateway, "/v1/audio/transcriptions", form("one/a", ""));
            assertThat(answer.header("content-type")).contains("text/plain; charset=utf-8");
            assertThat(answer.body()).isEqualTo("Hallo\n");
        }
    }

    @Test
    void googlesEmbeddingsNameTheTargetsModelEverywhere() {
        String yaml = """
                server: {port: 0, drain: 0s}
                providers: {gemini: {base-url: "http://127.0.0.1:${ONE_PORT}", api-key: k}}
                models: {vectors: {targets: [gemini/gemini-embedding-001]}}
                """;
        try (GatewayFixture gateway = GatewayFixture.startWith(yaml)) {
            gateway.one().answerAlways(Reply.json(200, "{\"embedding\":{\"values\":[1]}}"));
            post(
                    gateway,
                    "/v1beta/models/vectors:embedContent",
                    "{ \"model\" : \"models/vectors\", \"content\":{\"parts\":[{\"text\":\"model \\u00e9é\"}]}}");
            assertThat(gateway.one().take().body())
                    .isEqualTo("{ \"model\" : \"models/gemini-embedding-001\", \"content\":{\"parts\":[{\"text\":"
                            + "\"model \\u00e9é\"}]}}");
            post(gateway, "/v1beta/models/vectors:embedContent", "{\"content\":{\"model\":\"x\"}}");
            assertThat(gateway.one().take().body()).isEqualTo("{\"content\":{\"model\":\"x\"}}");
            post(
                    gateway,
                    "/v1/projects/p/locations/l/publishers/google/models/vectors:batchEmbedContents",
                    "{\"requests\":[{\"model\":\"models/vectors\",\"content\":{\"parts\":[{\"text\":\"ü\"}]}},"
                            + "{\"content\":{},\"model\":\"models/vectors\"}]}");
            ReceivedRequest batch = gateway.one().take();
            assertThat(batch.head()).startsWith("POST /v1beta/models/gemini-embedding-001:batchEmbedContents ");
            assertThat(batch.body())
                    .isEqualTo(
                            "{\"requests\":[{\"model\":\"models/gemini-embedding-001\",\"content\":{\"parts\":[{\"text\":"
                                    + "\"ü\"}]}},{\"content\":{},\"model\":\"models/gemini-embedding-001\"}]}");
        }
    }

    @Test
    void aBrokenFormIsRefused() {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            RawAnswer answer = postForm(gateway, "/v1/audio/transcriptions", "no form at all".getBytes(UTF_8));
            assertThat(ErrorShape.of(ClientDialect.CHAT, 400, answer).message()).contains("form");
        }
    }
}
