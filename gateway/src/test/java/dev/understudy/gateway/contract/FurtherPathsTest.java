package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.protocol.eventstream.EventStreamDecoder;
import dev.understudy.protocol.eventstream.EventStreamFrame;
import dev.understudy.protocol.eventstream.EventStreamHandler;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The paths of clouds and of other vendors' clients, and what OpenRouter's clients say about providers. */
@Timeout(60)
class FurtherPathsTest {
    private static final String VENDORS = """
            server: {port: 0, drain: 0s}
            providers:
              openai: {base-url: "${ONE}", api-key: key-of-one}
              anthropic: {base-url: "${TWO}", api-key: key-of-two}
              gemini: {base-url: "${THREE}", api-key: key-of-three}
            """;

    private static final String ROUTED = """
            server: {port: 0, drain: 0s}
            providers:
              openrouter: {base-url: "${ONE}", api-key: key-of-one}
              azure-east: {base-url: "${TWO}", api-key: key-of-two}
              three: {base-url: "${THREE}", api-key: key-of-three}
            models: {m: {targets: [openrouter/a, azure-east/b, three/c]}}
            """;

    private static final String MESSAGE = "\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    private static final String ANSWER =
            "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-x\","
                    + "\"content\":[{\"type\":\"text\",\"text\":\"hi\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                    + "\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";

    private static final List<String> EVENTS = List.of(
            "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
                    + "\"model\":\"claude-x\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":1,"
                    + "\"output_tokens\":1}}}",
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"hi\"}}",
            "{\"type\":\"content_block_stop\",\"index\":0}",
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":1}}",
            "{\"type\":\"message_stop\"}");

    private static RawAnswer post(GatewayFixture gateway, String path, String body, String... headers) {
        try (RawCaller caller = gateway.caller()) {
            return caller.post(path, body, headers).readAnswer();
        }
    }

    private static Reply stream() {
        Reply reply = Reply.eventStream();
        for (String event : EVENTS) {
            String type = event.substring(9, event.indexOf('"', 9));
            reply = reply.chunk("event: " + type + "\ndata: " + event + "\n\n");
        }
        return reply.lastChunk();
    }

    @ParameterizedTest
    @CsvSource({
        "/openai/deployments/gpt-x/chat/completions?api-version=2024-10-21",
        "/openai/v1/chat/completions",
    })
    void azuresClientsAreServed(String path) {
        String keyed = VENDORS.replace("drain: 0s", "drain: 0s, keys: [sesame-open-1]");
        try (GatewayFixture gateway = GatewayFixture.startWith(keyed)) {
            gateway.one().answerAlways(Chats.answered("hi"));
            String model = path.contains("/v1/") ? "\"model\":\"gpt-x\"," : "";
            RawAnswer answer = post(gateway, path, "{" + model + "\"messages\":[]}", "api-key: sesame-open-1");
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            ReceivedRequest received = gateway.one().requests().getFirst();
            assertThat(received.head())
                    .startsWith("POST /v1/chat/completions HTTP")
                    .doesNotContain("sesame");
            assertThat(received.body()).contains("\"model\":\"gpt-x\"");
            assertThat(post(gateway, path, "{" + model + "\"messages\":[]}").status())
                    .isEqualTo(401);
        }
    }

