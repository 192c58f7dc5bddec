package dev.understudy.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.faults.Answers;
import dev.understudy.testing.faults.Delivery;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Health is shared between calls: which targets are skipped, which are not, and which are tried again. */
@Timeout(120)
class CooldownTest {
    private static final String MODELS = """
            models:
              chain: {targets: [one/a, two/b]}
              sibling: {targets: [one/z, two/b]}
            """;

    private static final String LONG = """
            defaults: {retry: {attempts: 0}, cooldown: {after: 3, base: 60s, cap: 60s}}
            """ + MODELS;

    private static final String SHORT = """
            defaults: {retry: {attempts: 0}, cooldown: {after: 1, base: 200ms, cap: 200ms}}
            """ + MODELS;

    private static final Reply OVERLOADED = Reply.json(529, "");

    private static final String SKIPPED =
            "\"one/[az]\";outcome=passed_over;reason=cooling, \"two/b\";outcome=ok;ms=\\d+";

    /**
     * @param failures how many calls must fail at the target before it is skipped
     * @param concerns whether another model of the same provider is skipped too
     */
    record Trouble(String name, Consumer<ScriptedUpstream> script, int failures, boolean concerns) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Trouble> troubles() {
        return List.of(
                trouble("500: the target, after three", 500, 3, false),
                trouble("529: the target, after three", 529, 3, false),
                trouble("404: the target, at once", 404, 1, false),
                new Trouble(
                        "429: the target, for the hint",
                        upstream -> upstream.answerAlways(Reply.json(429, "", "Retry-After: 60")),
                        1,
                        false),
                new Trouble(
                        "nonsense: the target, after three",
                        upstream -> upstream.answerAlways(Reply.json(200, "<html>")),
                        3,
                        false),
                new Trouble(
                        "hanging up on a request: the target, after three",
                        upstream -> upstream.answerAlways(Reply.start().close()),
                        3,
                        false),
                new Trouble("connections refused: the provider, after three", ScriptedUpstream::close, 3, true),
                trouble("401 without a word: this model with the key, at once", 401, 1, false),
                trouble("402: the key, at once", 402, 1, true));
    }

