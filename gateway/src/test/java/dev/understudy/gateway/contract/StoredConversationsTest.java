package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations whose last answer came from a target of another dialect, and who may continue which conversation. */
@Timeout(60)
class StoredConversationsTest {
    private static final String PROVIDERS = """
            providers:
              one: {base-url: "${ONE}", api-key: key-of-one, responses: true}
              two: {base-url: "${TWO}", api-key: key-of-two}
            models:
              m: {targets: [one/a, two/b]}
              chat: {targets: [two/b], fallbacks: []}
            """;

    private static final String OPEN = "server: {port: 0, drain: 0s}\n" + PROVIDERS;

    private static final String WITH_KEYS = """
            server: {port: 0, drain: 0s, keys: [{name: ann, key: ann-0123456789}, {name: bob, key: bob-0123456789}]}
            """ + PROVIDERS;

    private static final String ANN = "Authorization: Bearer ann-0123456789";
    private static final String BOB = "Authorization: Bearer bob-0123456789";

    private static Reply completion(String id, String text) {
        return Reply.json(
                200,
                "{\"id\":\"" + id
                        + "\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"b\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\",\"content\":\"" + text
                        + "\"},\"finish_reason\":\"stop\"}]}");
    }

    private static Reply response(String id) {
        return Reply.json(
                200,
                "{\"id\":\"" + id
                        + "\",\"object\":\"response\",\"created_at\":1,\"status\":\"completed\",\"model\":\"a\","
                        + "\"output\":[{\"type\":\"message\",\"id\":\"msg_1\",\"role\":\"assistant\",\"status\":\"completed\","
                        + "\"content\":[{\"type\":\"output_text\",\"text\":\"hi\",\"annotations\":[]}]}]}");
    }

    private static RawAnswer ask(
            GatewayFixture gateway, String model, String input, String further, String... headers) {
        try (RawCaller caller = gateway.caller()) {
            return caller.post(
                            "/v1/responses", "{\"model\":\"" + model + "\",\"input\":" + input + further + "}", headers)
                    .readAnswer();
        }
    }