    @Test
    void theDeploymentTakesThePlaceOfTheBodysModel() {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            gateway.one().answerAlways(Reply.json(200, "{\"data\":[]}"));
            post(gateway, "/openai/deployments/gpt-emb/embeddings", "{\"model\":\"other\",\"input\":\"a\"}");
            assertThat(gateway.one().requests().getFirst().body()).isEqualTo("{\"model\":\"gpt-emb\",\"input\":\"a\"}");
            assertThat(post(gateway, "/openai/deployments/gpt-emb/nothing", "{}")
                            .status())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/projects/p/locations/l/publishers/anthropic/models/claude-x@20250929:rawPredict, claude-x-20250929",
        "/v1/projects/p/locations/l/publishers/anthropic/models/claude-x@default:rawPredict, claude-x",
        "/model/anthropic%2Fclaude-x/invoke, claude-x",
    })
    void claudeOfCloudsGetsAnthropicsForm(String path, String model) {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            gateway.two().answerAlways(Reply.json(200, ANSWER));
            RawAnswer answer = post(
                    gateway,
                    path,
                    "{\"anthropic_version\":\"bedrock-2023-05-31\",\"anthropic_beta\":[\"a-1\",\"b-2\"]," + MESSAGE);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(ANSWER);
            ReceivedRequest received = gateway.two().requests().getFirst();
            assertThat(received.head())
                    .startsWith("POST /v1/messages HTTP")
                    .containsIgnoringCase("anthropic-beta: a-1,b-2")
                    .containsIgnoringCase("anthropic-version: 2023-06-01");
            assertThat(received.body())
                    .contains("\"model\":\"" + model + "\"", "\"stream\":false")
                    .doesNotContain("anthropic_");
        }
    }

    @Test
    void vertexStreamsClaudeAsAnthropicDoes() {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            gateway.two().answerAlways(stream());
            RawAnswer answer = post(
                    gateway,
                    "/v1/projects/p/locations/l/publishers/anthropic/models/claude-x:streamRawPredict",
                    "{\"anthropic_version\":\"vertex-2023-10-16\",\"stream\":true," + MESSAGE);
            assertThat(answer.body()).contains("event: message_start", "\"text\":\"hi\"", "event: message_stop");
        }
    }

    @Test
    void bedrockStreamsClaudeInFrames() {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            gateway.two().answerAlways(stream());
            RawAnswer answer = post(
                    gateway,
                    "/model/anthropic%2Fclaude-x/invoke-with-response-stream",
                    "{\"anthropic_version\":\"bedrock-2023-05-31\"," + MESSAGE);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).contains("application/vnd.amazon.eventstream");
            assertThat(chunks(answer.bytes())).containsExactlyElementsOf(EVENTS);
            assertThat(gateway.two().requests().getFirst().body()).contains("\"stream\":true");
        }
    }

    @Test
    void errorsOfInvokeAreAmazons() {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            gateway.two()
                    .answerAlways(Reply.json(
                            400,
                            "{\"type\":\"error\",\"error\":{\"type\":"
                                    + "\"invalid_request_error\",\"message\":\"bad one\"}}"));
            RawAnswer answer = post(gateway, "/model/anthropic%2Fclaude-x/invoke", "{" + MESSAGE);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.header("x-amzn-errortype")).contains("ValidationException");
            assertThat(answer.body()).contains("\"message\":\"bad one\"");
        }
    }

    private static List<String> chunks(byte[] stream) {
        List<String> found = new ArrayList<>();
        EventStreamHandler handler = new EventStreamHandler() {
            @Override
            public void frame(EventStreamFrame frame) {
                assertThat(frame.name()).isEqualTo("chunk");
                String json = new String(frame.data(), frame.dataOffset(), frame.dataLength(), StandardCharsets.UTF_8);
                String base64 = json.substring("{\"bytes\":\"".length(), json.length() - 2);
                found.add(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
            }

            @Override
            public void cut(byte[] array, int offset, int length) {
                throw new AssertionError("a frame without its end");
            }

            @Override
            public void malformed(String why) {
                throw new AssertionError(why);
            }
        };
        EventStreamDecoder decoder = new EventStreamDecoder(1_000_000);
        decoder.feed(stream, 0, stream.length, handler);
        decoder.end(handler);
        return found;
    }

    @ParameterizedTest
    @CsvSource({"embedContent", "batchEmbedContents"})
    void geminisEmbeddingsArePassedThrough(String method) {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            String vectors = "{\"embedding\":{\"values\":[0.5]}}";
            gateway.three().answerAlways(Reply.json(200, vectors));
            RawAnswer answer =
                    post(gateway, "/v1beta/models/gemini-embedding-001:" + method, "{\"content\":{\"parts\":[]}}");
            assertThat(answer.body()).isEqualTo(vectors);
            assertThat(gateway.three().requests().getFirst().head())
                    .startsWith("POST /v1/models/gemini-embedding-001:" + method + " ");
            assertThat(post(gateway, "/v1beta/models/gpt-x:" + method, "{}").body())
                    .startsWith("{\"error\":{\"code\":400");
        }
    }

    @Test
    void openRoutersRulesReachOpenRouterAndChooseNothingHere() {
        try (GatewayFixture gateway = GatewayFixture.startWith(ROUTED)) {
            gateway.one().answer(Chats.answered("hi"));
            gateway.one().answerAlways(Reply.json(500, "{}"));
            gateway.two().answerAlways(Chats.answered("two"));
            String provider =
                    "{\"only\":[\"anthropic\"],\"order\":[\"google-vertex\"],\"data_collection\":\"deny\",\"zdr\":true}";
            String body = "{\"model\":\"m\",\"provider\":" + provider + ",\"messages\":[]}";

            RawAnswer first = gateway.chat(body);
            RawAnswer second = gateway.chat(body);

            assertThat(first.status()).as(first.body()).isEqualTo(200);
            assertThat(gateway.one().requests().getFirst().body()).contains("\"provider\":" + provider);
            assertThat(second.status()).as(second.body()).isEqualTo(200);
            assertThat(gateway.two().requests().getFirst().body()).doesNotContain("provider");
            assertThat(second.header("understudy-warning").orElse("")).contains("data_collection", "azure-east/b");
        }
    }

    @Test
    void namesOfProvidersHereChooseAmongThemButNotAgainstOpenRouter() {
        try (GatewayFixture gateway = GatewayFixture.startWith(ROUTED)) {
            gateway.one().answerAlways(Reply.json(500, "{}"));
            gateway.three().answerAlways(Chats.answered("three"));
            RawAnswer answer = gateway.chat("{\"model\":\"m\",\"provider\":{\"only\":[\"three\"]},\"messages\":[]}");
            assertThat(answer.header("understudy-target")).contains("three/c");
            assertThat(answer.header("understudy-trail").orElse(""))
                    .contains("\"azure-east/b\";outcome=passed_over;reason=excluded", "\"openrouter/a\"");
        }
    }
}