    private static Trouble trouble(String name, int status, int failures, boolean concerns) {
        return new Trouble(name, upstream -> upstream.answerAlways(Reply.json(status, "")), failures, concerns);
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void aTargetThatKeepsFailingIsSkipped(Trouble trouble) {
        try (GatewayFixture gateway = GatewayFixture.start(LONG)) {
            trouble.script().accept(gateway.one());
            gateway.two().answerAlways(Answers.good(Delivery.WHOLE));
            for (int i = 0; i < trouble.failures(); i++) {
                RawAnswer failing = gateway.chat(Delivery.WHOLE.request("chain"));
                assertThat(failing.status()).isEqualTo(200);
                assertThat(failing.header("understudy-attempts"))
                        .as("call %d", i)
                        .contains("2");
            }
            int requests = gateway.one().requestCount();

            RawAnswer next = gateway.chat(Delivery.WHOLE.request("chain"));
            assertThat(next.body()).isEqualTo(Answers.goodBody(Delivery.WHOLE));
            assertThat(next.header("understudy-attempts")).contains("1");
            assertThat(next.header("understudy-trail").orElse("")).matches(SKIPPED);
            assertThat(gateway.one().requestCount()).isEqualTo(requests);
            assertThat(health(gateway)).containsPattern("\"one/a\",\"state\":\"cooling\"");

            String sibling = gateway.chat(Delivery.WHOLE.request("sibling"))
                    .header("understudy-trail")
                    .orElse("");
            assertThat(sibling.matches(SKIPPED)).as(sibling).isEqualTo(trouble.concerns());
        }
    }

    static List<Reply> callersFaults() {
        return List.of(
                Reply.json(400, Answers.error("wrong", "invalid_request_error", "")),
                Reply.json(400, Answers.error("too long", "", "context_length_exceeded")),
                Reply.json(400, Answers.error("no images", "", "unsupported_value")),
                Reply.json(400, Answers.error("filtered", "", "content_filter")),
                Reply.json(200, Answers.message("w-1", "\"content\":\"\"", "stop")));
    }

    @ParameterizedTest
    @MethodSource("callersFaults")
    void callersErrorOpensNoCircuit(Reply reply) {
        try (GatewayFixture gateway = GatewayFixture.start(LONG)) {
            gateway.one().answerAlways(reply);
            gateway.two().answerAlways(Answers.good(Delivery.WHOLE));
            for (int i = 1; i <= 5; i++) {
                gateway.chat(Delivery.WHOLE.request("chain"));
                assertThat(gateway.one().requestCount()).isEqualTo(i);
            }
            assertThat(health(gateway)).doesNotContain("cooling");
        }
    }

    @Test
    void chainThatCoolsAsAWholeStillAnswers() {
        try (GatewayFixture gateway = GatewayFixture.start(LONG)) {
            gateway.one().answer(Reply.json(404, "")).answerAlways(Answers.good(Delivery.WHOLE));
            gateway.two().answer(Reply.json(404, "")).answerAlways(Answers.good(Delivery.WHOLE));
            RawAnswer unanswered = gateway.chat(Delivery.WHOLE.request("chain"));
            assertThat(unanswered.status()).isEqualTo(404);

            RawAnswer seen = gateway.chat(Delivery.WHOLE.request("chain"));

            assertThat(seen.body()).isEqualTo(Answers.goodBody(Delivery.WHOLE));
            assertThat(seen.header("understudy-attempts")).contains("1");
            assertThat(seen.header("understudy-trail").orElse(""))
                    .matches("\"one/a\";outcome=passed_over;reason=cooling, "
                            + "\"two/b\";outcome=passed_over;reason=cooling, \"(one/a|two/b)\";outcome=ok;ms=\\d+");
        }
    }

    @Test
    void recoveredTargetIsFoundByOneProbe() {
        try (GatewayFixture gateway = GatewayFixture.start(SHORT)) {
            gateway.one().answer(OVERLOADED).answerAlways(Answers.good(Delivery.WHOLE));
            gateway.two().answerAlways(Answers.good(Delivery.WHOLE));
            assertThat(target(gateway)).isEqualTo("two/b");

            awaitCooledDown(gateway);

            assertThat(target(gateway)).isEqualTo("one/a");
            assertThat(gateway.one().requestCount()).isEqualTo(2);
            assertThat(target(gateway)).as("it is trusted again").isEqualTo("one/a");
        }
    }

    @Test
    void probeThatFailsIsNotTheCallersLoss() {
        try (GatewayFixture gateway = GatewayFixture.start(SHORT)) {
            gateway.one().answerAlways(OVERLOADED);
            gateway.two().answerAlways(Answers.good(Delivery.WHOLE));
            assertThat(target(gateway)).isEqualTo("two/b");
            awaitCooledDown(gateway);

            RawAnswer probing = gateway.chat(Delivery.WHOLE.request("chain"));

            assertThat(probing.body()).isEqualTo(Answers.goodBody(Delivery.WHOLE));
            assertThat(probing.header("understudy-trail").orElse(""))
                    .matches("\"one/a\";outcome=overloaded;status=529;ms=\\d+, \"two/b\";outcome=ok;ms=\\d+");
            assertThat(gateway.one().requestCount()).isEqualTo(2);
        }
    }

    @Test
    void othersDoNotFollowAProbeBeforeItHasAnswered() {
        CountDownLatch probed = new CountDownLatch(1);
        try (GatewayFixture gateway = GatewayFixture.start(SHORT);
                RawCaller prober = gateway.caller().waitAtMost(Duration.ofSeconds(30))) {
            gateway.one()
                    .answer(OVERLOADED)
                    .answer(Reply.start().await(probed).send(new byte[0]).close());
            gateway.two().answerAlways(Answers.good(Delivery.WHOLE));
            assertThat(target(gateway)).isEqualTo("two/b");
            gateway.one().take();
            awaitCooledDown(gateway);
            prober.post(GatewayFixture.PATH, Delivery.WHOLE.request("chain"));
            gateway.one().take();

            RawAnswer other = gateway.chat(Delivery.WHOLE.request("chain"));

            assertThat(other.header("understudy-trail").orElse(""))
                    .matches("\"one/a\";outcome=passed_over;reason=on_trial, \"two/b\";outcome=ok;ms=\\d+");
            probed.countDown();
            assertThat(prober.readAnswer().header("understudy-target")).contains("two/b");
        }
    }

    @Test
    void failureThatIsOverAtTheNextRequestIsRetriedThere() {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            gateway.one().answer(Reply.json(500, "")).answerAlways(Answers.good(Delivery.STREAM));

            RawAnswer seen = gateway.chat(Delivery.STREAM.request("chain"));

            assertThat(seen.body()).isEqualTo(Answers.stream());
            assertThat(seen.header("understudy-trail").orElse(""))
                    .matches("\"one/a\";outcome=server_error;status=500;ms=\\d+, \"one/a\";outcome=answering;ms=\\d+");
            assertThat(gateway.two().requestCount()).isZero();
        }
    }

    @Test
    void shortRateLimitIsWaitedForAndTheSameModelAnswers() {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            gateway.one().answer(Reply.json(429, "", "retry-after-ms: 300")).answerAlways(Answers.good(Delivery.WHOLE));

            RawAnswer seen = gateway.chat(Delivery.WHOLE.request("chain"));

            assertThat(seen.header("understudy-target")).contains("one/a");
            assertThat(gateway.two().requestCount()).isZero();
            long first = gateway.one().take().arrivedNanos();
            assertThat(gateway.one().take().arrivedNanos() - first)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(295).toNanos());
        }
    }

    private static String target(GatewayFixture gateway) {
        return gateway.chat(Delivery.WHOLE.request("chain"))
                .header("understudy-target")
                .orElse("none");
    }

    private static String health(GatewayFixture gateway) {
        try (RawCaller caller = gateway.caller()) {
            return caller.get("/admin/v1/health").readAnswer().body();
        }
    }

    private static void awaitCooledDown(GatewayFixture gateway) {
        long started = System.nanoTime();
        while (health(gateway).contains("\"cooling\"")) {
            assertThat(System.nanoTime() - started)
                    .isLessThan(Duration.ofSeconds(20).toNanos());
        }
    }
}
