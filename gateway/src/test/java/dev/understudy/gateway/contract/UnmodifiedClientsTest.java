package dev.understudy.gateway.contract;

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

/** What unmodified clients of the vendors send beside calls, and what they receive. */
@Timeout(60)
class UnmodifiedClientsTest {
    private static final String VENDORS = """
            server: {port: 0, drain: 0s, forward-headers: [X-Session-Id]}
            providers:
              openai: {base-url: "${ONE}", api-key: key-of-one}
              anthropic: {base-url: "${TWO}", api-key: key-of-two}
              gemini: {base-url: "${THREE}", api-key: key-of-three}
            """;

    private static final String MESSAGE =
            "{\"model\":\"claude-x\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\"," + "\"content\":\"Hello\"}]}";

    private static RawAnswer send(GatewayFixture gateway, String line, String... headers) {
        try (RawCaller caller = gateway.caller()) {
            StringBuilder head = new StringBuilder(line + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            return caller.send(head + "\r\n").readAnswer();
        }
    }

    private static RawAnswer post(GatewayFixture gateway, String path, String body, String... headers) {
        try (RawCaller caller = gateway.caller()) {
            return caller.post(path, body, headers).readAnswer();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/responses", "/responses", "/openai/v1/responses"})
    void aWebSocketIsRefusedSoThatTheClientUsesHttpAtOnce(String path) {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            RawAnswer answer = send(
                    gateway,
                    "GET " + path,
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

            assertThat(answer.status()).isEqualTo(426);
            assertThat(ErrorBody.of(answer).code()).isEqualTo("websocket_not_supported");
            assertThat(ErrorBody.of(answer).message()).contains("POST");
        }
    }

    @Test
    void headOfTheRootSaysThatTheServerIsThere() {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS);
                RawCaller caller = gateway.caller()) {
            RawAnswer gone = send(gateway, "HEAD /", "Connection: close");
            assertThat(gone.status()).isEqualTo(200);
            assertThat(gone.body()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/files, files",
        "/v1/uploads, files",
        "/v1/chat/completions/chatcmpl-1/messages, stored chat completions",
        "/v1/audio/voices, voices",
        "/v1/organization/users, organization settings",
        "/v1/organizations/users, organization settings",
        "/v1/vaults/v/credentials, agents",
        "/v1/skills, skills",
        "/v1/files/file-1/content, files",
        "/v1/batches, batches",
        "/v1/messages/batches, batches",
        "/v1/fine_tuning/jobs, fine-tuning",
        "/v1/vector_stores, vector stores",
        "/v1/assistants, assistants",
        "/v1/realtime, realtime sessions",
        "/v1beta/files, files",
        "/upload/v1beta/files, files",
        "/v1beta/cachedContents, cached contents"
    })
    void whatIsNotServedIsNamed(String path, String what) {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            RawAnswer answer = send(gateway, "GET " + path);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body()).contains("does not serve " + what).contains("provider's own address");
        }
    }

