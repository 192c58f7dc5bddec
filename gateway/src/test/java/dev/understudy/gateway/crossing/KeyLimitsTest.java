package dev.understudy.gateway.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys with limits: what they reject is told in the caller's dialect, and reaches no provider. */
@Timeout(120)
class KeyLimitsTest {
    private static Crossing crossing;

    @BeforeAll
    static void start() {
        List<String> keys = new ArrayList<>(List.of(
                "{name: few, key: sesame-few-models, models: [fast, 'openai/*']}",
                "{name: one-provider, key: sesame-one-provider, providers: [openai]}",
                "{name: old, key: sesame-old-and-expired, expires: 2020-01-31}",
                "{name: poor, key: sesame-poor, budget: {day: 5.00}}",
                "{name: careful, key: sesame-careful, budget: {day: 5.00, unpriced: refuse}}",
                "{name: brief, key: sesame-brief, tokens-per-minute: 10}",
                "{name: streamer, key: sesame-streamer, tokens-per-minute: 10}",
                "{name: single, key: sesame-single, max-concurrent-calls: 1}",
                "{name: counter, key: sesame-counter, requests-per-minute: 1}",
                "{name: unlimited, key: sesame-unlimited}"));
        for (ClientDialect client : ClientDialect.values()) {
            keys.add("{name: slow, key: " + slowKey(client) + ", requests-per-minute: 1}");
        }
        crossing = Crossing.withCallerKeys("[" + String.join(", ", keys) + "]", """
                defaults: {retry: {attempts: 0}, cooldown: {after: 1000, success-rate: 0%}}
                models:
                  fast: {targets: [openai/m, anthropic/m]}
                  good: {targets: [anthropic/m]}
                prices:
                  openai/m: {input: 999999, output: 500000}
                """);
    }

    private static String slowKey(ClientDialect client) {
        return "sesame-slow-" + client.name().toLowerCase(Locale.ROOT);
    }

    @AfterAll
    static void stop() {
        crossing.close();
    }

    @BeforeEach
    void allWell() {
        crossing.allWell();
    }

    private static RawAnswer call(String key, ClientDialect client, String model, boolean stream, String... further) {
        return crossing.post(client.path(model, stream), client.body(model, stream, further), "x-api-key: " + key);
    }

