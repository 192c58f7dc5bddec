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

/** Responses that a provider has stored, and requests that refer to what it has stored. */
@Timeout(60)
class StoredResponsesTest {
    private static final String TWO_ACCOUNTS = """
            server: {port: 0, drain: 0s}
            providers:
              one: {base-url: "${ONE}", api-key: [key-a, key-b], responses: true}
              two: {base-url: "${TWO}", api-key: key-of-two, responses: true}
              three: {base-url: "${THREE}", api-key: key-of-three}
            models:
              m: {targets: [one/a, two/b, three/c]}
              other: {targets: [two/b, one/a]}
            """;

    private static Reply response(String id, String status, String output) {
        return Reply.json(
                200,
                "{\"id\":\"" + id + "\",\"object\":\"response\",\"created_at\":1,\"status\":\"" + status
                        + "\",\"model\":\"a\",\"output\":[" + output + "]}");
    }

    private static Reply answered(String id) {
        return response(
                id,
                "completed",
                "{\"type\":\"message\",\"id\":\"msg_1\",\"role\":\"assistant\",\"status\":\"completed\",\"content\":["
                        + "{\"type\":\"output_text\",\"text\":\"hi\",\"annotations\":[]}]}");
    }

    private static RawAnswer ask(GatewayFixture gateway, String model, String further) {
        return post(gateway, "/v1/responses", "{\"model\":\"" + model + "\",\"input\":\"hello\"" + further + "}");
    }

    private static RawAnswer post(GatewayFixture gateway, String path, String body) {
        try (RawCaller caller = gateway.caller()) {
            return caller.post(path, body).readAnswer();
        }
    }

