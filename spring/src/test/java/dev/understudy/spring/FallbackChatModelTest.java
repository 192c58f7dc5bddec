package dev.understudy.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.understudy.client.chain.CallSettings;
import dev.understudy.client.chain.CallTrail;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.client.chain.TargetHealth.Circuit;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.TrailEntry;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.retry.NonTransientAiException;
import org.springframework.ai.retry.TransientAiException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;

@Timeout(60)
class FallbackChatModelTest {
    private static final Prompt PROMPT = new Prompt("Why is the sky blue?");

    private static FallbackChatModel over(FakeModel... models) {
        return over(CallSettings.ofDefaults(), models);
    }

    private static FallbackChatModel over(CallSettings settings, FakeModel... models) {
        FallbackChatModel.Builder builder = FallbackChatModel.builder().settings(settings);
        for (int index = 0; index < models.length; index++) {
            builder.model("model-" + (index + 1), models[index]);
        }
        return builder.build();
    }

    private static CallTrail trail(ChatResponse response) {
        return FallbackChatModel.trail(response).orElseThrow();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments(
                        "429",
                        new TransientAiException("HTTP 429 - {\"error\":{\"code\":\"rate_limit_exceeded\"}}"),
                        "rate_limited"),
                arguments(
                        "500",
                        HttpServerErrorException.create(
                                HttpStatus.INTERNAL_SERVER_ERROR,
                                "",
                                HttpHeaders.EMPTY,
                                new byte[0],
                                StandardCharsets.UTF_8),
                        "server_error"),
                arguments(
                        "401", new NonTransientAiException("401 - {\"error\":{\"code\":\"invalid_api_key\"}}"), "auth"),
                arguments(
                        "400",
                        HttpClientErrorException.create(
                                HttpStatus.BAD_REQUEST,
                                "",
                                HttpHeaders.EMPTY,
                                "{\"error\":{\"message\":\"max_tokens is too large\"}}"
                                        .getBytes(StandardCharsets.UTF_8),
                                StandardCharsets.UTF_8),
                        "bad_request"),
                arguments(
                        "refused",
                        new ResourceAccessException("I/O error", new ConnectException("refused")),
                        "connection"),
                arguments(
                        "timeout",
                        new ResourceAccessException("I/O error", new SocketTimeoutException("Read timed out")),
                        "timeout_first_token"),
                arguments("defect", new NullPointerException("choices"), "bad_request"),
                arguments("no support", new UnsupportedOperationException("not supported"), "unsupported"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void theNextModelAnswersAfterAFault(String name, RuntimeException fault, String kind) {
        FakeModel primary = FakeModel.failing(fault);
        FakeModel fallback = FakeModel.answering("Rayleigh scattering.");

        ChatResponse response = over(primary, fallback).call(PROMPT);

        assertThat(FakeModel.text(response)).isEqualTo("Rayleigh scattering.");
        assertThat(trail(response).attempts().getFirst().outcome()).isEqualTo(kind);
        assertThat(trail(response).attempts().getLast().target()).isEqualTo("model-2");
        assertThat(response.getMetadata().<String>get(FallbackChatModel.TARGET)).isEqualTo("model-2");
        assertThat(response.getMetadata().<Integer>get(FallbackChatModel.ATTEMPTS))
                .isEqualTo(trail(response).attempts().size());
    }

    @Test
    void aBlankAnswerIsReplaced() {
        ChatResponse response = over(FakeModel.answering(" \n"), FakeModel.answering("Rayleigh."))
                .call(PROMPT);

        assertThat(FakeModel.text(response)).isEqualTo("Rayleigh.");
        assertThat(trail(response).attempts()).extracting(TrailEntry::outcome).containsExactly("empty", "ok");
    }

    @Test
    void aResponseWithoutGenerationsIsBlank() {
        FakeModel primary = FakeModel.answeringWith(prompt -> new ChatResponse(List.of()));

        assertThat(FakeModel.text(
                        over(primary, FakeModel.answering("Rayleigh.")).call(PROMPT)))
                .isEqualTo("Rayleigh.");
    }

    @Test
    void twoBlankAnswersAreBelieved() {
        ChatResponse response =
                over(FakeModel.answering(""), FakeModel.answering("")).call(PROMPT);

        assertThat(FakeModel.text(response)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONTENT_FILTER", "refusal", "guardrail_intervened", "SAFETY"})
    void anAnswerThatAContentFilterEmptiedIsDelivered(String finishReason) {
        FakeModel filtered = FakeModel.answeringWith(prompt -> FakeModel.response("", finishReason));
        FakeModel fallback = FakeModel.answering("Rayleigh.");

        ChatResponse response = over(filtered, fallback).call(PROMPT);

        assertThat(response.hasFinishReasons(Set.of(finishReason))).isTrue();
        assertThat(trail(response).attempts()).extracting(TrailEntry::outcome).containsExactly("content_policy");
        assertThat(fallback.prompts).isEmpty();
    }

    @Test
    void aContentFilterLeadsToTheNextModelIfTheSettingsSaySo() {
        try (FallbackChatModel lenient = FallbackChatModel.builder()
                .settings(CallSettings.builder()
                        .fallbackOn(FailureKind.CONTENT_POLICY)
                        .build())
                .model("model-1", FakeModel.answeringWith(prompt -> FakeModel.response("", "CONTENT_FILTER")))
                .model("model-2", FakeModel.answering("Rayleigh."))
                .build()) {
            assertThat(FakeModel.text(lenient.call(PROMPT))).isEqualTo("Rayleigh.");
        }
    }

    @Test
    void aResponseOfNullIsAFailure() {
        FakeModel primary = FakeModel.answeringWith(prompt -> null);

        assertThat(FakeModel.text(
                        over(primary, FakeModel.answering("Rayleigh.")).call(PROMPT)))
                .isEqualTo("Rayleigh.");
    }

    @Test
    void aSilentModelIsHedgedAndInterruptedWhenTheOtherOneAnswers() {
        FakeModel primary = FakeModel.silent();
        CallSettings settings =
                CallSettings.builder().answer(Duration.ofMillis(100)).build();

        ChatResponse response =
                over(settings, primary, FakeModel.answering("Rayleigh.")).call(PROMPT);

        assertThat(FakeModel.text(response)).isEqualTo("Rayleigh.");
        assertThat(trail(response).attempts())
                .extracting(entry -> entry.attemptKind().wireName())
                .containsExactly("primary", "hedge");
        Waiting.until(() -> primary.cancelled.get() == 1);
    }

    @Test
    void withoutFaultsEveryCallIsAnsweredByThePrimaryInOneAttempt() {
        FakeModel fallback = FakeModel.answering("never");
        FallbackChatModel model = over(FakeModel.answering("Rayleigh."), fallback);

        for (int call = 0; call < 500; call++) {
            ChatResponse response = model.call(PROMPT);
            assertThat(FakeModel.text(response)).isEqualTo("Rayleigh.");
            assertThat(trail(response).attempts()).hasSize(1);
        }
        assertThat(fallback.prompts).isEmpty();
    }

    @Test
    void theMetadataOfTheModelIsKept() {
        ChatResponse own = ChatResponse.builder()
                .generations(FakeModel.response("Rayleigh.").getResults())
                .metadata("region", "eu")
                .build();

        ChatResponse response = over(FakeModel.answeringWith(prompt -> own)).call(PROMPT);

        assertThat(response.getMetadata().<String>get("region")).isEqualTo("eu");
        assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
    }

    @Test
    void ifAllFailTheExceptionHasTrailVerdictAndTheModelsException() {
        TransientAiException first = new TransientAiException("HTTP 503 - overloaded");
        FakeModel primary = FakeModel.failing(first);
        FakeModel fallback =
                FakeModel.failing(new NonTransientAiException("401 - {\"error\":{\"code\":\"invalid_api_key\"}}"));
        CallSettings settings = CallSettings.builder().retries(0).build();

        FallbackException failed = catchThrowableOfType(
                FallbackException.class, () -> over(settings, primary, fallback).call(PROMPT));

        assertThat(failed.getCause()).isSameAs(first);
        assertThat(failed.verdict().status()).isEqualTo(503);
        assertThat(failed.isTruncated()).isFalse();
        assertThat(failed.trail().attempts()).extracting(TrailEntry::target).containsExactly("model-1", "model-2");
    }

    @Test
    void anInterruptedCallerEndsTheAttempts() throws InterruptedException {
        FakeModel primary = FakeModel.silent();
        FallbackChatModel model = over(primary);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CountDownLatch over = new CountDownLatch(1);
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                model.call(PROMPT);
            } catch (RuntimeException expected) {
                thrown.set(expected);
            }
            over.countDown();
        });
        Waiting.until(() -> !primary.prompts.isEmpty());

        caller.interrupt();

        over.await();
        assertThat(thrown.get())
                .isInstanceOfSatisfying(
                        FallbackException.class,
                        failed -> assertThat(failed.kind()).isEqualTo(FailureKind.CANCELLED));
        Waiting.until(() -> primary.cancelled.get() == 1);
    }

    @Test
    void aModelThatKeepsFailingIsSkipped() {
        FakeModel primary = FakeModel.failing(new TransientAiException("HTTP 500 - broken"));
        CallSettings settings = CallSettings.builder()
                .retries(0)
                .cooldown(Duration.ofMinutes(1))
                .build();
        FallbackChatModel model = over(settings, primary, FakeModel.answering("Rayleigh."));
        model.call(PROMPT);

        ChatResponse response = model.call(PROMPT);

        assertThat(primary.prompts).hasSize(1);
        assertThat(trail(response).skips()).extracting(TrailEntry::target).containsExactly("model-1");
        assertThat(model.health().getFirst().circuit()).isEqualTo(Circuit.OPEN);
        model.state().reset();
        assertThat(model.health().getFirst().circuit()).isEqualTo(Circuit.CLOSED);
    }

    @Test
    void wrongUseIsRefusedAtTheCallThatNamesTheRemedy() {
        FallbackChatModel.Builder builder = FallbackChatModel.builder();
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("model(name");
        builder.model("one", FakeModel.answering("x"));
        assertThatThrownBy(() -> builder.model("one", FakeModel.answering("y")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"one\"");
        assertThatThrownBy(() -> builder.model(" ", FakeModel.answering("y")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name");
        assertThatThrownBy(() -> builder.model("two", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("chatModel");
        FallbackChatModel model = builder.build();
        assertThatThrownBy(() -> model.call((Prompt) null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> model.stream((Prompt) null)).isInstanceOf(IllegalArgumentException.class);
        model.close();
        assertThatThrownBy(() -> model.call(PROMPT)).isInstanceOf(IllegalStateException.class);
    }
}
