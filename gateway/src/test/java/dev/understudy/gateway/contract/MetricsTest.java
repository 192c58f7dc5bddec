package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What operators count: every call and every attempt once, under names that the configuration knows. */
@Timeout(60)
class MetricsTest {

    private static String metrics(GatewayFixture gateway) {
        try (RawCaller caller = gateway.caller()) {
            RawAnswer answer = caller.get("/metrics").readAnswer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
            return answer.body();
        }
    }

    @Test
    void callsAndAttemptsAreCountedByHowTheyEnded() {
        try (GatewayFixture gateway = GatewayFixture.start("models: {m: {targets: [one/a, two/b]}}")) {
            gateway.one().answer(Chats.answered("x")).answer(Chats.streamed()).answerAlways(Chats.refused(404));
            gateway.two().answer(Chats.answered("x")).answerAlways(Chats.refused(404));
            gateway.chat(Chats.ask("m"));
            gateway.chat(Chats.askStream("m"));
            gateway.chat(Chats.ask("m"));
            gateway.chat(Chats.ask("m"));
            gateway.log(4);

            String metrics = metrics(gateway);

            assertThat(count(metrics, "calls", "ending=\"answered\",status=\"200\",stream=\"false\""))
                    .isEqualTo(2);
            assertThat(count(metrics, "calls", "ending=\"answered\",status=\"200\",stream=\"true\""))
                    .isEqualTo(1);
            assertThat(count(metrics, "calls", "ending=\"failed\",status=\"404\",stream=\"false\""))
                    .isEqualTo(1);
            assertThat(count(metrics, "attempts", "outcome=\"ok\",target=\"one/a\""))
                    .isEqualTo(2);
            assertThat(count(metrics, "attempts", "outcome=\"ok\",target=\"two/b\""))
                    .isEqualTo(1);
            assertThat(count(metrics, "first_content", "target=\"one/a\"")).isEqualTo(1);
            assertThat(Fields.sample(metrics, "understudy_tokens_total{kind=\"prompt\",target=\"one/a\"}"))
                    .isEqualTo(3);
            assertThat(Fields.sample(metrics, "understudy_tokens_total{kind=\"completion\",target=\"two/b\"}"))
                    .isEqualTo(2);
            double seconds = Fields.sample(
                    metrics, "understudy_calls_seconds_sum{ending=\"answered\",status=\"200\",stream=\"false\"}");
            assertThat(seconds).isPositive().isLessThan(60);
            assertThat(Fields.sample(metrics, "understudy_calls_in_flight")).isZero();
            assertThat(Fields.sample(metrics, "understudy_log_dropped")).isZero();
        }
    }

    @Test
    void continuedStreamsAreCounted() {
        try (GatewayFixture gateway =
                GatewayFixture.start("defaults: {retry: {attempts: 0}}\nmodels: {m: {targets: [one/a, two/b]}}")) {
            gateway.one()
                    .answerAlways(Reply.eventStream()
                            .chunk(Chats.event(Chats.content("Hel")))
                            .close());
            gateway.two().answer(Chats.streamed()).answerAlways(Chats.refused(503));
            gateway.chat(Chats.askStream("m"));
            gateway.chat(Chats.askStream("m"));
            gateway.log(2);

            String metrics = metrics(gateway);

            assertThat(Fields.sample(metrics, "understudy_recoveries_total{how=\"continue\",outcome=\"answered\"}"))
                    .isEqualTo(1);
            assertThat(Fields.sample(metrics, "understudy_recoveries_total{how=\"continue\",outcome=\"failed\"}"))
                    .isEqualTo(1);
        }
    }

    private static double count(String metrics, String timer, String labels) {
        return Fields.sample(metrics, "understudy_" + timer + "_seconds_count{" + labels + "}");
    }

    @Test
    void callsAtWorkAreSeenWhileTheyAre() {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one().answerAlways(Reply.start().hold());
            RawCaller caller = gateway.caller().post(GatewayFixture.PATH, Chats.ask("one/m"));
            gateway.one().take();
            assertThat(Fields.sample(metrics(gateway), "understudy_calls_in_flight"))
                    .isEqualTo(1);
            caller.close();
            gateway.log(1);
            assertThat(Fields.sample(metrics(gateway), "understudy_calls_in_flight"))
                    .isZero();
        }
    }

    /** Each label value is a time series for ever: callers must not be able to make some. */
    @Test
    void namesThatCallersMakeUpAreNoLabels() {
        try (GatewayFixture gateway = GatewayFixture.start("models: {m: {targets: [one/a]}}")) {
            gateway.one().answerAlways(Chats.answered("hi"));
            for (int i = 0; i < 50; i++) {
                gateway.chat(Chats.ask("one/made-up-" + i, "\"fallbacks\":[\"made-up-fallback-" + i + "\"]"));
                gateway.chat(Chats.ask("made-up-" + i));
                gateway.chat(Chats.ask("made-up/" + i, "\"fallbacks\":[\"one/a\"]"));
            }
            gateway.log(100);

            String metrics = metrics(gateway);

            assertThat(metrics).doesNotContain("made-up");
            assertThat(count(metrics, "attempts", "outcome=\"ok\",target=\"one/*\""))
                    .isEqualTo(50);
            assertThat(count(metrics, "attempts", "outcome=\"ok\",target=\"one/a\""))
                    .isEqualTo(50);
            assertThat(metrics.lines().filter(line -> line.startsWith("understudy_attempts_seconds_count")))
                    .hasSizeLessThan(6);
        }
    }
}
