package dev.understudy.gateway.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Errors, the gateway's and providers', arrive in the dialect of the caller. */
@Timeout(60)
class ErrorsInCallersDialectTest {
    private static Crossing crossing;

    @BeforeAll
    static void start() {
        crossing = Crossing.forgetful(Crossing.chainFrom(Vendor.OPENAI)).allWell();
    }

    @AfterAll
    static void stop() {
        crossing.close();
    }

    private static RawAnswer post(ClientDialect client, String body) {
        return crossing.post(client.path("chain", true), body);
    }

    @ParameterizedTest
    @EnumSource(ClientDialect.class)
    void aRequestWithoutAConversationIsRefused(ClientDialect client) {
        RawAnswer answer = post(client, client.namesModelInPath() ? "{}" : "{\"model\":\"chain\",\"stream\":true}");
        assertRefused(client, answer);
        assertThat(answer.header("understudy-attempts")).contains("0");
    }

    @ParameterizedTest
    @EnumSource(ClientDialect.class)
    void brokenJsonIsRefused(ClientDialect client) {
        assertRefused(client, post(client, "{\"model\":\"chain\",\"messages\":["));
    }

    @ParameterizedTest
    @EnumSource(ClientDialect.class)
    void aConversationOfTheWrongTypeIsRefused(ClientDialect client) {
        assertRefused(
                client,
                post(client, "{\"model\":\"chain\",\"messages\":5,\"input\":5,\"contents\":5,\"max_tokens\":9}"));
    }

    private static void assertRefused(ClientDialect client, RawAnswer answer) {
        assertThat(ErrorShape.of(client, 400, answer).kind())
                .isEqualTo(
                        switch (client) {
                            case CHAT, RESPONSES, MESSAGES -> "invalid_request_error";
                            case GEMINI, GEMINI_ARRAY -> "INVALID_ARGUMENT";
                            case CONVERSE -> "ValidationException";
                        });
    }

    @ParameterizedTest
    @EnumSource(ClientDialect.class)
    void anUnknownModelIsNotFound(ClientDialect client) {
        RawAnswer answer = crossing.ask(client, "unknown-model", true);
        assertThat(ErrorShape.of(client, 404, answer).message()).contains("unknown-model");
    }

    @ParameterizedTest
    @EnumSource(ClientDialect.class)
    void onlyPostsAreCalls(ClientDialect client) {
        try (RawCaller caller = crossing.gateway().caller()) {
            RawAnswer answer = caller.get(client.path("chain", true)).readAnswer();
            ErrorShape.of(client, 405, answer);
            assertThat(answer.header("allow")).contains("POST");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MESSAGES, /v1/messages/batches",
        "GEMINI, /v1beta/cachedContents",
        "GEMINI, /v1beta/models/m:countTokens",
        "CONVERSE, /model/m/nothing",
        "CHAT, /v1/nothing"
    })
    void notFoundIsWrittenInTheDialectOfThePath(ClientDialect client, String path) {
        ErrorShape.of(client, 404, crossing.post(path, "{}"));
    }

