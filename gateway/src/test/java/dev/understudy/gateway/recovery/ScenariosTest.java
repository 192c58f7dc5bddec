package dev.understudy.gateway.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every failure of a primary, and the canonical answer exactly once after it. */
@Timeout(180)
class ScenariosTest {
    private static final Pattern CONTENT = Pattern.compile("\"content\":\"([^\"]*)\"");
    private static final Pattern COMPLETION_TOKENS = Pattern.compile("\"completion_tokens\":(\\d+)");
    private static final String STREAM =
            "{\"model\":\"chain\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"Count\"}]}";
    private static final String WHOLE =
            "{\"model\":\"chain\",\"messages\":[{\"role\":\"user\",\"content\":\"Count\"}]}";
    private static final String RATE_LIMIT =
            "{\"error\":{\"message\":\"Slow down\",\"type\":\"requests\",\"param\":null,\"code\":\"rate_limit_exceeded\"}}";
    private static final String TROUBLE =
            "{\"error\":{\"message\":\"Trouble\",\"type\":\"server_error\",\"param\":null,\"code\":null}}";

    /**
     * @param primary what the primary does; the fallback is well
     * @param toOne the number of requests to the primary
     * @param toTwo the number of requests to the fallback
     * @param onlyStream whether it can happen in streams only
     */
    record Scenario(String name, Consumer<GatewayFixture> primary, int toOne, int toTwo, boolean onlyStream) {
        static Scenario of(String name, int toOne, int toTwo, Consumer<GatewayFixture> primary) {
            return new Scenario(name, primary, toOne, toTwo, false);
        }

        static Scenario ofStreams(String name, int toOne, int toTwo, Consumer<GatewayFixture> primary) {
            return new Scenario(name, primary, toOne, toTwo, true);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Scenario> scenarios() {
        return List.of(
                Scenario.of("429 with Retry-After 2, then well", 2, 0, gateway -> {
                    gateway.one().answer(Reply.json(429, RATE_LIMIT, "Retry-After: 2"));
                    gateway.one().answerWith(request -> Canonical.well("a", request));
                }),
                Scenario.of("429 for ever", 1, 1, always(Reply.json(429, RATE_LIMIT, "Retry-After: 30"))),
                Scenario.of("500 once", 2, 0, gateway -> {
                    gateway.one().answer(Reply.json(500, TROUBLE));
                    gateway.one().answerWith(request -> Canonical.well("a", request));
                }),
                Scenario.of("503 for ever", 2, 1, always(Reply.json(503, TROUBLE))),
                Scenario.of(
                        "reset before the headers", 2, 1, always(Reply.start().reset())),
                Scenario.of("silence", 1, 1, always(Reply.start().hold())),
                Scenario.ofStreams(
                        "first token after 20 s",
                        1,
                        1,
                        gateway -> gateway.one()
                                .answerAlways(Canonical.begun("a", 0)
                                        .pause(Pace.of(20))
                                        .event(Canonical.text("a", "late")))),
                Scenario.ofStreams(
                        "cut after 40 tokens",
                        1,
                        1,
                        always(Canonical.begun("a", 40).close())),
                Scenario.ofStreams(
                        "reset after 40 tokens",
                        1,
                        1,
                        always(Canonical.begun("a", 40).reset())),
                Scenario.ofStreams(
                        "ends after 40 tokens without a finish_reason",
                        1,
                        1,
                        always(Canonical.begun("a", 40).lastChunk())),
                Scenario.ofStreams(
                        "stalls after 20 tokens",
                        1,
                        1,
                        always(Canonical.begun("a", 20).hold())),
                Scenario.ofStreams(
                        "a malformed event after 20 tokens",
                        1,
                        1,
                        always(Canonical.begun("a", 20).event("{\"choices\":[{").lastChunk())),
                Scenario.ofStreams(
                        "an error event after 20 tokens",
                        1,
                        1,
                        always(Canonical.begun("a", 20).event(TROUBLE).lastChunk())),
                Scenario.ofStreams(
                        "no [DONE]",
                        1,
                        0,
                        always(Canonical.finished(Canonical.begun("a", 60), "a", 60)
                                .lastChunk())),
                Scenario.of(
                        "context_length_exceeded",
                        1,
                        1,
                        always(Reply.json(
                                400,
                                "{\"error\":{\"message\":\"This model's maximum context length is 8192 tokens\","
                                        + "\"type\":\"invalid_request_error\",\"param\":\"messages\","
                                        + "\"code\":\"context_length_exceeded\"}}"))),
                Scenario.of(
                        "an answer that is cut in its body",
                        2,
                        1,
                        always(Reply.start()
                                .send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n"
                                        + "{\"id\":\"w\",\"choices\":[{")
                                .close())));
    }

