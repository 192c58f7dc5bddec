package dev.understudy.client.openai;

import static dev.understudy.client.openai.OpenAiScene.bare;
import static dev.understudy.client.openai.OpenAiScene.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong arguments are told at the call, with the argument's name, before anything is sent. */
class BadInputTest {
    private final OpenAiScene scene = new OpenAiScene();

    @AfterEach
    void stop() {
        scene.close();
    }

    private static OpenAIClient other() {
        return new OpenAIClientImpl(OpenAiScene.options(OpenAiScene.direct(), "http://127.0.0.1:1/v1")
                .build());
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                arguments("fallback is null", call(() -> bare().fallback(null))),
                arguments("fallback is blank", call(() -> bare().fallback(" "))),
                arguments("timeout of fallback m is PT-1S", call(() -> bare().fallback("m", Duration.ofSeconds(-1)))),
                arguments("timeout is PT-1S", call(() -> bare().timeout(Duration.ofSeconds(-1)))),
                arguments("timeout is null", call(() -> bare().timeout(null))),
                arguments("fallbackTimeout is PT0S", call(() -> bare().fallbackTimeout(Duration.ZERO))),
                arguments("deadline is PT0S", call(() -> bare().deadline(Duration.ZERO))),
                arguments("retries is -1", call(() -> bare().retries(-1))),
                arguments("the key of provider openai is blank", call(() -> bare().provider("openai", ""))),
                arguments(
                        "base-url",
                        call(() -> bare().provider("mine", Map.of("base-url", "nowhere"), "sk-0123456789")
                                .build())),
                arguments(
                        "has no api-key",
                        call(() -> bare().provider("anthropic", Map.of()).build())),
                arguments(
                        "no such file",
                        call(() -> bare().configuration(Path.of("/does/not/exist.yaml"))
                                .build())),
                arguments("fallbackClient is null", call(() -> bare().fallbackClient((OpenAIClient) null))),
                arguments("the name of a fallback client", call(() -> bare().fallbackClient("a/b", other()))),
                arguments(
                        "two fallback clients",
                        call(() -> bare().fallbackClient(other()).fallbackClient(other()))),
                arguments(
                        "a provider and a fallback client",
                        call(() -> bare().provider("openai", "sk-0123456789")
                                .fallbackClient("openai", other())
                                .build())),
                arguments("httpClient is null", call(() -> bare().httpClient(null))),
                arguments("variables is null", call(() -> bare().environment(null))),
                arguments("models is empty", call(() -> Fallbacks.models(List.of()))),
                arguments("models is null", call(() -> Fallbacks.models((List<String>) null))),
                arguments("models[1] is blank", call(() -> Fallbacks.models("a", ""))),
                arguments(
                        "models[0] is null",
                        call(() -> Fallbacks.models(new ArrayList<>(Arrays.asList("a", null)).reversed()))),
                arguments("timeout is PT-1S", call(() -> Fallbacks.models("a").timeout(Duration.ofSeconds(-1)))),
                arguments("deadline is PT0S", call(() -> Fallbacks.models("a").deadline(Duration.ZERO))),
                arguments("retries is -2", call(() -> Fallbacks.models("a").retries(-2))));
    }

    private static ThrowingCallable call(ThrowingCallable call) {
        return call;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void wrongArgumentsAreRefused(String told, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(told);
    }

    static Stream<Arguments> wrongOptions() {
        return Stream.of(
                arguments("fallback_models", 7),
                arguments("fallback_models", List.of("")),
                arguments("openpipe", Map.of("fallback", Map.of())),
                arguments("openpipe", Map.of("fallback", Map.of("model", "m", "timeout", -1))),
                arguments("understudy", Map.of("fallbakcs", List.of("m"))),
                arguments("understudy", Map.of("fallbacks", List.of("m"), "deadline", "-5s")));
    }

    /** The options of a call are data, so what is wrong with them is the SDK's exception for bad requests. */
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("wrongOptions")
    void wrongOptionsOfACallAreABadRequest(String name, Object value) {
        OpenAIClient client = scene.client();
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(request()
                                .putAdditionalBodyProperty(name, JsonValue.from(value))
                                .build()))
                .isInstanceOfSatisfying(BadRequestException.class, bad -> {
                    assertThat(bad.statusCode()).isEqualTo(400);
                    assertThat(bad.getMessage()).contains(name.split("\\.")[0]);
                });
        assertThat(scene.primary.requestCount()).isZero();
        assertThat(scene.backup.requestCount()).isZero();
    }

    @Test
    void aClosedClientRefusesCalls() {
        FallbackHttpClient http = scene.builder().build();
        OpenAIClient client = scene.client(http, scene.primary.baseUrl());
        http.close();
        http.close();
        assertThatThrownBy(() -> client.chat().completions().create(request().build()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> client.models().list()).isInstanceOf(IllegalStateException.class);
        assertThat(scene.primary.requestCount()).isZero();
    }

    /** A fallback that no provider has is told, and costs the call nothing. */
    @Test
    void anUnknownFallbackIsSkippedWithAWarning() {
        scene.primary.answer(OpenAiScene.whole("direct"));
        OpenAIClient client = scene.client(bare().build(), "http://127.0.0.1:" + scene.primary.port() + "/v1");
        try (var response = client.withRawResponse()
                .chat()
                .completions()
                .create(Fallbacks.models("x".repeat(600)).applyTo(request()).build())) {
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().values("understudy-warning")).hasSize(1);
        }
    }
}