    private static RawAnswer send(GatewayFixture gateway, String line) {
        try (RawCaller caller = gateway.caller()) {
            return caller.send(line + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
                    .readAnswer();
        }
    }

    @Test
    void storedResponsesAreAtTheProviderThatAnswered() {
        try (GatewayFixture gateway = GatewayFixture.startWith(TWO_ACCOUNTS)) {
            gateway.one().answerAlways(Reply.json(500, "{}"));
            gateway.two().answer(answered("resp_2"));
            assertThat(ask(gateway, "m", "").status()).isEqualTo(200);

            gateway.two().answerAlways(Reply.json(200, "{\"id\":\"resp_2\",\"any\":1}"));
            RawAnswer retrieved = send(gateway, "GET /v1/responses/resp_2?include[]=x");
            assertThat(retrieved.status()).isEqualTo(200);
            assertThat(retrieved.body()).isEqualTo("{\"id\":\"resp_2\",\"any\":1}");
            assertThat(gateway.two().requests().getLast().head())
                    .startsWith("GET /v1/responses/resp_2?include[]=x ")
                    .containsIgnoringCase("authorization: Bearer key-of-two");
            send(gateway, "GET /v1/responses/resp_2/input_items?limit=2");
            assertThat(gateway.two().requests().getLast().head())
                    .startsWith("GET /v1/responses/resp_2/input_items?limit=2 ");
            send(gateway, "POST /v1/responses/resp_2/cancel");
            assertThat(gateway.two().requests().getLast().head()).startsWith("POST /v1/responses/resp_2/cancel ");
            send(gateway, "DELETE /v1/responses/resp_2");
            assertThat(gateway.two().requests().getLast().head()).startsWith("DELETE /v1/responses/resp_2 ");
            assertThat(send(gateway, "PUT /v1/responses/resp_2").status()).isEqualTo(405);
        }
    }

    @Test
    void anUnknownIdIsNotFoundUnlessOneProviderAloneCanHaveIt() {
        try (GatewayFixture gateway = GatewayFixture.startWith(TWO_ACCOUNTS)) {
            RawAnswer answer = send(gateway, "GET /v1/responses/resp_9");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(ErrorBody.of(answer).code()).isEqualTo("response_not_found");
            assertThat(ErrorBody.of(answer).message()).contains("resp_9");
        }
        try (GatewayFixture gateway = GatewayFixture.startWith("""
                server: {port: 0, drain: 0s}
                providers:
                  one: {base-url: "${ONE}", api-key: key-a, responses: true}
                  three: {base-url: "${THREE}", api-key: key-of-three}
                """)) {
            gateway.one().answerAlways(Reply.json(200, "{\"id\":\"resp_9\"}"));
            assertThat(send(gateway, "GET /v1/responses/resp_9").body()).isEqualTo("{\"id\":\"resp_9\"}");
        }
    }

    @Test
    void aStreamsIdIsKnownTooAndAStoredStreamIsPassedThrough() {
        try (GatewayFixture gateway = GatewayFixture.startWith(TWO_ACCOUNTS)) {
            String created = "{\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_s\","
                    + "\"object\":\"response\",\"status\":\"in_progress\",\"output\":[]}}";
            gateway.one()
                    .answer(Reply.eventStream()
                            .event(created)
                            .event("{\"type\":\"response.output_text.delta\",\"sequence_number\":1,\"output_index\":0,"
                                    + "\"content_index\":0,\"item_id\":\"i\",\"delta\":\"hi\"}")
                            .event("{\"type\":\"response.completed\",\"sequence_number\":2,\"response\":{\"id\":"
                                    + "\"resp_s\",\"status\":\"completed\",\"output\":[]}}")
                            .lastChunk());
            assertThat(ask(gateway, "m", ",\"stream\":true").body()).contains("resp_s");

            gateway.one().answer(Reply.eventStream().event(created).lastChunk());
            RawAnswer resumed = send(gateway, "GET /v1/responses/resp_s?stream=true&starting_after=0");
            assertThat(resumed.body()).isEqualTo("data: " + created + "\n\n");
            assertThat(resumed.header("content-type")).contains("text/event-stream");
        }
    }

    @Test
    void aConversationIsContinuedWhereItIsKnownWithTheKeyThatKnowsIt() {
        try (GatewayFixture gateway = GatewayFixture.startWith(TWO_ACCOUNTS)) {
            gateway.one().answer(Reply.json(401, "{}"));
            gateway.one().answer(answered("resp_b"));
            assertThat(ask(gateway, "m", "").status()).isEqualTo(200);
            assertThat(gateway.one().requests().getLast().head()).contains("key-b");

            gateway.one().answerAlways(answered("resp_c"));
            RawAnswer next = ask(gateway, "other", ",\"previous_response_id\":\"resp_b\"");

            assertThat(next.status()).isEqualTo(200);
            assertThat(gateway.one().requests().getLast().head()).contains("key-b");
            assertThat(gateway.two().requests()).isEmpty();
            assertThat(next.header("understudy-trail").orElse(""))
                    .contains("\"two/b\";outcome=passed_over;reason=lacks_conversation");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"previous_response_id\":\"resp_unknown\"",
                "\"conversation\":\"conv_1\"",
                "\"conversation\":{\"id\":\"conv_1\"}",
                "\"prompt\":{\"id\":\"pmpt_1\"}",
                "\"input\":[{\"type\":\"item_reference\",\"id\":\"msg_1\"}]",
                "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"file_id\" : \"file-1\"}]}]"
            })
    void whatIsStoredIsNeverAnsweredWithoutIt(String reference) {
        try (GatewayFixture gateway = GatewayFixture.startWith(TWO_ACCOUNTS)) {
            gateway.one().answerAlways(Reply.json(500, "{}"));
            gateway.two().answerAlways(answered("resp_2"));
            gateway.three().answerAlways(Chats.answered("wrong"));
            String input = reference.startsWith("\"input\"") ? "" : "\"input\":\"and?\",";

            // The plan of a request without a reference is cached.
            assertThat(ask(gateway, "m", "").status()).isEqualTo(200);
            int before = gateway.two().requests().size();
            RawAnswer answer = post(gateway, "/v1/responses", "{\"model\":\"m\"," + input + reference + "}");

            assertThat(answer.status()).isGreaterThanOrEqualTo(500);
            assertThat(gateway.two().requests()).hasSize(before);
            assertThat(gateway.three().requests()).isEmpty();
            assertThat(answer.header("understudy-trail").orElse("")).contains("reason=lacks_");
        }
    }

    @Test
    void textThatMentionsAReferenceIsNone() {
        try (GatewayFixture gateway = GatewayFixture.startWith(TWO_ACCOUNTS)) {
            gateway.one().answerAlways(Reply.json(500, "{}"));
            gateway.two().answerAlways(answered("resp_2"));
            String input = ",\"input\":[{\"role\":\"user\",\"content\":\"What is \\\"item_reference\\\"?\"},"
                    + "{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"file_id\":null}]}]";
            assertThat(post(gateway, "/v1/responses", "{\"model\":\"m\"" + input + "}")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aBackgroundResponseIsStartedOnceAndItsIdIsAnswered() {
        try (GatewayFixture gateway = GatewayFixture.startWith(TWO_ACCOUNTS)) {
            gateway.one().answerAlways(response("resp_j", "queued", ""));
            RawAnswer answer = ask(gateway, "m", ",\"background\":true");

            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("\"id\":\"resp_j\"", "\"status\":\"queued\"");
            assertThat(gateway.one().requests()).hasSize(1);
            assertThat(gateway.two().requests()).isEmpty();

            send(gateway, "GET /v1/responses/resp_j");
            assertThat(gateway.one().requests().getLast().head()).startsWith("GET /v1/responses/resp_j ");
        }
    }

    @Test
    void aBackgroundRequestThatBreaksOffIsNotStartedAgain() {
        try (GatewayFixture gateway = GatewayFixture.startWith(TWO_ACCOUNTS)) {
            gateway.one().answerAlways(Reply.start().close());
            gateway.two().answerAlways(response("resp_2", "queued", ""));

            assertThat(ask(gateway, "m", ",\"background\":true").status()).isGreaterThanOrEqualTo(500);
            assertThat(gateway.one().requests()).hasSize(1);
            assertThat(gateway.two().requests()).isEmpty();
        }
    }

    @Test
    void theIdOfABackgroundStreamIsToldAtOnce() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.startWith(TWO_ACCOUNTS);
                RawCaller caller = gateway.caller()) {
            gateway.one()
                    .answerAlways(Reply.eventStream()
                            .event("{\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":"
                                    + "\"resp_k\",\"object\":\"response\",\"status\":\"queued\",\"output\":[]}}")
                            .hold());
            caller.post("/v1/responses", "{\"model\":\"m\",\"input\":\"a\",\"background\":true,\"stream\":true}");
            assertThat(caller.readHead().status()).isEqualTo(200);
            assertThat(caller.readEvent().orElse("")).contains("resp_k");
        }
    }

    @Test
    void aConversationIsCompactedByTheProviderOfItsModel() {
        try (GatewayFixture gateway = GatewayFixture.startWith(TWO_ACCOUNTS)) {
            gateway.two().answerAlways(Reply.json(200, "{\"object\":\"response.compaction\"}"));
            RawAnswer answer = post(gateway, "/v1/responses/compact", "{\"model\":\"other\",\"input\":\"a\"}");
            assertThat(answer.body()).isEqualTo("{\"object\":\"response.compaction\"}");
            assertThat(gateway.two().requests().getFirst().head()).startsWith("POST /v1/responses/compact ");
            assertThat(gateway.two().requests().getFirst().body()).isEqualTo("{\"model\":\"b\",\"input\":\"a\"}");
        }
    }
}
