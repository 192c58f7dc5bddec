package dev.understudy.gateway.harm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a failure concerns: a key, one of its models, or one request; and who is tried after it. */
@Timeout(180)
class BlameTest {
    private static final String MODELS = """
            models:
              one-key: {targets: [one/a, one/b]}
              first: {targets: [one/a, two/m]}
              second: {targets: [one/b, two/m]}
              third: {targets: [one/c, two/m]}
              alone: {targets: [one/a]}
              pair: {targets: [one/a, two/m]}
              three: {targets: [one/a, two/m, three/m]}
            """;

    private static final String INVALID_KEY =
            Chats.error("Incorrect API key provided", "invalid_request_error", "invalid_api_key");
    private static final String[] FORMS = {"\"stream\":false", "\"stream\":true"};

    record Refusal(String name, Reply reply) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Refusal> refusals() {
        return List.of(
                new Refusal(
                        "429 insufficient_quota",
                        Reply.json(
                                429,
                                Chats.error(
                                        "You exceeded your current quota, please check your plan and billing details.",
                                        "insufficient_quota",
                                        "insufficient_quota"))),
                new Refusal("402", Reply.json(402, Chats.error("Insufficient credits", "payment_required", ""))),
                new Refusal("401 of a key", Reply.json(401, INVALID_KEY)),
                new Refusal("401 without words", Reply.json(401, "")),
                new Refusal(
                        "403 of a model",
                        Reply.json(
                                403,
                                Chats.error(
                                        "Project `proj_1` does not have access to model `a`",
                                        "invalid_request_error",
                                        "model_not_found"))),
                new Refusal(
                        "403 of a region",
                        Reply.json(
                                403,
                                Chats.error(
                                        "Country, region, or territory not supported",
                                        "request_forbidden",
                                        "unsupported_country_region_territory"))),
                new Refusal("403 without words", Reply.json(403, "")));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void anotherModelOfTheSameKeyIsTried(Refusal refusal) {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            gateway.one()
                    .answerWith(request ->
                            UpstreamApi.modelOf(request).equals("a") ? refusal.reply() : Chats.well(request));
            for (int i = 0; i < 6; i++) {
                RawAnswer answer = gateway.chat(Chats.ask("one-key", FORMS[i % 2]));
                assertThat(answer.status()).as("call %d: %s", i, answer).isEqualTo(200);
                assertThat(answer.body()).contains(Chats.TEXT);
                assertThat(answer.header("understudy-target")).contains("one/b");
            }
        }
    }