    private static String previous(String id) {
        return ",\"previous_response_id\":\"" + id + "\"";
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTranslatedAnswerIsContinuedWithItsTurnsAtAnyTarget(boolean stream) {
        try (GatewayFixture gateway = GatewayFixture.startWith(OPEN)) {
            gateway.two()
                    .answer(
                            stream
                                    ? Reply.eventStream()
                                            .event(
                                                    "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
                                                            + "\"model\":\"b\",\"choices\":[{\"index\":0,\"delta\":{\"role\":"
                                                            + "\"assistant\",\"content\":\"Hello Ann\"},\"finish_reason\":null}]}")
                                            .event("{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
                                                    + "\"model\":\"b\",\"choices\":[{\"index\":0,\"delta\":{},"
                                                    + "\"finish_reason\":\"stop\"}]}")
                                            .event("[DONE]")
                                            .lastChunk()
                                    : completion("c1", "Hello Ann"));
            RawAnswer first = ask(gateway, "chat", "\"I am Ann\"", ",\"stream\":" + stream);
            assertThat(first.status()).as(first.body()).isEqualTo(200);
            assertThat(first.body()).contains("resp_c1");

            gateway.two().answer(completion("c2", "Ann"));
            RawAnswer second = ask(gateway, "chat", "\"Who am I?\"", previous("resp_c1"));
            assertThat(second.status()).as(second.body()).isEqualTo(200);
            assertThat(gateway.two().requests().getLast().body())
                    .contains("\"messages\":[{\"role\":\"user\",\"content\":\"I am Ann\"},"
                            + "{\"role\":\"assistant\",\"content\":\"Hello Ann\"},"
                            + "{\"role\":\"user\",\"content\":\"Who am I?\"}]");

            // The third turn goes to a provider that has the Responses API, and which knows neither of the ids.
            gateway.two().answerAlways(Reply.json(500, "{}"));
            gateway.one().answerAlways(response("resp_3"));
            RawAnswer third = ask(gateway, "one/a", "[{\"role\":\"user\",\"content\":\"Sure?\"}]", previous("resp_c2"));
            assertThat(third.status()).as(third.body()).isEqualTo(200);
            assertThat(gateway.one().requests().getLast().body())
                    .startsWith(
                            "{\"model\":\"a\",\"input\":[{\"type\":\"message\",\"role\":\"user\",\"content\":\"I am Ann\"},{")
                    .contains("\"text\":\"Hello Ann\"", "\"content\":\"Who am I?\"", "\"text\":\"Ann\"")
                    .endsWith("{\"role\":\"user\",\"content\":\"Sure?\"}]}")
                    .doesNotContain("previous_response_id");

            // From here on the provider knows the conversation.
            ask(gateway, "one/a", "\"And now?\"", previous("resp_3"));
            assertThat(gateway.one().requests().getLast().body())
                    .isEqualTo("{\"model\":\"a\",\"input\":\"And now?\",\"previous_response_id\":\"resp_3\"}");
        }
    }

    @Test
    void countsAndCompactionsAreThoseOfTheWholeConversation() {
        try (GatewayFixture gateway = GatewayFixture.startWith(WITH_KEYS);
                RawCaller caller = gateway.caller()) {
            gateway.two().answer(completion("c1", "Hello Ann"));
            ask(gateway, "chat", "\"I am Ann\"", "", ANN);
            gateway.one().answerAlways(Reply.json(200, "{\"any\":1}"));
            for (String path : new String[] {"/v1/responses/input_tokens", "/v1/responses/compact"}) {
                caller.post(path, "{\"model\":\"one/a\",\"input\":\"b\"" + previous("resp_c1") + "}", ANN)
                        .readAnswer();
                assertThat(gateway.one().requests().getLast().head()).startsWith("POST " + path + " ");
                assertThat(gateway.one().requests().getLast().body())
                        .startsWith(
                                "{\"model\":\"a\",\"input\":[{\"type\":\"message\",\"role\":\"user\",\"content\":\"I am Ann\"},")
                        .contains("Hello Ann")
                        .endsWith(",{\"type\":\"message\",\"role\":\"user\",\"content\":\"b\"}]}");
            }
            gateway.one().answerAlways(response("resp_ann"));
            ask(gateway, "one/a", "\"a\"", "", ANN);
            int before = gateway.one().requestCount();
            for (String path : new String[] {"/v1/responses/input_tokens", "/v1/responses/compact"}) {
                RawAnswer refused = caller.post(
                                path, "{\"model\":\"one/a\",\"input\":\"b\"" + previous("resp_ann") + "}", BOB)
                        .readAnswer();
                assertThat(ErrorBody.of(refused).code()).isEqualTo("previous_response_not_found");
            }
            assertThat(gateway.one().requestCount()).isEqualTo(before);
        }
    }

    @Test
    void withoutItsConversationAQuestionIsNotAnswered() {
        try (GatewayFixture gateway = GatewayFixture.startWith(OPEN)) {
            gateway.two().answer(completion("c1", "Hello"));
            gateway.two().answer(completion("c2", "Hello"));
            gateway.two().answer(completion("c2", "Hello again"));
            ask(gateway, "chat", "\"secret\"", ",\"store\":false");
            ask(gateway, "chat", "\"a\"", "");
            ask(gateway, "chat", "\"b\"", "");
            int before = gateway.two().requestCount();
            for (String id : new String[] {"resp_c1", "resp_c2", "resp_never"}) {
                RawAnswer answer = ask(gateway, "chat", "\"and?\"", previous(id));
                assertThat(answer.status()).as(id).isEqualTo(400);
                assertThat(ErrorBody.of(answer).code()).isEqualTo("previous_response_not_found");
                assertThat(ErrorBody.of(answer).message()).contains("'" + id + "' not found");
                assertThat(answer.header("understudy-trail").orElse("")).contains("reason=lacks_conversation");
            }
            assertThat(gateway.two().requestCount()).isEqualTo(before);
        }
    }

    @Test
    void nothingIsKeptIfThatIsConfiguredOrDeleted() {
        try (GatewayFixture gateway =
                GatewayFixture.startWith("server: {port: 0, drain: 0s, conversations: off}\n" + PROVIDERS)) {
            gateway.two().answerAlways(completion("c1", "Hello"));
            ask(gateway, "chat", "\"a\"", "");
            assertThat(ask(gateway, "chat", "\"and?\"", previous("resp_c1")).status())
                    .isEqualTo(400);
        }
        try (GatewayFixture gateway = GatewayFixture.startWith(OPEN);
                RawCaller caller = gateway.caller()) {
            gateway.two().answerAlways(completion("c1", "Hello"));
            ask(gateway, "chat", "\"a\"", "");
            RawAnswer deleted = caller.send("DELETE /v1/responses/resp_c1 HTTP/1.1\r\nHost: x\r\n\r\n")
                    .readAnswer();
            assertThat(deleted.body()).isEqualTo("{\"id\":\"resp_c1\",\"object\":\"response\",\"deleted\":true}");
            assertThat(ask(gateway, "chat", "\"and?\"", previous("resp_c1")).status())
                    .isEqualTo(400);
        }
    }

    @Test
    void aCallersResponsesAreUnknownToOtherCallers() {
        try (GatewayFixture gateway = GatewayFixture.startWith(WITH_KEYS);
                RawCaller caller = gateway.caller()) {
            gateway.one().answerAlways(response("resp_ann"));
            gateway.two().answer(completion("c1", "Hello"));
            ask(gateway, "one/a", "\"a\"", "", ANN);
            ask(gateway, "chat", "\"a\"", "", ANN);
            int before = gateway.one().requestCount();

            for (String id : new String[] {"resp_ann", "resp_c1"}) {
                RawAnswer answer = ask(gateway, "chat", "\"and?\"", previous(id), BOB);
                assertThat(answer.status()).as(answer.body()).isEqualTo(400);
                assertThat(ErrorBody.of(answer).code()).isEqualTo("previous_response_not_found");
            }
            RawAnswer direct = ask(gateway, "one/a", "\"and?\"", previous("resp_ann"), BOB);
            assertThat(ErrorBody.of(direct).code()).isEqualTo("previous_response_not_found");
            for (String line : new String[] {
                "GET /v1/responses/resp_ann", "DELETE /v1/responses/resp_ann", "POST /v1/responses/resp_ann/cancel"
            }) {
                RawAnswer answer = caller.send(
                                line + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n" + BOB + "\r\n\r\n")
                        .readAnswer();
                assertThat(answer.status()).as(line).isEqualTo(404);
            }
            assertThat(gateway.one().requestCount()).isEqualTo(before);

            assertThat(ask(gateway, "one/a", "\"and?\"", previous("resp_ann"), ANN)
                            .status())
                    .isEqualTo(200);
            assertThat(caller.send("GET /v1/responses/resp_ann HTTP/1.1\r\nHost: x\r\n" + ANN + "\r\n\r\n")
                            .readAnswer()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aStoredPromptNamesTheModelAndIsKnownToResponsesProvidersOnly() {
        try (GatewayFixture gateway = GatewayFixture.startWith(OPEN);
                RawCaller caller = gateway.caller()) {
            gateway.one().answer(response("resp_1"));
            String body = "{\"prompt\":{\"id\":\"pmpt_1\",\"version\":\"2\"},\"input\":\"a\"}";
            RawAnswer answer = caller.post("/v1/responses", body).readAnswer();
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(gateway.one().requests().getLast().body()).isEqualTo(body);
            assertThat(gateway.two().requestCount()).isZero();
        }
        try (GatewayFixture gateway = GatewayFixture.startWith("""
                server: {port: 0, drain: 0s}
                providers: {two: {base-url: "${TWO}", api-key: key-of-two}}
                """);
                RawCaller caller = gateway.caller()) {
            RawAnswer answer = caller.post("/v1/responses", "{\"prompt\":{\"id\":\"pmpt_1\"}}")
                    .readAnswer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(ErrorBody.of(answer).code()).isEqualTo("missing_required_parameter");
        }
    }
}
