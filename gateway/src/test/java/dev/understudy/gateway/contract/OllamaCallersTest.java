package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients of Ollama's own API. */
@Timeout(60)
class OllamaCallersTest {
    private GatewayFixture gateway;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start("models: {m: {targets: [one/a, two/b]}}");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private RawAnswer post(String path, String body) {
        try (RawCaller caller = gateway.caller()) {
            return caller.post(path, body).readAnswer();
        }
    }

    private static Reply completion(String message, String reason) {
        return Reply.json(
                200,
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"a\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\"," + message + "},\"finish_reason\":\"" + reason
                        + "\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}");
    }

    private static String chunk(String delta, String reason) {
        return "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"a\",\"choices\":[{\"index\":0,"
                + "\"delta\":{" + delta + "},\"finish_reason\":" + reason + "}]}";
    }

    @Test
    void aChatBecomesAChatCompletion() {
        gateway.one().answerAlways(completion("\"content\":\"hi\"", "stop"));
        RawAnswer answer = post("/api/chat", """
                {"model":"m","stream":false,"keep_alive":"5m","options":{"temperature":0.5,"num_predict":7,"num_ctx":9},
                 "format":{"type":"object"},
                 "messages":[{"role":"user","content":"look","images":["/9j/AA=="]},
                  {"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"x":1}}}]},
                  {"role":"tool","tool_name":"f","content":"4"}]}""");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"message\":{\"role\":\"assistant\",\"content\":\"hi\"}", "\"done\":true")
                .contains("\"done_reason\":\"stop\"", "\"prompt_eval_count\":3", "\"eval_count\":2");
        assertThat(gateway.one().requests().getFirst().head()).startsWith("POST /v1/chat/completions ");
        assertThat(gateway.one().requests().getFirst().body())
                .isEqualTo(
                        "{\"model\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"look\"},"
                                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/jpeg;base64,/9j/AA==\"}}]},"
                                + "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"call_0\",\"type\":\"function\","
                                + "\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":1}\"}}]},"
                                + "{\"role\":\"tool\",\"content\":\"4\",\"tool_call_id\":\"call_0\"}],\"stream\":false,"
                                + "\"temperature\":0.5,\"max_tokens\":7,\"response_format\":{\"type\":\"json_schema\","
                                + "\"json_schema\":{\"name\":\"answer\",\"schema\":{\"type\":\"object\"}}}}");
    }

    @Test
    void aStreamIsOneObjectPerLineAndContinuesAtTheNextTarget() {
        gateway.one().answerAlways(Reply.json(500, "{}"));
        gateway.two()
                .answerAlways(Reply.eventStream()
                        .event(chunk("\"role\":\"assistant\",\"content\":\"Hel\"", "null"))
                        .event(chunk("\"content\":\"lo\"", "null"))
                        .event(chunk(
                                "\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\",\"function\":"
                                        + "{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":\"}}]",
                                "null"))
                        .event(chunk("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"1}\"}}]", "null"))
                        .event(chunk("", "\"tool_calls\""))
                        .event("[DONE]")
                        .lastChunk());
        RawAnswer answer = post("/api/chat", "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}");

        assertThat(answer.header("content-type")).contains("application/x-ndjson");
        List<String> lines = answer.body().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).contains("\"content\":\"Hel\"", "\"done\":false");
        assertThat(lines.get(1)).contains("\"content\":\"lo\"");
        assertThat(lines.get(2))
                .contains("\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":{\"x\":1}}}]", "\"done\":true");
    }

    @Test
    void generateHasATextAndNoMessage() {
        gateway.one().answerAlways(completion("\"content\":\"hi\"", "length"));
        RawAnswer answer =
                post("/api/generate", "{\"model\":\"m\",\"prompt\":\"a\",\"system\":\"b\",\"stream\":false}");
        assertThat(answer.body()).contains("\"response\":\"hi\"", "\"done_reason\":\"length\"");
        assertThat(gateway.one().requests().getFirst().body())
                .contains("[{\"role\":\"system\",\"content\":\"b\"},{\"role\":\"user\",\"content\":\"a\"}]");
    }

    @Test
    void embeddingsAreListed() {
        gateway.one()
                .answerAlways(Reply.json(
                        200,
                        "{\"object\":\"list\",\"model\":\"a\",\"data\":[{\"index\":0,\"embedding\":[0.5,1]}],"
                                + "\"usage\":{\"prompt_tokens\":2}}"));
        RawAnswer answer = post("/api/embed", "{\"model\":\"m\",\"input\":[\"a\"]}");
        assertThat(answer.body()).isEqualTo("{\"model\":\"a\",\"embeddings\":[[0.5,1]],\"prompt_eval_count\":2}");
    }

    @Test
    void errorsAreATextAndABrokenStreamIsNotComplete() {
        gateway.one().answerAlways(Reply.json(400, "{\"error\":{\"message\":\"bad one\"}}"));
        gateway.two().answerAlways(Reply.json(400, "{\"error\":{\"message\":\"bad two\"}}"));
        assertThat(post("/api/chat", "{\"model\":\"m\",\"messages\":[]}").body())
                .isEqualTo("{\"error\":\"bad one\"}");
        assertThat(post("/api/chat", "{\"model\":\"none\",\"messages\":[]}").body())
                .startsWith("{\"error\":\"unknown model");

        Reply half = Reply.eventStream()
                .event(chunk("\"role\":\"assistant\",\"content\":\"Hel\"", "null"))
                .close();
        gateway.one().answerAlways(half);
        String body = post(
                        "/api/chat",
                        "{\"model\":\"one/a\",\"fallbacks\":[],\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}")
                .body();
        assertThat(body).contains("\"Hel\"").contains("{\"error\":").doesNotContain("\"done\":true");
    }

    @Test
    void thinkingIsReasoningAndBack() {
        gateway.one().answerAlways(completion("\"content\":\"4\",\"reasoning_content\":\"2+2\"", "stop"));
        for (String[] each : new String[][] {
            {"true", "\"medium\""}, {"false", "\"none\""}, {"\"high\"", "\"high\""}, {"\"low\"", "\"low\""}
        }) {
            RawAnswer answer = post(
                    "/api/chat",
                    "{\"model\":\"m\",\"stream\":false,\"think\":" + each[0]
                            + ",\"messages\":[{\"role\":\"user\",\"content\":\"2+2?\"}]}");
            assertThat(answer.body())
                    .contains("\"message\":{\"role\":\"assistant\",\"content\":\"4\",\"thinking\":\"2+2\"}");
            assertThat(gateway.one().requests().getLast().body()).contains("\"reasoning_effort\":" + each[1]);
        }
        post(
                "/api/chat",
                "{\"model\":\"m\",\"stream\":false,\"messages\":[{\"role\":\"assistant\",\"content\":\"4\","
                        + "\"thinking\":\"2+2\"},{\"role\":\"user\",\"content\":\"a\"}]}");
        assertThat(gateway.one().requests().getLast().body())
                .contains("\"content\":\"4\",\"reasoning_content\":\"2+2\"}")
                .doesNotContain("reasoning_effort");
    }

    @Test
    void aModelIsShownWithWhatItCanDo() {
        try (GatewayFixture known = GatewayFixture.startWith("""
                server: {port: 0, drain: 0s}
                providers:
                  openai: {base-url: "${ONE}", api-key: key-of-one}
                models:
                  fast: {targets: [openai/gpt-4o-mini]}
                  plain: {targets: [{target: openai/a, context-window: 1234, tools: false}]}
                  deep: {targets: [openai/o3]}
                  vectors: {targets: [openai/text-embedding-3-small]}
                """);
                RawCaller caller = known.caller()) {
            assertThat(caller.post("/api/show", "{\"model\":\"fast\"}")
                            .readAnswer()
                            .body())
                    .contains("\"general.architecture\":\"openai\"", "\"openai.context_length\":128000")
                    .contains("\"family\":\"openai\"", "\"capabilities\":[\"completion\",\"tools\",\"vision\"]");
            assertThat(caller.post("/api/show", "{\"name\":\"plain:latest\"}")
                            .readAnswer()
                            .body())
                    .contains("\"openai.context_length\":1234", "\"capabilities\":[\"completion\"]");
            assertThat(caller.post("/api/show", "{\"model\":\"deep\"}")
                            .readAnswer()
                            .body())
                    .contains("\"thinking\"]");
            assertThat(caller.post("/api/show", "{\"model\":\"vectors\"}")
                            .readAnswer()
                            .body())
                    .contains("\"capabilities\":[\"embedding\"]");
            RawAnswer unknown =
                    caller.post("/api/show", "{\"model\":\"nothing\"}").readAnswer();
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.body()).startsWith("{\"error\":\"unknown model");
            assertThat(caller.post("/api/show", "{}").readAnswer().body())
                    .isEqualTo("{\"error\":\"model is required\"}");
            assertThat(caller.get("/api/ps").readAnswer().body()).isEqualTo("{\"models\":[]}");
            assertThat(caller.post("/api/pull", "{}").readAnswer().body()).startsWith("{\"error\":\"unknown path");
            assertThat(caller.get("/api/show").readAnswer().body()).startsWith("{\"error\":\"use POST");
        }
    }

    @Test
    void modelsAndVersionAreListed() {
        try (RawCaller caller = gateway.caller()) {
            assertThat(caller.get("/api/tags").readAnswer().body())
                    .startsWith("{\"models\":[{\"name\":\"m\",\"model\":\"m\",");
            assertThat(caller.get("/api/version").readAnswer().body()).isEqualTo("{\"version\":\"0.9.0\"}");
        }
    }
}