    @Test
    void refusedKeyStopsBeingTriedForItsModel() {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            gateway.one().answerAlways(Reply.json(401, INVALID_KEY));
            gateway.two().answerWith(Chats::well);
            for (int i = 0; i < 10; i++) {
                assertThat(gateway.chat(Chats.ask("first", FORMS[i % 2])).status())
                        .isEqualTo(200);
            }
            assertThat(gateway.one().requestCount()).isEqualTo(1);
        }
    }

    @Test
    void keyThatTwoModelsRefuseStopsBeingTriedForAll() {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            gateway.one().answerAlways(Reply.json(401, ""));
            gateway.two().answerWith(Chats::well);
            for (String model : List.of("first", "second", "third", "first", "second", "third")) {
                assertThat(gateway.chat(Chats.ask(model)).status()).isEqualTo(200);
            }
            assertThat(gateway.one().requestCount()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"stream\":false", "\"stream\":true"})
    void refusalOfAFallbackHidesNoEarlierFailureAndEndsNoChain(String form) {
        Reply tooMany = Reply.json(
                400, Chats.error("max_tokens must be between 1 and 4096", "invalid_request_error", "invalid_value"));
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            gateway.one().answerAlways(Reply.json(529, ""));
            gateway.two().answerAlways(tooMany);
            gateway.three().answerWith(Chats::well);
            RawAnswer answer = gateway.chat(Chats.ask("three", form));
            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
            assertThat(answer.header("understudy-target")).contains("three/m");
        }
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            gateway.one().answerAlways(Chats.failed(500));
            gateway.two().answerAlways(tooMany);
            RawAnswer answer = gateway.chat(Chats.ask("pair", form));
            assertThat(answer.status())
                    .as("the status that can be retried: %s", answer)
                    .isEqualTo(503);
        }
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            gateway.upstreams().forEach(each -> each.answerAlways(Chats.failed(400)));
            gateway.one().answerAlways(tooMany);
            RawAnswer answer = gateway.chat(Chats.ask("three", form));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).as("the first refusal").contains("max_tokens must be between 1 and 4096");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 529, 429})
    void oneRefusalForLackOfCapacityOpensNoCircuitAndIsRetried(int status) {
        for (String form : FORMS) {
            try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
                gateway.one().answer(Chats.failed(status)).answerWith(Chats::well);
                RawAnswer alone = gateway.chat(Chats.ask("alone", form));
                assertThat(alone.status()).as("%s", alone).isEqualTo(200);
                assertThat(alone.header("understudy-attempts")).contains("2");
            }
            try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
                gateway.one()
                        .answer(Chats.failed(status))
                        .answer(Chats.failed(status))
                        .answerWith(Chats::well);
                gateway.two()
                        .answer(Chats.failed(status))
                        .answer(Chats.failed(status))
                        .answerWith(Chats::well);
                RawAnswer both = gateway.chat(Chats.ask("pair", form));
                assertThat(both.status()).as("%s", both).isEqualTo(200);
            }
            try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
                gateway.one().answer(Chats.failed(status)).answerWith(Chats::well);
                gateway.two().answerWith(Chats::well);
                gateway.chat(Chats.ask("pair", form));
                assertThat(gateway.chat(Chats.ask("pair", form)).header("understudy-target"))
                        .as("it is tried again at once")
                        .contains("one/a");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 500, 529})
    void providerThatMostlyAnswersKeepsItsCalls(int status) {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            AtomicInteger requests = new AtomicInteger();
            gateway.one()
                    .answerWith(request ->
                            requests.incrementAndGet() % 50 == 0 ? Chats.failed(status) : Chats.well(request));
            gateway.two().answerWith(Chats::well);
            int byFallback = 0;
            for (int i = 0; i < 300; i++) {
                RawAnswer answer = gateway.chat(Chats.ask("pair"));
                assertThat(answer.status()).isEqualTo(200);
                byFallback += answer.header("understudy-target").equals(Optional.of("two/m")) ? 1 : 0;
            }
            assertThat(byFallback).as("answered by the fallback").isLessThanOrEqualTo(8);
        }
    }

    @Test
    void refusedKeyIsTheOperatorsTroubleAndNotToBeRetried() {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            gateway.one().answerAlways(Reply.json(401, INVALID_KEY));
            for (int i = 0; i < 3; i++) {
                RawAnswer answer = gateway.chat(Chats.ask("alone", FORMS[i % 2]));
                assertThat(answer.status()).as("%s", answer).isEqualTo(502);
                assertThat(answer.header("x-should-retry")).contains("false");
                assertThat(answer.header("retry-after")).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {529, 500, 502})
    void noWaitIsInventedForTheCaller(int status) {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            gateway.one().answerAlways(Chats.failed(status));
            gateway.two().answerAlways(Chats.failed(status));
            for (int i = 0; i < 8; i++) {
                RawAnswer answer = gateway.chat(
                        Chats.ask(i < 4 ? "alone" : "pair", FORMS[i % 2], "\"understudy\":{\"deadline\":\"400ms\"}"));
                assertThat(answer.status()).as("%s", answer).isBetween(503, 504);
                assertThat(answer.header("retry-after")).as("%s", answer).isEmpty();
            }
        }
    }

    @Test
    void hintOfTheProviderReachesTheCaller() {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            gateway.one()
                    .answerAlways(Reply.json(
                            429, Chats.error("slow down", "requests", "rate_limit_exceeded"), "Retry-After: 30"));
            RawAnswer first = gateway.chat(Chats.ask("alone"));
            assertThat(first.status()).isEqualTo(429);
            assertThat(first.header("retry-after")).contains("30");
            assertThat(first.header("x-should-retry")).isEmpty();
        }
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            gateway.one()
                    .answerAlways(Reply.json(
                            429, Chats.error("slow down", "requests", "rate_limit_exceeded"), "Retry-After: 86400"));
            RawAnswer ofADay = gateway.chat(Chats.ask("alone"));
            assertThat(ofADay.header("retry-after").map(Integer::parseInt).orElse(0))
                    .as("never longer than the cap on hints")
                    .isBetween(1, 300);
        }
    }

    @Test
    void primaryThatWasDownForAMinuteAnswersWithinAQuarterOfOne() {
        try (GatewayFixture gateway = GatewayFixture.start(Scale.defaults() + MODELS)) {
            long wellFrom = System.nanoTime() + Scale.of(60).toNanos();
            gateway.one()
                    .answerWith(request -> System.nanoTime() - wellFrom < 0 ? Chats.failed(503) : Chats.well(request));
            gateway.two().answerWith(Chats::well);
            long back = 0;
            while (back == 0) {
                RawAnswer answer = gateway.chat(Chats.ask("pair"));
                assertThat(answer.status()).isEqualTo(200);
                if (answer.header("understudy-target").equals(Optional.of("one/a"))) {
                    back = System.nanoTime();
                }
            }
            assertThat(back - wellFrom).isBetween(0L, Scale.of(16).toNanos());
        }
    }
}