    private static Consumer<GatewayFixture> always(Reply reply) {
        return gateway -> gateway.one().answerAlways(reply);
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void endsWithTheWholeAnswerOnce(Scenario scenario) {
        for (String asked : scenario.onlyStream() ? List.of(STREAM) : List.of(STREAM, WHOLE)) {
            try (GatewayFixture gateway = GatewayFixture.start(Pace.configuration())) {
                scenario.primary().accept(gateway);
                gateway.two().answerWith(request -> Canonical.well("b", request));

                RawAnswer answer = gateway.chat(asked);

                assertCanonical(answer, asked);
                assertThat(gateway.one().requestCount()).as("requests to one").isEqualTo(scenario.toOne());
                assertThat(gateway.two().requestCount()).as("requests to two").isEqualTo(scenario.toTwo());
            }
        }
    }

    @Test
    void theContentFilterOfTheProviderIsTheCallersError() {
        try (GatewayFixture gateway = GatewayFixture.start(Pace.configuration())) {
            gateway.one()
                    .answerAlways(Reply.json(
                            400,
                            "{\"error\":{\"message\":\"The response was filtered\",\"type\":null,\"param\":\"prompt\","
                                    + "\"code\":\"content_filter\"}}"));
            RawAnswer answer = gateway.chat(STREAM);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body())
                    .contains("\"message\":\"The response was filtered\"", "\"code\":\"content_filter\"");
            assertThat(gateway.one().requestCount()).isEqualTo(1);
            assertThat(gateway.two().requestCount()).isZero();
        }
    }

    @Test
    void aFallbackThatRejectsPrefillIsPromptedInATurnAndLaterAtOnce() {
        try (GatewayFixture gateway = GatewayFixture.start(Pace.configuration())) {
            gateway.one().answerAlways(Canonical.begun("a", 40).close());
            gateway.two().answerWith(request -> Canonical.wellWithoutPrefill("b", request));

            assertCanonical(gateway.chat(STREAM), STREAM);
            assertThat(gateway.two().requestCount()).isEqualTo(2);
            assertCanonical(gateway.chat(STREAM), STREAM);
            assertThat(gateway.two().requestCount()).isEqualTo(3);
        }
    }

    @Test
    void aFallbackThatBeginsAnewIsCutToWhatIsMissing() {
        try (GatewayFixture gateway = GatewayFixture.start(Pace.configuration())) {
            gateway.one().answerAlways(Canonical.begun("a", 40).close());
            gateway.two().answerAlways(Canonical.stream("b"));
            assertCanonical(gateway.chat(STREAM), STREAM);
        }
    }

    @Test
    void anAnswerOfTheFallbackIsAccountedToTheFallback() {
        try (GatewayFixture gateway = GatewayFixture.start(Pace.configuration())) {
            gateway.one().answerAlways(Reply.json(503, TROUBLE));
            gateway.two().answerWith(request -> Canonical.well("b", request));
            for (String asked : List.of(STREAM, WHOLE)) {
                RawAnswer answer = gateway.chat(asked);
                assertThat(answer.body()).contains("\"model\":\"b\"").doesNotContain("\"model\":\"a\"");
                assertThat(answer.header("understudy-target")).contains("two/b");
                assertThat(answer.body()).contains("\"completion_tokens\":60");
            }
            assertThat(gateway.log(2)).allSatisfy(line -> assertThat(line).contains("\"target\":\"two/b\""));
        }
    }

    @Test
    void aContinuedAnswerCountsTheTokensOfBoth() {
        try (GatewayFixture gateway = GatewayFixture.start(Pace.configuration())) {
            gateway.one().answerAlways(Canonical.begun("a", 40).close());
            gateway.two().answerWith(request -> Canonical.well("b", request));
            RawAnswer answer = gateway.chat(STREAM);
            Matcher tokens = COMPLETION_TOKENS.matcher(answer.body());
            assertThat(tokens.find()).as("%s", answer).isTrue();
            // The first attempt counted nothing, so that its part is an estimate: a little more than a token a word.
            assertThat(Integer.parseInt(tokens.group(1))).isBetween(60, 90);
            assertThat(answer.body()).contains("\"model\":\"a\"", "\"model\":\"b\"");
        }
    }

    @Test
    void aPrimaryThatWasDownIsUsedAgainSoonAfterItCameBack() {
        try (GatewayFixture gateway = GatewayFixture.start(Pace.configuration())) {
            long downUntil = System.nanoTime() + Pace.of(60).toNanos();
            AtomicInteger probes = new AtomicInteger();
            gateway.one().answerWith(request -> {
                if (System.nanoTime() - downUntil < 0) {
                    probes.incrementAndGet();
                    return Reply.json(503, TROUBLE);
                }
                return Canonical.well("a", request);
            });
            gateway.two().answerWith(request -> Canonical.well("b", request));

            long back = 0;
            for (long limit = downUntil + Pace.of(90).toNanos(); back == 0 && System.nanoTime() - limit < 0; ) {
                RawAnswer answer = gateway.chat(WHOLE);
                assertCanonical(answer, WHOLE);
                if (answer.header("understudy-target").equals(Optional.of("one/a"))) {
                    back = System.nanoTime();
                }
            }
            assertThat(back).as("the primary was never used again").isNotZero();
            assertThat(Duration.ofNanos(back - downUntil)).isBetween(Duration.ZERO, Pace.of(30));
            assertThat(probes).as("requests to a primary that is down").hasValueLessThan(12);
        }
    }

    private static void assertCanonical(RawAnswer answer, String asked) {
        assertThat(answer.end()).as("%s", answer).isEqualTo(End.COMPLETE);
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        String text = CONTENT.matcher(answer.body())
                .results()
                .map(found -> found.group(1))
                .reduce("", String::concat);
        assertThat(text).as("%s", answer).isEqualTo(Canonical.TEXT);
        assertThat(answer.body()).doesNotContain("\"error\":");
        if (asked.equals(STREAM)) {
            assertThat(answer.body())
                    .containsOnlyOnce("\"finish_reason\":\"stop\"")
                    .endsWith("data: [DONE]\n\n");
            assertThat(answer.body()).containsOnlyOnce("\"role\":");
        }
    }
}
