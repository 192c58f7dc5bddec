package dev.understudy.gateway.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What operators and callers may choose beside the usual: restarts, later commit points, company for the late. */
@Timeout(60)
class ChosenRecoveryTest {
    private static final String CHAIN = "models: {chain: {targets: [one/a, two/b]}}\n";

    private static String ask(String ours) {
        return "{\"model\":\"chain\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Count\"}]"
                + (ours.isEmpty() ? "" : ",\"understudy\":" + ours) + "}";
    }

    @Test
    void aRestartIsMarkedAndAnswersFromTheStart() {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            gateway.one().answerAlways(Canonical.begun("a", 40).close());
            gateway.two().answerAlways(Canonical.stream("b"));

            RawAnswer answer = gateway.chat(ask("{\"stream\":{\"recovery\":\"restart\"}}"));

            int mark = answer.body().indexOf("\"understudy\":{\"recovery\":\"restart\"");
            assertThat(mark).as("%s", answer).isPositive();
            assertThat(answer.body().substring(0, mark)).contains("word40").doesNotContain("word41");
            assertThat(answer.body().substring(mark))
                    .contains("\"word1\"", "word60.")
                    .endsWith("data: [DONE]\n\n");
            assertThat(gateway.two().take().body()).as("a fresh request").doesNotContain("assistant");
        }
    }

    @Test
    void whatBreaksBeforeALaterCommitPointBreaksUnseen() {
        try (GatewayFixture gateway =
                GatewayFixture.start("defaults: {stream: {commit: after 1000 characters}}\n" + CHAIN)) {
            gateway.one().answerAlways(Canonical.begun("a", 40).close());
            gateway.two().answerAlways(Canonical.stream("b"));

            RawAnswer answer = gateway.chat(ask(""));

            assertThat(answer.body()).contains("\"word1\"", "word60.").doesNotContain("\"model\":\"a\"");
            assertThat(answer.header("understudy-target")).contains("two/b");
        }
    }

    @Test
    void anAnswerIsShownWhenTheTimeOfItsCommitPointHasPassed() {
        try (GatewayFixture gateway = GatewayFixture.start(
                "defaults: {stream: {commit: after 200ms, recovery: terminate}, timeouts: {idle: 1s, when-late: cancel}}\n"
                        + CHAIN)) {
            gateway.one().answerAlways(Canonical.begun("a", 3).hold());

            RawAnswer answer = gateway.chat(ask(""));

            assertThat(answer.status())
                    .as("the stream was shown before it stalled")
                    .isEqualTo(200);
            assertThat(answer.body()).contains("word3", "timeout_idle").doesNotContain("[DONE]");
        }
    }

    @Test
    void aTargetThatIsLaterThanUsualIsHedgedAndCancelled() {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            gateway.one().answerWith(request -> Canonical.well("a", request));
            gateway.two().answerWith(request -> Canonical.well("b", request));
            for (int usual = 0; usual < 45; usual++) {
                assertThat(gateway.chat(ask("")).header("understudy-attempts")).contains("1");
                gateway.one().take();
            }
            gateway.one().answerAlways(Reply.start().hold());

            long began = System.nanoTime();
            RawAnswer answer = gateway.chat(ask(""));

            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as("the first-token limit of 10 s was not waited for")
                    .isLessThan(Duration.ofSeconds(8));
            assertThat(answer.header("understudy-target")).contains("two/b");
            assertThat(answer.header("understudy-trail").orElse(""))
                    .contains("\"one/a\";outcome=cancelled", "\"two/b\";outcome=answering;manner=overlapping");
            gateway.one().take().peerClosedNanos(Duration.ofSeconds(5));

            assertThat(gateway.chat(ask("{\"overlap\":false,\"timeouts\":{\"first_token\":\"3s\"}}"))
                            .header("understudy-trail")
                            .orElse(""))
                    .as("there is no hedge where the caller has switched it off")
                    .contains("\"one/a\";outcome=timeout_first_token");
        }
    }
}
