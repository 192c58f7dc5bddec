package dev.understudy.gateway.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Errors, ours and providers', come in the words of the dialect in which was asked. */
@Timeout(60)
class ErrorsInOwnWordsTest {
    private static Crossing crossing;

    @BeforeAll
    static void start() {
        crossing = Crossing.forgetful(Crossing.chainFrom(Vendor.OPENAI)).allWell();
    }

    @AfterAll
    static void stop() {
        crossing.close();
    }

    private static RawAnswer post(Tongue tongue, String body) {
        return crossing.post(tongue.path("chain", true), body);
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void aRequestWithoutAConversationIsRefused(Tongue tongue) {
        RawAnswer answer = post(tongue, tongue.namesModelInPath() ? "{}" : "{\"model\":\"chain\",\"stream\":true}");
        assertRefused(tongue, answer);
        assertThat(answer.header("understudy-attempts")).contains("0");
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void brokenJsonIsRefused(Tongue tongue) {
        assertRefused(tongue, post(tongue, "{\"model\":\"chain\",\"messages\":["));
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void aConversationOfTheWrongTypeIsRefused(Tongue tongue) {
        assertRefused(
                tongue,
                post(tongue, "{\"model\":\"chain\",\"messages\":5,\"input\":5,\"contents\":5,\"max_tokens\":9}"));
    }

    private static void assertRefused(Tongue tongue, RawAnswer answer) {
        assertThat(ErrorShape.of(tongue, 400, answer).kind())
                .isEqualTo(
                        switch (tongue) {
                            case CHAT, RESPONSES, MESSAGES -> "invalid_request_error";
                            case GEMINI, GEMINI_ARRAY -> "INVALID_ARGUMENT";
                            case CONVERSE -> "ValidationException";
                        });
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void anUnknownModelIsNotFound(Tongue tongue) {
        RawAnswer answer = crossing.ask(tongue, "nobody-knows", true);
        assertThat(ErrorShape.of(tongue, 404, answer).message()).contains("nobody-knows");
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void onlyPostsAreCalls(Tongue tongue) {
        try (RawCaller caller = crossing.gateway().caller()) {
            RawAnswer answer = caller.get(tongue.path("chain", true)).readAnswer();
            ErrorShape.of(tongue, 405, answer);
            assertThat(answer.header("allow")).contains("POST");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MESSAGES, /v1/messages/batches",
        "GEMINI, /v1beta/cachedContents",
        "GEMINI, /v1beta/models/m:countTokens",
        "CONVERSE, /model/m/invoke",
        "CHAT, /v1/nothing"
    })
    void whatIsNotThereIsSaidInTheWordsOfItsPath(Tongue tongue, String path) {
        ErrorShape.of(tongue, 404, crossing.post(path, "{}"));
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void keysAreTakenWhereTheDialectsClientsShowThem(Tongue tongue) {
        try (Crossing locked =
                Crossing.withCallerKeys("[sesame-0123456789]", "").allWell()) {
            String path = tongue.path("openai/m", false);
            String body = tongue.body("openai/m", false);
            assertThat(ErrorShape.of(tongue, 401, locked.post(path, body, "x-api-key: wrong"))
                            .kind())
                    .isEqualTo(
                            switch (tongue) {
                                case CHAT, RESPONSES, MESSAGES -> "authentication_error";
                                case GEMINI, GEMINI_ARRAY -> "UNAUTHENTICATED";
                                case CONVERSE -> "AccessDeniedException";
                            });
            for (String header :
                    new String[] {"x-api-key: ", "x-goog-api-key: ", "api-key: ", "Authorization: Bearer "}) {
                assertThat(locked.post(path, body, header + "sesame-0123456789").status())
                        .as(header)
                        .isEqualTo(200);
                assertThat(locked.at(Vendor.OPENAI).take().head())
                        .as("callers' keys are the gateway's")
                        .doesNotContain("sesame");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void whenEverybodyIsDownTheErrorNamesThemAll(Tongue tongue) {
        try (Crossing down = Crossing.forgetful(Crossing.chainFrom(Vendor.GEMINI))) {
            for (Vendor vendor : Vendor.values()) {
                down.at(vendor).answerAlways(vendor.failed(500));
            }
            for (boolean stream : new boolean[] {true, false}) {
                RawAnswer answer = down.ask(tongue, "chain", stream);
                assertThat(ErrorShape.of(tongue, 503, answer).message())
                        .contains("openai/m", "anthropic/m", "gemini/m", "bedrock/m");
                assertThat(answer.header("understudy-attempts")).contains("4");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void whenTimeIsUpTheErrorSaysSo(Tongue tongue) {
        try (Crossing late =
                Crossing.start("defaults: {deadline: 300ms}\nmodels: {slow: {targets: [gemini/m, anthropic/m]}}\n")) {
            late.at(Vendor.GEMINI).answerAlways(Reply.start().hold());
            late.at(Vendor.ANTHROPIC).answerAlways(Reply.start().hold());
            ErrorShape.of(tongue, 504, late.ask(tongue, "slow", true));
        }
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void aPromptThatIsTooLongIsTheCallersToMend(Tongue tongue) {
        try (Crossing strict = Crossing.forgetful("models: {m: {targets: [anthropic/m]}}")) {
            strict.at(Vendor.ANTHROPIC)
                    .answerAlways(Reply.json(
                            400,
                            "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":"
                                    + "\"prompt is too long: 250000 tokens > 200000 maximum\"}}"));
            RawAnswer answer = strict.ask(tongue, "m", true);
            assertThat(ErrorShape.of(tongue, 400, answer).message()).contains("prompt is too long");
            assertThat(answer.header("understudy-trail").orElse("")).contains("outcome=context_length");
        }
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void whenAllAreLimitedTheCallerIsToldWhenToComeBack(Tongue tongue) {
        try (Crossing busy = Crossing.forgetful("models: {m: {targets: [anthropic/m, bedrock/m]}}")) {
            busy.at(Vendor.ANTHROPIC).answerAlways(Vendor.ANTHROPIC.failed(429, "Retry-After: 30"));
            busy.at(Vendor.BEDROCK).answerAlways(Vendor.BEDROCK.failed(429, "Retry-After: 20"));
            RawAnswer answer = busy.ask(tongue, "m", true);
            ErrorShape.of(tongue, 429, answer);
            assertThat(answer.header("retry-after")).contains("20");
        }
    }

    @Test
    void amazonsClientsReadTheTypeInAHeader() {
        RawAnswer answer = post(Tongue.CONVERSE, "{}");
        assertThat(answer.header("x-amzn-errortype")).contains("ValidationException");
    }
}
