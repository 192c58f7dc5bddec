package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where callers of all systems look for things, and what they find there. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PathsTest {

    private GatewayFixture gateway;

    @BeforeAll
    void start() {
        gateway = GatewayFixture.start("""
                models:
                  assistant: {targets: [one/a, two/b]}
                  "openpipe:my-ft-model": {targets: [two/ft]}
                fallbacks: [three/c]
                """);
        gateway.one().answerAlways(Chats.answered("hi"));
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private RawAnswer get(String path) {
        try (RawCaller caller = gateway.caller()) {
            return caller.get(path).readAnswer();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/chat/completions",
                "/chat/completions",
                "/api/chat/completions",
                "/api/v1/chat/completions",
                "/v1/chat/completions?api-version=2024-10-21"
            })
    void chatIsAnsweredAtEveryAlias(String path) {
        try (RawCaller caller = gateway.caller()) {
            RawAnswer answer = caller.post(path, Chats.ask("assistant")).readAnswer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(Chats.answer("hi"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/models", "/api/models", "/api/v1/models"})
    void modelsAreListedInOpenAisShape(String path) {
        RawAnswer answer = get(path);

        assertThat(answer.status()).isEqualTo(200);
        JsonNode list = ErrorBody.object(ErrorBody.parsed(answer.body()));
        assertThat(ErrorBody.text(list, "object")).isEqualTo("list");
        assertThat(list.path("data").isArray()).isTrue();
        assertThat(list.path("data"))
                .extracting(model -> ErrorBody.text(ErrorBody.object(model), "id"))
                .containsExactly("assistant", "openpipe:my-ft-model", "one/a", "two/b", "two/ft", "three/c");
        assertThat(list.path("data")).allSatisfy(model -> {
            assertThat(ErrorBody.text(model, "object")).isEqualTo("model");
            assertThat(model.path("created").isNumber()).isTrue();
            assertThat(ErrorBody.text(model, "owned_by")).isNotEmpty();
        });
    }

    /** Clients escape the slash and the colon of a name, or do not. */
    @ParameterizedTest
    @CsvSource({
        "/v1/models/assistant, assistant",
        "/models/one/a, one/a",
        "/v1/models/one%2Fa, one/a",
        "/v1/models/openpipe:my-ft-model, openpipe:my-ft-model",
        "/api/v1/models/openpipe%3Amy-ft-model, openpipe:my-ft-model",
        "/v1/models/two/anything-at-all, two/anything-at-all",
    })
    void singleModelIsFoundHoweverItsNameIsEscaped(String path, String name) {
        RawAnswer answer = get(path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(ErrorBody.text(ErrorBody.object(ErrorBody.parsed(answer.body())), "id"))
                .isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v1/models/assistent", "/v1/models/", "/v1/models/%00", "/v1/models/%zz", "/v1/models/%ff"})
    void unknownModelIsNotFound(String path) {
        RawAnswer answer = get(path);
        assertThat(answer.status()).isEqualTo(404);
        ErrorBody error = ErrorBody.of(answer);
        assertThat(error.code()).isEqualTo("model_not_found");
        if (path.endsWith("assistent")) {
            assertThat(error.message()).contains("did you mean assistant");
        }
    }

    @Test
    void healthAndReadiness() {
        assertThat(get("/healthz").status()).isEqualTo(200);
        assertThat(get("/readyz").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v1", "/v1/threads", "/v1/chat/completions/", "/v1/chat", "/%2e%2e/etc/passwd"})
    void elsewhereThereIsNothing(String path) {
        RawAnswer answer = get(path);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(ErrorBody.of(answer).message()).contains("/v1/chat/completions");
    }

    @ParameterizedTest
    @CsvSource({
        "GET /v1/chat/completions, POST",
        "DELETE /v1/chat/completions, POST",
        "OPTIONS /chat/completions, POST",
        "POST /v1/models, GET",
        "PUT /healthz, GET",
        "POST /metrics, GET"
    })
    void wrongMethodIsAnsweredWithTheRightOne(String line, String allowed) {
        try (RawCaller caller = gateway.caller()) {
            RawAnswer answer = caller.send(line + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
                    .readAnswer();
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.header("allow")).contains(allowed);
            assertThat(ErrorBody.of(answer).message()).contains(allowed);
        }
    }

    @Test
    void openPipesReportsAreTaken() {
        try (RawCaller caller = gateway.caller()) {
            RawAnswer answer = caller.post("/report", "{\"requestedAt\":1}").readAnswer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"status\":\"ok\"}");
        }
    }

    @Test
    void connectionIsKeptFromCallToCall() {
        try (RawCaller caller = gateway.caller()) {
            for (int i = 0; i < 3; i++) {
                RawAnswer answer = caller.post("/v1/chat/completions", Chats.ask("assistant"))
                        .readAnswer();
                assertThat(answer.status()).as("%s, %s", i, answer).isEqualTo(200);
                assertThat(caller.get("/healthz").readAnswer().status())
                        .as("%s", i)
                        .isEqualTo(200);
            }
        }
    }
}