    /** Paths that vendors' clients use beside calls, with a header that only these clients send. */
    @ParameterizedTest
    @CsvSource({
        "CHAT, /v1/nothing, x-stainless-lang: python",
        "CHAT, /openai/deployments/m/nothing?api-version=1, api-key: k",
        "CHAT, /openai/v1/nothing, api-key: k",
        "CHAT, /api/v1/nothing, x: y",
        "CHAT, /, x: y",
        "MESSAGES, /v1/complete, anthropic-version: 2023-06-01",
        "MESSAGES, /v1/files, anthropic-version: 2023-06-01",
        "MESSAGES, /v1/messages/nothing, x: y",
        "MESSAGES, /v1/projects/p/locations/l/publishers/anthropic/models/m:nothing, x: y",
        "GEMINI, /v1beta/nothing, x: y",
        "GEMINI, /upload/v1beta/files, x: y",
        "GEMINI, /nothing, x-goog-api-key: k",
        "GEMINI, /v1/projects/p/locations/l/publishers/google/models/m:predict, x: y",
        "GEMINI, /v1beta1/projects/p/locations/l/endpoints/1:nothing, x: y",
        "CONVERSE, /model/m/nothing, x: y",
        "CONVERSE, /foundation-models, x: y",
        "CONVERSE, /guardrail/g/version/1/apply, x: y",
        "CONVERSE, /nothing, x-amz-date: 20260101T000000Z",
        "CONVERSE, /, Authorization: AWS4-HMAC-SHA256 Credential=x"
    })
    void unknownPathsAreToldInTheDialectOfTheClient(ClientDialect client, String path, String header) {
        RawAnswer posted = crossing.post(path, "{}", header);
        ErrorShape.of(client, 404, posted);
        assertThat(posted.header("content-type")).contains("application/json");
        try (RawCaller caller = crossing.gateway().caller()) {
            ErrorShape.of(
                    client,
                    404,
                    caller.send("PUT " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n" + header + "\r\n\r\n")
                            .readAnswer());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CHAT, GET, /openai/deployments/m/chat/completions, POST",
        "CHAT, DELETE, /v1/models, GET",
        "MESSAGES, GET, /v1/messages/count_tokens, POST",
        "MESSAGES, GET, /v1/projects/p/locations/l/publishers/anthropic/models/m:rawPredict, POST",
        "GEMINI, GET, /v1beta/models/m:countTokens, POST",
        "GEMINI, GET, /v1beta/models/m:embedContent, POST",
        "GEMINI, DELETE, /v1/projects/p/locations/l/publishers/google/models/m:generateContent, POST",
        "CONVERSE, GET, /model/m/invoke, POST",
        "CONVERSE, GET, /model/m/count-tokens, POST",
        "RESPONSES, PATCH, /v1/responses/resp_1, GET"
    })
    void wrongMethodsAreToldInTheDialectOfThePath(ClientDialect client, String method, String path, String allowed) {
        try (RawCaller caller = crossing.gateway().caller()) {
            RawAnswer answer = caller.send(method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
                    .readAnswer();
            ErrorShape.of(client, 405, answer);
            assertThat(answer.header("allow")).contains(allowed);
        }
    }

    @Test
    void ollamasClientsReadAText() {
        for (String path : new String[] {"/api/pull", "/api/delete", "/api/blobs/sha256:1"}) {
            RawAnswer answer = crossing.post(path, "{}");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body()).startsWith("{\"error\":\"unknown path");
        }
        assertThat(crossing.post("/api/tags", "{}").body()).startsWith("{\"error\":\"use GET");
    }

    @Test
    void aHeadOfTheRootFindsTheServer() {
        try (RawCaller caller = crossing.gateway().caller()) {
            assertThat(caller.send("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .readHead()
                            .status())
                    .isEqualTo(200);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientDialect.class)
    void keysAreTakenWhereTheDialectsClientsShowThem(ClientDialect client) {
        try (Crossing locked =
                Crossing.withCallerKeys("[sesame-0123456789]", "").allWell()) {
            String path = client.path("openai/m", false);
            String body = client.body("openai/m", false);
            assertThat(ErrorShape.of(client, 401, locked.post(path, body, "x-api-key: wrong"))
                            .kind())
                    .isEqualTo(
                            switch (client) {
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
    @EnumSource(ClientDialect.class)
    void whenAllTargetsAreDownTheErrorNamesThemAll(ClientDialect client) {
        try (Crossing down = Crossing.forgetful(Crossing.chainFrom(Vendor.GEMINI))) {
            for (Vendor vendor : Vendor.values()) {
                down.at(vendor).answerAlways(vendor.failed(500));
            }
            for (boolean stream : new boolean[] {true, false}) {
                RawAnswer answer = down.ask(client, "chain", stream);
                assertThat(ErrorShape.of(client, 503, answer).message())
                        .contains("openai/m", "anthropic/m", "gemini/m", "bedrock/m");
                assertThat(answer.header("understudy-attempts")).contains("4");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ClientDialect.class)
    void theDeadlineEndsInA504(ClientDialect client) {
        try (Crossing late =
                Crossing.start("defaults: {deadline: 300ms}\nmodels: {slow: {targets: [gemini/m, anthropic/m]}}\n")) {
            late.at(Vendor.GEMINI).answerAlways(Reply.start().hold());
            late.at(Vendor.ANTHROPIC).answerAlways(Reply.start().hold());
            ErrorShape.of(client, 504, late.ask(client, "slow", true));
        }
    }

    @ParameterizedTest
    @EnumSource(ClientDialect.class)
    void aPromptThatIsTooLongIsTheCallersError(ClientDialect client) {
        try (Crossing strict = Crossing.forgetful("models: {m: {targets: [anthropic/m]}}")) {
            strict.at(Vendor.ANTHROPIC)
                    .answerAlways(Reply.json(
                            400,
                            "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":"
                                    + "\"prompt is too long: 250000 tokens > 200000 maximum\"}}"));
            RawAnswer answer = strict.ask(client, "m", true);
            assertThat(ErrorShape.of(client, 400, answer).message()).contains("prompt is too long");
            assertThat(answer.header("understudy-trail").orElse("")).contains("outcome=context_length");
        }
    }

    @ParameterizedTest
    @EnumSource(ClientDialect.class)
    void whenAllAreRateLimitedTheCallerGetsARetryAfter(ClientDialect client) {
        try (Crossing busy = Crossing.forgetful("models: {m: {targets: [anthropic/m, bedrock/m]}}")) {
            busy.at(Vendor.ANTHROPIC).answerAlways(Vendor.ANTHROPIC.failed(429, "Retry-After: 30"));
            busy.at(Vendor.BEDROCK).answerAlways(Vendor.BEDROCK.failed(429, "Retry-After: 20"));
            RawAnswer answer = busy.ask(client, "m", true);
            ErrorShape.of(client, 429, answer);
            assertThat(answer.header("retry-after")).contains("20");
        }
    }

    @Test
    void amazonsClientsReadTheTypeInAHeader() {
        RawAnswer answer = post(ClientDialect.CONVERSE, "{}");
        assertThat(answer.header("x-amzn-errortype")).contains("ValidationException");
    }
}