    private static int requests() {
        int all = 0;
        for (Vendor vendor : Vendor.values()) {
            all += crossing.at(vendor).requestCount();
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource(ClientDialect.class)
    void requestsPerMinute(ClientDialect client) {
        crossing.at(Vendor.OPENAI)
                .answerWith(request -> Reply.json(
                        200,
                        Vendor.OPENAI.whole("hi"),
                        "x-ratelimit-limit-requests: 9",
                        "x-ratelimit-limit-tokens: 9"));
        RawAnswer first = call(slowKey(client), client, "openai/m", false);
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("x-ratelimit-limit-requests")).contains("1");
        assertThat(first.header("x-ratelimit-remaining-requests")).contains("0");
        assertThat(first.header("x-ratelimit-reset-requests")).isPresent();
        assertThat(first.header("x-ratelimit-limit-tokens"))
                .as("the provider's")
                .isEmpty();
        assertThat(first.header("anthropic-ratelimit-requests-limit").isPresent())
                .isEqualTo(client == ClientDialect.MESSAGES);

        int before = requests();
        RawAnswer second = call(slowKey(client), client, "openai/m", true);
        ErrorShape error = ErrorShape.of(client, 429, second);
        assertThat(error.kind())
                .isEqualTo(
                        switch (client) {
                            case CHAT, RESPONSES, MESSAGES -> "rate_limit_error";
                            case GEMINI, GEMINI_ARRAY -> "RESOURCE_EXHAUSTED";
                            case CONVERSE -> "ThrottlingException";
                        });
        assertThat(error.message()).contains("'slow'").contains("1 requests per minute");
        assertThat(Integer.parseInt(second.header("retry-after").orElseThrow())).isBetween(1, 60);
        assertThat(second.header("x-ratelimit-remaining-requests")).contains("0");
        assertThat(second.header("understudy-attempts")).contains("0");
        assertThat(requests()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(ClientDialect.class)
    void aModelThatTheKeyMayNotUse(ClientDialect client) {
        int before = requests();
        RawAnswer answer = call("sesame-few-models", client, "good", false);
        ErrorShape error = ErrorShape.of(client, 403, answer);
        assertThat(error.kind())
                .isEqualTo(
                        switch (client) {
                            case CHAT, RESPONSES, MESSAGES -> "permission_error";
                            case GEMINI, GEMINI_ARRAY -> "PERMISSION_DENIED";
                            case CONVERSE -> "AccessDeniedException";
                        });
        assertThat(error.message()).contains("'good'");
        assertThat(requests()).isEqualTo(before);
        assertThat(call("sesame-few-models", client, "fast", true).status()).isEqualTo(200);
        assertThat(call("sesame-few-models", client, "openai/m", false).status())
                .isEqualTo(200);
        assertThat(call("sesame-few-models", client, "anthropic/m", false).status())
                .isEqualTo(403);
        assertThat(call("sesame-unlimited", client, "anthropic/m", false).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(ClientDialect.class)
    void anExpiredKey(ClientDialect client) {
        RawAnswer answer = call("sesame-old-and-expired", client, "fast", false);
        assertThat(ErrorShape.of(client, 401, answer).message())
                .contains("'old'")
                .contains("expired");
    }

    @Test
    void theOperatorsFallbacksOfAPermittedModelAreUsedAndThoseOfTheRequestAreChecked() {
        crossing.at(Vendor.OPENAI).answerAlways(Vendor.OPENAI.failed(500));
        assertThat(call("sesame-few-models", ClientDialect.CHAT, "fast", false).status())
                .isEqualTo(200);
        RawAnswer named = call(
                "sesame-few-models", ClientDialect.CHAT, "openai/m", false, "\"fallbacks\":[{\"model\":\"gemini/m\"}]");
        assertThat(named.status()).isEqualTo(503);
        assertThat(named.header("understudy-trail").orElseThrow())
                .contains("gemini/m")
                .contains("model_not_permitted");
    }

    @Test
    void targetsOfOtherProvidersAreSkipped() {
        crossing.at(Vendor.OPENAI).answerAlways(Vendor.OPENAI.failed(500));
        int before = crossing.at(Vendor.ANTHROPIC).requestCount();
        RawAnswer answer = call("sesame-one-provider", ClientDialect.CHAT, "fast", false);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("understudy-trail").orElseThrow())
                .contains("anthropic/m")
                .contains("provider_not_permitted");
        assertThat(crossing.at(Vendor.ANTHROPIC).requestCount()).isEqualTo(before);
        RawAnswer none = call("sesame-one-provider", ClientDialect.CHAT, "good", false);
        assertThat(ErrorShape.of(ClientDialect.CHAT, 403, none).message()).contains("anthropic/m");
        assertThat(none.body()).contains("model_not_permitted");
    }

    @Test
    void listsOfModelsHaveWhatTheKeyMayUse() {
        assertThat(models("sesame-unlimited")).contains("fast", "good", "openai/m", "anthropic/m");
        assertThat(models("sesame-few-models")).containsExactly("fast", "openai/m");
        assertThat(models("sesame-one-provider")).containsExactly("fast", "openai/m");
        assertThat(get("/v1/models/good", "sesame-few-models").status()).isEqualTo(404);
    }

    private static RawAnswer get(String path, String key) {
        try (RawCaller caller = crossing.gateway().caller()) {
            return caller.send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nx-api-key: " + key + "\r\n\r\n")
                    .readAnswer();
        }
    }

    private static List<String> models(String key) {
        JsonNode list = JsonTrees.of(get("/v1/models", key).body());
        List<String> names = new ArrayList<>();
        list.path("data").forEach(model -> names.add(model.path("id").asText()));
        return names;
    }

    @Test
    void aBudgetIsCountedFromTheUsageOfAnswers() {
        assertThat(call("sesame-poor", ClientDialect.CHAT, "openai/m", false).status())
                .isEqualTo(200);
        // 5 x 0.999999 + 12 x 0.5 dollars.
        assertThat(crossing.gateway().logWith("\"caller\":\"poor\""))
                .anyMatch(line -> line.contains("\"cost_usd\":10.999995"));
        int before = requests();
        RawAnswer second = call("sesame-poor", ClientDialect.MESSAGES, "good", false);
        assertThat(ErrorShape.of(ClientDialect.MESSAGES, 429, second).message())
                .contains("daily budget of 5 US dollars");
        assertThat(second.header("x-should-retry")).contains("false");
        assertThat(Integer.parseInt(second.header("retry-after").orElseThrow())).isBetween(1, 86_400);
        assertThat(requests()).isEqualTo(before);
    }

    @Test
    void targetsWithoutAPriceAreRefusedOnDemand() {
        RawAnswer answer = call("sesame-careful", ClientDialect.CHAT, "good", false);
        assertThat(ErrorShape.of(ClientDialect.CHAT, 403, answer).message()).contains("anthropic/m lacks_price");
    }

    @Test
    void tokensOfWholeAnswers() {
        assertThat(call("sesame-brief", ClientDialect.CHAT, "openai/m", false).status())
                .isEqualTo(200);
        RawAnswer second = call("sesame-brief", ClientDialect.CHAT, "openai/m", false);
        assertThat(second.status()).isEqualTo(429);
        assertThat(second.body()).contains("tokens_per_minute_exceeded");
        assertThat(second.header("x-ratelimit-limit-tokens")).contains("10");
        assertThat(second.header("x-ratelimit-remaining-tokens")).contains("0");
    }

    /** This stream has no usage. */
    @Test
    void tokensOfStreamsAreEstimatedWithoutUsage() {
        assertThat(call("sesame-streamer", ClientDialect.CHAT, "openai/m", true).status())
                .isEqualTo(200);
        crossing.gateway().logWith("\"caller\":\"streamer\"");
        assertThat(call("sesame-streamer", ClientDialect.CHAT, "openai/m", false)
                        .body())
                .contains("tokens_per_minute_exceeded");
    }

    @Test
    void callsInProgress() {
        crossing.at(Vendor.GEMINI).answerAlways(Reply.start().hold());
        try (RawCaller running = crossing.gateway().caller()) {
            running.post(
                    ClientDialect.CHAT.path("gemini/m", false),
                    ClientDialect.CHAT.body("gemini/m", false),
                    "x-api-key: sesame-single");
            crossing.at(Vendor.GEMINI).take();
            RawAnswer second = call("sesame-single", ClientDialect.CHAT, "openai/m", false);
            assertThat(second.status()).isEqualTo(429);
            assertThat(second.body()).contains("concurrent_calls_exceeded");
            assertThat(second.header("retry-after")).contains("1");
            assertThat(call("sesame-unlimited", ClientDialect.CHAT, "openai/m", false)
                            .status())
                    .isEqualTo(200);
        }
        crossing.gateway().logWith("caller_left");
        assertThat(call("sesame-single", ClientDialect.CHAT, "openai/m", false).status())
                .isEqualTo(200);
    }

    @Test
    void countsOfTokensAreRequestsToo() {
        String body = ClientDialect.MESSAGES.body("anthropic/m", false);
        RawAnswer first = crossing.post("/v1/messages/count_tokens", body, "x-api-key: sesame-counter");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("anthropic-ratelimit-requests-remaining")).contains("0");
        RawAnswer second = crossing.post("/v1/messages/count_tokens", body, "x-api-key: sesame-counter");
        assertThat(ErrorShape.of(ClientDialect.MESSAGES, 429, second).kind()).isEqualTo("rate_limit_error");
    }
}
