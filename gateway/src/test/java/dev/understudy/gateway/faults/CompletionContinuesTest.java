package dev.understudy.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.faults.Answers;
import dev.understudy.testing.faults.Break;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of the Completions API that break after text: another target continues the prompt with that text behind it. */
@Timeout(120)
class CompletionContinuesTest {
    private static final String CHAIN = "models: {chain: {targets: [one/a, two/b]}}\n";
    private static final Pattern TEXT = Pattern.compile("\"text\":\"([^\"]*)\"");
    private static final Break CLOSED = Break.breaks().stream()
            .filter(broken -> broken.name().equals("closes inside the body"))
            .findFirst()
            .orElseThrow();

    private static String textOf(String body) {
        return TEXT.matcher(body)
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.joining());
    }

    private static String request(String members) {
        return "{\"model\":\"chain\"," + members + ",\"stream\":true}";
    }

    private static RawAnswer follow(GatewayFixture gateway, String before, String request, CountDownLatch read)
            throws IOException {
        try (RawCaller caller = gateway.caller().waitAtMost(Duration.ofSeconds(30))) {
            caller.post("/v1/completions", request);
            assertThat(caller.readHead().status()).isEqualTo(200);
            assertThat(caller.readEvent().orElseThrow() + "\n\n").isEqualTo(before);
            read.countDown();
            return caller.readRest();
        }
    }

    private static RawAnswer broken(GatewayFixture gateway, Break broken, String request) throws IOException {
        CountDownLatch read = new CountDownLatch(1);
        broken.playInCompletion(gateway.one(), gateway.two(), read);
        return follow(gateway, broken.beforeInCompletion(), request, read);
    }

    private static void assertWhole(RawAnswer rest) {
        assertThat(rest.end()).as("%s", rest).isEqualTo(End.COMPLETE);
        assertThat(textOf(rest.body())).as("%s", rest).isEqualTo("lo");
        assertThat(rest.body())
                .containsOnlyOnce("\"finish_reason\":\"stop\"")
                .containsOnlyOnce("data: [DONE]\n\n")
                .endsWith("data: [DONE]\n\n")
                .contains("\"id\":\"s\",\"object\":\"text_completion\",\"created\":1,\"model\":\"s-1\"")
                .doesNotContain("\"error\"");
    }

    static List<Break> breaks() {
        return Break.breaks();
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void anotherTargetContinuesThePrompt(Break broken) throws IOException {
        try (GatewayFixture gateway = GatewayFixture.start(broken.limits().configuration(false))) {
            RawAnswer rest = broken(gateway, broken, request("\"prompt\":\"Hi \""));

            assertWhole(rest);
            assertThat(rest.body())
                    .contains(": understudy recovery=continue trail=\"one/a\";outcome="
                            + broken.kind().wireName())
                    .contains("manner=continuing");
            assertThat(gateway.one().requestCount()).as("requests to one").isEqualTo(1);
            assertThat(gateway.two().take().body())
                    .isEqualTo("{\"model\":\"b\",\"prompt\":\"Hi Hel\",\"stream\":true}");
            assertThat(gateway.log(1)).singleElement().asString().contains("\"ending\":\"answered\"");
        }
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void withoutRecoveryHalfAnAnswerIsNeverShownAsTheWhole(Break broken) throws IOException {
        try (GatewayFixture gateway = GatewayFixture.start(broken.limits().configuration(false, "terminate"))) {
            assertTerminated(gateway, broken(gateway, broken, request("\"prompt\":\"Hi\"")), broken.code());
        }
    }

    private static void assertTerminated(GatewayFixture gateway, RawAnswer rest, String code) {
        assertThat(rest.end()).as("%s", rest).isEqualTo(End.COMPLETE);
        assertThat(rest.events().getLast())
                .startsWith("data: {\"error\":{\"message\":\"")
                .contains("\"code\":\"" + code);
        assertThat(rest.body()).doesNotContain("[DONE]", "\"finish_reason\":\"stop\"");
        assertThat(textOf(rest.body())).isEmpty();
        assertThat(gateway.two().requestCount()).as("requests to two").isZero();
    }

    /** What is said in these about an answer holds for all of it, so that the rest from another target would not fit. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"prompt\":[1,2,3]",
                "\"prompt\":[[1,2,3]]",
                "\"prompt\":[\"Hi\",\"Ho\"]",
                "\"prompt\":\"Hi\",\"n\":2",
                "\"prompt\":\"Hi\",\"best_of\":2",
                "\"prompt\":\"Hi\",\"echo\":true",
                "\"prompt\":\"Hi\",\"logprobs\":0",
                "\"prompt\":\"Hi\",\"response_format\":{\"type\":\"json_object\"}",
                "\"prompt\":\"Hi\",\"guided_json\":{\"type\":\"object\"}"
            })
    void whatConcernsTheWholeAnswerIsNotContinued(String members) throws IOException {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            assertTerminated(gateway, broken(gateway, CLOSED, request(members)), "truncated");
        }
    }

    @Test
    void restOfTheRequestStaysAsItIs() throws IOException {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            RawAnswer rest = broken(
                    gateway,
                    CLOSED,
                    request("\"prompt\": [ \"\\u0048i \\ud83c\" ],\"suffix\":\"!\",\"max_tokens\":9,\"stop\":[\"\\n\"],"
                            + "\"best_of\":1,\"n\":1,\"echo\":false,\"logprobs\":null,\"temperature\":1.10,"
                            + "\"stream_options\":{\"include_usage\":true}"));

            assertWhole(rest);
            assertThat(gateway.two().take().body())
                    .isEqualTo("{\"model\":\"b\",\"prompt\": \"\\u0048i \\ud83cHel\",\"suffix\":\"!\",\"max_tokens\":8,"
                            + "\"stop\":[\"\\n\"],\"best_of\":1,\"n\":1,\"echo\":false,\"logprobs\":null,"
                            + "\"temperature\":1.10,\"stream_options\":{\"include_usage\":true},\"stream\":true}");
            assertThat(rest.body())
                    .as("usage of both parts")
                    .containsOnlyOnce("\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":3,\"total_tokens\":4}");
        }
    }

    @Test
    void continuationThatBreaksIsContinued() throws IOException {
        try (GatewayFixture gateway = GatewayFixture.start("models: {chain: {targets: [one/a, two/b, three/c]}}")) {
            CountDownLatch read = new CountDownLatch(1);
            CLOSED.playInCompletion(gateway.one(), gateway.three(), read);
            gateway.two()
                    .answerAlways(Reply.eventStream()
                            .event(Answers.completion("lo, wor"))
                            .close());
            gateway.three()
                    .answerAlways(Reply.eventStream()
                            .chunk(Answers.events(Answers.completion("ld")) + Answers.events(Answers.completionEnd()))
                            .lastChunk());

            RawAnswer rest = follow(gateway, CLOSED.beforeInCompletion(), request("\"prompt\":\"Hi\""), read);

            assertThat(textOf(rest.body())).isEqualTo("lo, world");
            assertThat(rest.body()).containsOnlyOnce("data: [DONE]").endsWith("data: [DONE]\n\n");
            assertThat(gateway.three().take().body()).contains("\"prompt\":\"HiHello, wor\"");
        }
    }

    private static final String TWO_APIS = """
            server: {host: 127.0.0.1, port: 0, drain: 0s}
            providers:
              one: {base-url: "${ONE}", api-key: k, continue-with: turn}
              two: {base-url: "http://127.0.0.1:${TWO_PORT}", dialect: anthropic, api-key: k}
            models:
              chain: {targets: [one/a, two/b]}
              reverse: {targets: [two/b, one/a]}
            """;

    private static String messages(String text) {
        return "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"s\",\"type\":\"message\","
                + "\"role\":\"assistant\",\"model\":\"s-1\",\"content\":[],\"usage\":{\"input_tokens\":1,"
                + "\"output_tokens\":1}}}\n\nevent: content_block_start\ndata: {\"type\":\"content_block_start\","
                + "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\nevent: content_block_delta\n"
                + "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\""
                + text + "\"}}\n\n";
    }

    private static final String MESSAGES_END = "event: content_block_stop\ndata: {\"type\":\"content_block_stop\","
            + "\"index\":0}\n\nevent: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
            + "\"end_turn\"},\"usage\":{\"output_tokens\":2}}\n\nevent: message_stop\ndata: {\"type\":"
            + "\"message_stop\"}\n\n";

    @Test
    void targetOfAnotherApiContinues() throws IOException {
        try (GatewayFixture gateway = GatewayFixture.startWith(TWO_APIS)) {
            CountDownLatch read = new CountDownLatch(1);
            CLOSED.playInCompletion(gateway.one(), gateway.three(), read);
            gateway.two()
                    .answerAlways(Reply.eventStream()
                            .chunk(messages("lo") + MESSAGES_END)
                            .lastChunk());

            assertWhole(follow(gateway, CLOSED.beforeInCompletion(), request("\"prompt\":\"Hi\""), read));
            assertThat(gateway.two().take().body())
                    .endsWith(
                            "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"Hel\"}]}],\"stream\":true}");
        }
    }

    /** What was not sent to the first target does not hold for its answer. */
    @ParameterizedTest
    @ValueSource(strings = {"\"prompt\":\"Hi\"", "\"prompt\":\"Hi\",\"logprobs\":1"})
    void promptIsContinuedAfterAnotherApi(String members) throws IOException {
        try (GatewayFixture gateway = GatewayFixture.startWith(TWO_APIS)) {
            CountDownLatch read = new CountDownLatch(1);
            CLOSED.playInCompletion(gateway.three(), gateway.one(), read);
            gateway.two()
                    .answerAlways(Reply.eventStream()
                            .chunk(messages("Hel"))
                            .await(read)
                            .close());

            String first = "data: {\"id\":\"s\",\"object\":\"text_completion\",";
            try (RawCaller caller = gateway.caller().waitAtMost(Duration.ofSeconds(30))) {
                caller.post("/v1/completions", request(members).replace("\"chain\"", "\"reverse\""));
                assertThat(caller.readHead().status()).isEqualTo(200);
                assertThat(caller.readEvent().orElseThrow()).startsWith(first).contains("\"text\":\"Hel\"");
                read.countDown();
                RawAnswer rest = caller.readRest();
                assertThat(textOf(rest.body())).as("%s", rest).isEqualTo("lo");
                assertThat(rest.body()).endsWith("data: [DONE]\n\n");
            }
            assertThat(gateway.one().take().body()).contains("\"prompt\":\"HiHel\"");
        }
    }

    /** A rejection says nothing about the form of the target's chat, and the next target continues. */
    @Test
    void rejectionIsNotThatOfAnotherForm() throws IOException {
        try (GatewayFixture gateway = GatewayFixture.start("models: {chain: {targets: [one/a, two/b, three/c]}}")) {
            CountDownLatch read = new CountDownLatch(1);
            CLOSED.playInCompletion(gateway.one(), gateway.three(), read);
            gateway.two().answerAlways(Reply.json(400, Answers.error("No", "invalid_request_error", "")));

            assertWhole(follow(gateway, CLOSED.beforeInCompletion(), request("\"prompt\":\"Hi\""), read));
            assertThat(gateway.two().requestCount()).isEqualTo(1);
        }
    }
}