    @Test
    void aDeletionOfAModelIsNotServedAndOtherMethodsOfACallAreNamed() {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            RawAnswer deletion = send(gateway, "DELETE /v1/models/ft-1");
            assertThat(deletion.status()).isEqualTo(404);
            assertThat(deletion.body()).contains("does not serve deletions of models");
            assertThat(send(gateway, "PUT /v1/chat/completions").status()).isEqualTo(405);
            RawAnswer list = send(gateway, "GET /v1/chat/completions");
            assertThat(list.status()).isEqualTo(405);
            assertThat(list.body()).contains("does not serve stored chat completions");
        }
    }

    @Test
    void theBetaParameterOfResponsesReachesTheProvider() {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            gateway.one().answerAlways(Reply.json(400, "{}"));
            String body = "{\"model\":\"gpt-x\",\"input\":\"hi\"}";

            post(gateway, "/v1/responses?beta=true", body);
            post(gateway, "/v1/responses/input_tokens?beta=true", body);

            assertThat(gateway.one().requests().getFirst().head()).startsWith("POST /v1/responses?beta=true ");
            assertThat(gateway.one().requests().getLast().head())
                    .startsWith("POST /v1/responses/input_tokens?beta=true ");
        }
    }

    @Test
    void aStoredPromptHasItsOwnModel() {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            gateway.one().answerAlways(Reply.json(400, "{}"));
            String body = "{\"prompt\":{\"id\":\"pmpt_1\",\"variables\":{\"city\":\"Paris\"}}}";

            post(gateway, "/v1/responses", body);

            assertThat(gateway.one().requests().getFirst().body()).isEqualTo(body);
            assertThat(post(gateway, "/v1/responses", "{\"input\":\"hi\"}").body())
                    .contains("The request has no 'model'");
        }
    }

    @Test
    void tokensAreCountedWithoutAModelByTheOnlyProviderThatCan() {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            gateway.one().answerAlways(Reply.json(200, "{\"object\":\"response.input_tokens\",\"input_tokens\":4}"));

            RawAnswer answer = post(gateway, "/v1/responses/input_tokens", "{\"input\":\"hi\"}");

            assertThat(answer.body()).contains("\"input_tokens\":4");
            assertThat(gateway.one().requests().getFirst().body()).isEqualTo("{\"input\":\"hi\"}");
        }
    }

    @Test
    void unknownPathsAreAnsweredInTheDialectOfTheClient() {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            assertThat(send(gateway, "GET /v1/files", "anthropic-version: 2023-06-01")
                            .body())
                    .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\"");
            assertThat(send(gateway, "GET /nowhere", "x-goog-api-key: any").body())
                    .startsWith("{\"error\":{\"code\":404")
                    .contains("NOT_FOUND");
            assertThat(send(gateway, "GET /v1beta/nowhere").body()).startsWith("{\"error\":{\"code\":404");
            assertThat(send(gateway, "GET /nowhere").body()).contains("\"code\":\"not_found\"");
        }
    }

    @Test
    void configuredModelsAreListedInTheShapeOfEachClient() {
        try (GatewayFixture gateway =
                GatewayFixture.startWith(VENDORS + "models: {assistant: {targets: [anthropic/claude-sonnet-4-5]}}\n")) {
            assertThat(send(gateway, "GET /v1/models", "anthropic-version: 2023-06-01")
                            .body())
                    .isEqualTo("{\"data\":[{\"type\":\"model\",\"id\":\"assistant\",\"display_name\":\"assistant\","
                            + "\"created_at\":\"1970-01-01T00:00:00Z\",\"lifecycle\":\"active\"},{\"type\":\"model\","
                            + "\"id\":\"anthropic/claude-sonnet-4-5\",\"display_name\":\"anthropic/claude-sonnet-4-5\","
                            + "\"created_at\":\"1970-01-01T00:00:00Z\",\"lifecycle\":\"active\"}],\"has_more\":false,\"first_id\":\"assistant\","
                            + "\"last_id\":\"anthropic/claude-sonnet-4-5\"}");
            assertThat(send(gateway, "GET /v1/models/assistant", "anthropic-version: 2023-06-01")
                            .body())
                    .startsWith("{\"type\":\"model\",\"id\":\"assistant\"");
            assertThat(send(gateway, "GET /v1/models/none", "anthropic-version: 2023-06-01")
                            .body())
                    .contains("not_found_error");
            assertThat(send(gateway, "GET /v1beta/models").body())
                    .startsWith(
                            "{\"models\":[{\"name\":\"models/assistant\",\"version\":\"\",\"displayName\":\"assistant\","
                                    + "\"inputTokenLimit\":");
            assertThat(send(gateway, "GET /v1beta/models/assistant").body())
                    .startsWith("{\"name\":\"models/assistant\"");
            assertThat(gateway.upstreams())
                    .allSatisfy(each -> assertThat(each.requests()).isEmpty());
        }
    }

    @Test
    void withoutConfiguredModelsThoseOfTheProvidersAreListedAndFetchedOnce() {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            gateway.one().answerAlways(Reply.json(200, "{\"data\":[{\"id\":\"gpt-x\"},{\"id\":\"private-model\"}]}"));
            gateway.two().answerAlways(Reply.json(200, "{\"data\":[{\"type\":\"model\",\"id\":\"claude-x\"}]}"));
            gateway.three().answerAlways(Reply.json(500, "{}"));

            String listed = send(gateway, "GET /v1/models").body();
            String again = send(gateway, "GET /v1/models").body();

            assertThat(listed)
                    .contains("\"id\":\"gpt-x\"", "\"id\":\"openai/private-model\"", "\"id\":\"claude-x\"")
                    .as("the table's names in place of a list that cannot be had")
                    .contains("\"id\":\"gemini-2.5-pro\"");
            assertThat(again).isEqualTo(listed);
            assertThat(gateway.one().requests()).hasSize(1);
            ReceivedRequest ofAnthropic = gateway.two().requests().getFirst();
            assertThat(ofAnthropic.head())
                    .startsWith("GET /v1/models?limit=1000 ")
                    .containsIgnoringCase("x-api-key: key-of-two")
                    .containsIgnoringCase("anthropic-version: 2023-06-01");
        }
    }

    @Test
    void tokensAreCountedByAProviderOfTheSameDialect() {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            gateway.two().answerAlways(Reply.json(200, "{\"input_tokens\":8}", "request-id: req_1"));

            RawAnswer answer = post(
                    gateway,
                    "/v1/messages/count_tokens?beta=true",
                    "{\"model\":\"claude-x\",\"understudy\":{},\"messages\":[]}",
                    "anthropic-beta: token-counting-2024-11-01");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"input_tokens\":8}");
            assertThat(answer.header("request-id")).contains("req_1");
            assertThat(answer.header("understudy-warning")).isEmpty();
            ReceivedRequest received = gateway.two().requests().getFirst();
            assertThat(received.head())
                    .startsWith("POST /v1/messages/count_tokens?beta=true ")
                    .containsIgnoringCase("anthropic-beta: token-counting-2024-11-01");
            assertThat(received.body()).isEqualTo("{\"model\":\"claude-x\",\"messages\":[]}");
        }
    }

    @Test
    void tokensAreCountedByAProviderThatRedirectsWithinItsHost() {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            gateway.two()
                    .answer(Reply.json(307, "", "Location: /v2/count"))
                    .answerAlways(Reply.json(200, "{\"input_tokens\":8}"));

            RawAnswer answer = post(gateway, "/v1/messages/count_tokens", "{\"model\":\"claude-x\",\"messages\":[]}");

            assertThat(answer.body()).isEqualTo("{\"input_tokens\":8}");
            assertThat(answer.header("understudy-warning")).isEmpty();
            assertThat(gateway.two().requests().get(1).head()).startsWith("POST /v2/count ");
        }
    }

    @Test
    void tokensAreEstimatedForAProviderOfAnotherDialectOrOneThatFails() {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            gateway.two().answer(Reply.json(529, "{}")).answerAlways(Reply.json(400, "{}"));
            String text = "word ".repeat(400);
            String body = "{\"model\":\"MODEL\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
            for (String model : List.of("gpt-x", "claude-x")) {
                RawAnswer answer = post(gateway, "/v1/messages/count_tokens", body.replace("MODEL", model));
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).matches("\\{\"input_tokens\":4\\d\\d}");
                assertThat(answer.header("understudy-warning").orElse("")).contains("estimated");
            }
            assertThat(post(gateway, "/v1/messages", MESSAGE)
                            .header("understudy-trail")
                            .orElse(""))
                    .as("a count that failed opens no circuit")
                    .contains("\"anthropic/claude-x\";outcome=bad_request");
        }
    }

    @Test
    void aRefusedCountIsTheCallersError() {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            String error = "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"no\"}}";
            gateway.two().answerAlways(Reply.json(400, error));
            RawAnswer answer = post(gateway, "/v1/messages/count_tokens", "{\"model\":\"claude-x\"}");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo(error);
            assertThat(post(gateway, "/v1/messages/count_tokens", "{}").body()).contains("'model'");
        }
    }

    @Test
    void geminiAndResponsesCountTokensToo() {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            gateway.three().answerAlways(Reply.json(200, "{\"totalTokens\":3}"));
            gateway.one().answerAlways(Reply.json(200, "{\"object\":\"response.input_tokens\",\"input_tokens\":4}"));

            assertThat(post(gateway, "/v1beta/models/gemini-x:countTokens", "{\"contents\":[]}")
                            .body())
                    .isEqualTo("{\"totalTokens\":3}");
            assertThat(gateway.three().requests().getFirst().head())
                    .startsWith("POST /v1/models/gemini-x:countTokens ");
            assertThat(post(gateway, "/v1beta/models/gpt-x:countTokens", "{\"contents\":[]}")
                            .body())
                    .matches("\\{\"totalTokens\":\\d+}");
            assertThat(post(gateway, "/v1/responses/input_tokens", "{\"model\":\"gpt-x\",\"input\":\"a\"}")
                            .body())
                    .contains("\"input_tokens\":4");
        }
    }

    @Test
    void versionsBetaFeaturesAndConfiguredHeadersReachAProviderOfTheSameDialectOnly() {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            gateway.two().answerAlways(Reply.json(500, "{}"));
            gateway.one().answerAlways(Reply.json(500, "{}"));
            String options = MESSAGE.replace("{\"model\"", "{\"understudy\":{\"fallbacks\":[\"gpt-x\"]},\"model\"");

            post(gateway, "/v1/messages?beta=true&key=k", options, "anthropic-beta: a", "x-session-id: 7");
            post(
                    gateway,
                    "/v1/chat/completions",
                    "{\"model\":\"gpt-x\",\"messages\":[]}",
                    "OpenAI-Organization: org-1",
                    "openai-project: p",
                    "openai-beta: assistants=v2");

            assertThat(gateway.two().requests().getFirst().head())
                    .startsWith("POST /v1/messages?beta=true ")
                    .containsIgnoringCase("x-session-id: 7")
                    .doesNotContain("key=k");
            String translated = gateway.one().requests().getFirst().head();
            assertThat(translated).startsWith("POST /v1/chat/completions ").doesNotContainIgnoringCase("x-session-id");
            assertThat(gateway.one().requests().getLast().head())
                    .containsIgnoringCase("openai-organization: org-1")
                    .containsIgnoringCase("openai-project: p")
                    .containsIgnoringCase("openai-beta: assistants=v2");
        }
    }

    @Test
    void limitsAndRequestIdsOfTheAnsweringTargetReachTheCallerAndNoOtherHeader() {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            gateway.two()
                    .answerAlways(Reply.json(
                            400,
                            "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"bad\","
                                    + "\"hint\":\"{\\\"a\\\":\"},\"request_id\":\"req_9\"}",
                            "request-id: req_9",
                            "anthropic-ratelimit-requests-remaining: 3",
                            "x-ratelimit-limit-tokens: 5",
                            "set-cookie: a=b",
                            "server: secret"));
            RawAnswer answer = post(gateway, "/v1/messages", MESSAGE);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.header("request-id")).contains("req_9");
            assertThat(answer.header("anthropic-ratelimit-requests-remaining")).contains("3");
            assertThat(answer.header("x-ratelimit-limit-tokens")).contains("5");
            assertThat(answer.header("set-cookie")).isEmpty();
            assertThat(answer.header("server")).isEmpty();
            assertThat(answer.body())
                    .contains("\"message\":\"bad\"", "\"hint\":\"{\\\"a\\\":\"", "\"request_id\":\"req_9\"");
        }
    }

    @Test
    void googlesKeyParameterIsTheGatewaysKey() {
        String keyed = VENDORS.replace("drain: 0s,", "drain: 0s, keys: [sesame-open-1],");
        try (GatewayFixture gateway = GatewayFixture.startWith(keyed)) {
            gateway.three()
                    .answerAlways(Reply.json(
                            200,
                            "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"hi\"}]},"
                                    + "\"finishReason\":\"STOP\",\"index\":0}]}"));
            String path = "/v1beta/models/gemini-x:generateContent";
            String body = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}";

            assertThat(post(gateway, path + "?key=sesame-open-1", body).status())
                    .isEqualTo(200);
            assertThat(post(gateway, path + "?key=other", body).status()).isEqualTo(401);
            assertThat(post(gateway, "/v1/chat/completions?key=sesame-open-1", "{}")
                            .status())
                    .isEqualTo(401);
            assertThat(gateway.three().requests().getFirst().head()).doesNotContain("sesame");
            assertThat(gateway.log(1)).noneMatch(line -> line.contains("sesame"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/embeddings, text-embedding-3-small, input",
        "/v1/moderations, omni-moderation-latest, input",
        "/v1/images/generations, dall-e-3, prompt",
        "/v1/images/generations, gpt-image-1, prompt",
        "/v1/audio/speech, tts-1, input"
    })
    void bareNamesOfOpenAisModelsAreFound(String path, String model, String field) {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            gateway.one().answerAlways(Reply.json(200, "{\"data\":[]}"));
            String body = "{\"model\":\"" + model + "\",\"" + field + "\":\"a\"}";
            assertThat(post(gateway, path, body).status()).isEqualTo(200);
            assertThat(gateway.one().requests().getFirst().body()).isEqualTo(body);
        }
    }

    @ParameterizedTest
    @CsvSource({"/v1/moderations, input", "/v1/images/generations, prompt"})
    void aModelIsNotRequiredWhereOpenAiRequiresNone(String path, String field) {
        try (GatewayFixture gateway = GatewayFixture.startWith(VENDORS)) {
            gateway.one().answerAlways(Reply.json(200, "{\"data\":[]}"));
            String body = "{\"" + field + "\":\"a\"}";
            assertThat(post(gateway, path, body).status()).isEqualTo(200);
            assertThat(gateway.one().requests().getFirst().body()).isEqualTo(body);
        }
    }
}
