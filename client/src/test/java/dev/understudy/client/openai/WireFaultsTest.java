package dev.understudy.client.openai;

import static dev.understudy.client.openai.OpenAiScene.begun;
import static dev.understudy.client.openai.OpenAiScene.content;
import static dev.understudy.client.openai.OpenAiScene.error;
import static dev.understudy.client.openai.OpenAiScene.request;
import static dev.understudy.client.openai.OpenAiScene.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import dev.understudy.client.chain.CallTrail;
import dev.understudy.client.chain.ChainListener;
import dev.understudy.client.openai.OpenAiScene.Mode;
import dev.understudy.engine.TrailEntry;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What providers receive and what the SDK is given, at the wire; which fault has which outcome is in {@link OpenAiSurfaceTest}. */
class WireFaultsTest {
    private final OpenAiScene scene = new OpenAiScene();

    @AfterEach
    void stop() {
        scene.close();
    }

    /** No key reaches the other provider, and each gets the name of its own model. */
    @ParameterizedTest
    @EnumSource
    void eachProviderGetsItsOwnKeyAndModel(Mode mode) {
        scene.primary.answerAlways(error(429, "Retry-After: 30"));
        scene.backup.answer(mode.reply("rescued"));
        assertThat(mode.text(scene.client(), request().build())).isEqualTo("rescued");
        ReceivedRequest rescued = scene.backup.take();
        assertThat(rescued.head()).contains(OpenAiScene.BACKUP_KEY).doesNotContain(OpenAiScene.PRIMARY_KEY);
        assertThat(rescued.body()).contains("\"model\":\"gpt-backup\"");
        ReceivedRequest failed = scene.primary.take();
        assertThat(failed.head()).contains(OpenAiScene.PRIMARY_KEY).doesNotContain(OpenAiScene.BACKUP_KEY);
        assertThat(failed.body()).contains("\"model\":\"gpt-primary\"");
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "ASYNC_STREAM"})
    void theTargetThatContinuesReceivesTheText(Mode mode) {
        scene.primary.answer(begun().event(content("one two ")).reset());
        scene.backup.answer(mode.reply("three four"));
        assertThat(mode.text(scene.client(), request().build())).isEqualTo("one two three four");
        assertThat(scene.backup.take().body()).contains("one two");
    }

    @ParameterizedTest
    @EnumSource
    void aHealthyPrimaryIsTheOnlyOneThatIsCalled(Mode mode) {
        scene.primary.answerAlways(mode.reply("direct"));
        OpenAIClient client = scene.client(
                builder -> builder.timeout(Duration.ofSeconds(20)).fallbackTimeout(Duration.ofSeconds(20)));
        for (int i = 0; i < 5; i++) {
            assertThat(mode.text(client, request().build())).isEqualTo("direct");
        }
        assertThat(scene.primary.requestCount()).isEqualTo(5);
        assertThat(scene.backup.requestCount()).isZero();
    }

    /** The primary cannot tell a call with this client from one without: same path, same headers, same body. */
    @ParameterizedTest
    @EnumSource
    void thePrimaryReceivesWhatItWouldReceiveDirectly(Mode mode) {
        scene.primary.answerAlways(mode.reply("direct"));
        var params = request()
                .putAdditionalHeader("X-Of-The-Application", "a b")
                .putAdditionalQueryParam("trace", "ä/1")
                .putAdditionalBodyProperty("field_of_the_future", com.openai.core.JsonValue.from(List.of(1, "zwei")))
                .maxTokens(300_000_000)
                .temperature(0.25)
                .user("u".repeat(200));
        mode.text(scene.client(OpenAiScene.direct(), scene.primary.baseUrl()), params.build());
        ReceivedRequest direct = scene.primary.take();
        mode.text(scene.client(), params.build());
        ReceivedRequest through = scene.primary.take();
        mode.text(scene.client(), Fallbacks.models("backup/x").applyTo(params).build());
        ReceivedRequest withOptions = scene.primary.take();
        assertThat(lines(through)).isEqualTo(lines(direct));
        assertThat(through.body()).isEqualTo(direct.body()).contains("field_of_the_future");
        assertThat(withOptions.body()).isEqualTo(direct.body());
        assertThat(withOptions.head()).contains("trace=%C3%A4%2F1").contains("a b");
    }

    private static List<String> lines(ReceivedRequest request) {
        return request.head()
                .lines()
                .map(line -> line.startsWith("POST") ? line : line.toLowerCase(java.util.Locale.ROOT))
                .sorted()
                .toList();
    }

    @Test
    void theSdkThrowsItsOwnExceptionWithAllAttempts() {
        scene.primary.answerAlways(error(500));
        scene.backup.answerAlways(error(503));
        OpenAIClient client = scene.client(builder -> builder.retries(0));
        assertThatThrownBy(() -> client.chat().completions().create(request().build()))
                .isInstanceOfSatisfying(InternalServerException.class, failed -> {
                    assertThat(failed.statusCode()).isEqualTo(500);
                    assertThat(failed.body().toString()).contains("attempts").contains("gpt-backup");
                    assertThat(FallbackHttpClient.trailOf(failed).attempts())
                            .extracting(TrailEntry::outcome)
                            .startsWith("server_error", "server_error");
                });
    }

    @Test
    void aRefusedKeyWithoutFallbacksIsTheSdksOwnException() {
        scene.primary.answerAlways(error(401));
        OpenAIClient client = scene.client(OpenAiScene.bare().build(), scene.primary.baseUrl());
        assertThatThrownBy(() -> client.chat().completions().create(request().build()))
                .isInstanceOfSatisfying(UnauthorizedException.class, failed -> {
                    assertThat(failed.code()).contains("test_code");
                    assertThat(failed.getMessage()).contains("told to fail");
                });
    }

    @Test
    void aStreamThatNoTargetCanContinueEndsWithAnError() {
        scene.primary.answerAlways(begun().event(content("one two ")).reset());
        scene.backup.answerAlways(error(500));
        OpenAIClient client = scene.client(builder -> builder.retries(0).deadline(Duration.ofSeconds(3)));
        StringBuilder text = new StringBuilder();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(request().build())) {
            assertThatThrownBy(() -> stream.stream().forEach(chunk -> text.append(OpenAiScene.textOf(chunk))))
                    .isInstanceOf(SseException.class)
                    .isInstanceOf(OpenAIServiceException.class);
        }
        assertThat(text).hasToString("one two ");
    }

    @Test
    void theTrailIsOnTheRawResponse() {
        scene.primary.answer(error(429, "Retry-After: 30"));
        scene.backup.answer(whole("rescued"));
        try (HttpResponseFor<ChatCompletion> response = scene.client()
                .withRawResponse()
                .chat()
                .completions()
                .create(request().build())) {
            assertThat(response.statusCode()).isEqualTo(200);
            CallTrail trail = FallbackHttpClient.trailOf(response);
            assertThat(trail.attempts()).hasSize(2);
            TrailEntry first = trail.entries().getFirst();
            assertThat(first.target()).endsWith("/gpt-primary");
            assertThat(first.failure().orElseThrow().status()).isEqualTo(429);
            assertThat(trail.entries().getLast().target()).isEqualTo("backup/gpt-backup");
            assertThat(trail.entries().getLast().state()).isEqualTo(TrailEntry.State.ANSWERED);
            assertThat(response.headers().values("understudy-target")).containsExactly("backup/gpt-backup");
            assertThat(OpenAiScene.textOf(response.parse())).isEqualTo("rescued");
        }
    }

    /** The account is the caller's own, so its headers are too, unlike in the gateway. */
    @Test
    void allHeadersOfThePrimaryReachTheCaller() {
        scene.primary.answer(Reply.json(
                200,
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":"
                        + "{\"role\":\"assistant\",\"content\":\"x\"},\"finish_reason\":\"stop\"}],\"of_the_future\":{\"a\":1}}",
                "X-Request-Id: req-1",
                "OpenAI-Organization: org-1",
                "X-Of-A-Proxy: p"));
        try (HttpResponseFor<ChatCompletion> response = scene.client()
                .withRawResponse()
                .chat()
                .completions()
                .create(request().build())) {
            assertThat(response.requestId()).contains("req-1");
            assertThat(response.headers().values("openai-organization")).containsExactly("org-1");
            assertThat(response.headers().values("x-of-a-proxy")).containsExactly("p");
            assertThat(response.parse()._additionalProperties()).containsKey("of_the_future");
        }
    }

    @Test
    void listenersAreToldOfTheSdksCalls() throws InterruptedException {
        scene.primary.answer(error(500));
        scene.backup.answer(whole("rescued"));
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        OpenAIClient client = scene.client(builder -> builder.retries(0).listener(new ChainListener() {
            @Override
            public void attemptEnded(TrailEntry attempt) {
                events.add(attempt.outcome());
            }

            @Override
            public void callAnswered(String target, CallTrail trail, Duration duration) {
                events.add(target);
            }
        }));
        assertThat(Mode.SYNC.text(client, request().build())).isEqualTo("rescued");
        for (String expected : List.of("server_error", "ok", "backup/gpt-backup")) {
            assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo(expected);
        }
    }
}
