package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One line of JSON per call: everything about it, and nothing of what was said in it. */
@Timeout(60)
class AccessLogTest {

    @Test
    void lineHasEveryFieldOfTheCall() {
        try (GatewayFixture gateway = GatewayFixture.start("models: {m: {targets: [one/a]}}")) {
            gateway.one().answerAlways(Chats.refused(429));
            gateway.two().answerAlways(Chats.streamed());

            RawAnswer answer = gateway.chat(Chats.askStream(
                    "m",
                    "\"fallback_models\":[\"two/b\"]",
                    "\"customer_identifier\":\"customer-7\"",
                    "\"keywordsai_params\":{\"metadata\":{\"team\":\"search\"}}"));

            assertThat(answer.status()).isEqualTo(200);
            JsonNode line = ErrorBody.object(ErrorBody.parsed(gateway.log(1).getFirst()));
            assertThat(line.fieldNames())
                    .toIterable()
                    .containsExactly(
                            "at",
                            "call",
                            "model",
                            "vocabulary",
                            "stream",
                            "ending",
                            "status",
                            "target",
                            "ms",
                            "first_content_ms",
                            "customer",
                            "tags",
                            "trail");
            assertThat(answer.header("understudy-call-id")).contains(ErrorBody.text(line, "call"));
            assertThat(ErrorBody.text(line, "at")).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
            assertThat(ErrorBody.text(line, "model")).isEqualTo("m");
            assertThat(ErrorBody.text(line, "vocabulary")).isEqualTo("keywordsai");
            assertThat(ErrorBody.text(line, "ending")).isEqualTo("answered");
            assertThat(ErrorBody.text(line, "target")).isEqualTo("two/b");
            assertThat(ErrorBody.text(line, "customer")).isEqualTo("customer-7");
            assertThat(JsonOut.text(line.path("tags"))).isEqualTo("[\"team=search\"]");
            assertThat(JsonOut.text(line.path("trail")))
                    .containsPattern(
                            "\\{\"target\":\"one/a\",\"outcome\":\"rate_limited\",\"kind\":\"primary\",\"ms\":\\d+,\"status\":429}")
                    .containsPattern("\\{\"target\":\"two/b\",\"outcome\":\"ok\",\"kind\":\"fallback\",\"ms\":\\d+}");
        }
    }

    @Test
    void trailNamesTheTargetThatContinuedABrokenStream() {
        try (GatewayFixture gateway = GatewayFixture.start("models: {m: {targets: [one/a, two/b]}}")) {
            gateway.one()
                    .answerAlways(Reply.eventStream()
                            .chunk(Chats.event(Chats.content("Hel")))
                            .close());
            gateway.two().answerAlways(Chats.streamed());

            gateway.chat(Chats.askStream("m"));

            assertThat(gateway.log(1).getFirst())
                    .containsPattern(
                            "\\{\"target\":\"one/a\",\"outcome\":\"truncated\",\"kind\":\"primary\",\"ms\":\\d+}")
                    .containsPattern(
                            "\\{\"target\":\"two/b\",\"outcome\":\"ok\",\"kind\":\"continuation\",\"manner\":\"continuing\",\"ms\":\\d+}");
        }
    }

    @Test
    void noContentOfTheCallIsLogged() {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one()
                    .answer(Chats.answered("the-secret-answer"))
                    .answerAlways(Reply.json(400, "{\"error\":{\"message\":\"the-secret-prompt is not allowed\"}}"));
            String prompt = Chats.ask("one/m", "\"user\":\"the-secret-user\"").replace("hello", "the-secret-prompt");

            gateway.chat(prompt, "Authorization: Bearer the-secret-key", "X-Any: the-secret-header");
            gateway.chat(prompt, "Authorization: Bearer the-secret-key");

            assertThat(gateway.log(2)).noneMatch(line -> line.contains("secret") || line.contains("key-of-one"));
        }
    }

    @Test
    void callWithLoggingOffIsNotLogged() {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one().answerAlways(Chats.answered("hi"));

            gateway.chat(Chats.ask("one/quiet", "\"disable_log\":true"));
            gateway.chat(Chats.ask("one/quiet"), "op-log-request: false");
            gateway.chat(Chats.ask("one/loud"));

            assertThat(gateway.log(1))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("one/loud"));
        }
    }
}
