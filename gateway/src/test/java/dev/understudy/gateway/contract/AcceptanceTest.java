package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that fail a check are failures, if the request or the configuration has that check. */
@Timeout(60)
class AcceptanceTest {
    private static final String JSON_OBJECT = "\"response_format\":{\"type\":\"json_object\"}";

    private GatewayFixture gateway;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start("""
                models:
                  plain: {targets: [one/a, two/b]}
                  checked: {targets: [one/a, two/b], accept: {json: true}}
                """);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void brokenJsonGoesToTheNextTargetWhereItIsConfigured() {
        gateway.one().answerAlways(Chats.answered("{\\\"a\\\": 1"));
        gateway.two().answerAlways(Chats.answered("{\\\"a\\\": 1}"));
        RawAnswer answer = gateway.chat(Chats.ask("checked", JSON_OBJECT));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("{\\\"a\\\": 1}");
        assertThat(answer.header("understudy-trail").orElse(""))
                .contains("\"one/a\";outcome=invalid_output", "\"two/b\";outcome=ok");
    }

    @Test
    void brokenJsonIsDeliveredWithoutAnAcceptanceCheck() {
        gateway.one().answerAlways(Chats.answered("{\\\"a\\\": 1"));
        assertThat(gateway.chat(Chats.ask("plain", JSON_OBJECT)).header("understudy-target"))
                .contains("one/a");
    }

    @Test
    void aCallerMayAskForItself() {
        gateway.one().answerAlways(Chats.answered("No."));
        gateway.two().answerAlways(Chats.answered("Certainly, at once."));
        for (String wish : new String[] {"{\"min_length\":10}", "{\"matches\":\"(?i)certainly\"}"}) {
            RawAnswer answer = gateway.chat(Chats.ask("plain", "\"understudy\":{\"accept\":" + wish + "}"));
            assertThat(answer.header("understudy-target")).as(wish).contains("two/b");
        }
    }

    @Test
    void aStreamIsHeldUntilItIsChecked() {
        gateway.one().answerAlways(Chats.streamed());
        gateway.two()
                .answerAlways(Reply.eventStream()
                        .event(Chats.content("Hello to you"))
                        .event(Chats.delta("{}", "\"stop\""))
                        .event("[DONE]")
                        .lastChunk());
        RawAnswer answer = gateway.chat(Chats.askStream("plain", "\"understudy\":{\"accept\":{\"min_length\":10}}"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .contains("Hello to you")
                .doesNotContain("\"Hel\"")
                .endsWith("data: [DONE]\n\n");
        assertThat(answer.header("understudy-attempts")).contains("2");
    }

    @Test
    void aStreamThatPassesIsWholeAndUnchanged() {
        gateway.one().answerAlways(Chats.streamed());
        RawAnswer answer = gateway.chat(Chats.askStream("plain", "\"understudy\":{\"accept\":{\"min_length\":5}}"));
        assertThat(answer.body()).isEqualTo(Chats.STREAM);
    }

    @Test
    void aCheckThatNoTargetPassesIsReported() {
        gateway.one().answerAlways(Chats.answered("No."));
        gateway.two().answerAlways(Chats.answered("No."));
        RawAnswer answer = gateway.chat(Chats.ask("plain", "\"understudy\":{\"accept\":{\"min_length\":10}}"));
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.body()).contains("\"code\":\"accept.min_length\"", "shorter than 10 characters");
    }
}
