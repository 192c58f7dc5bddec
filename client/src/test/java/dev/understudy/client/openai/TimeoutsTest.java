package dev.understudy.client.openai;

import static dev.understudy.client.openai.OpenAiScene.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.RequestOptions;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.understudy.client.openai.OpenAiScene.Mode;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both timeouts of OpenPipe's SDKs at the wire, at a tenth of their usual length: 10 s for the primary, then 20 s for the fallback. */
class TimeoutsTest {
    private static final Duration PRIMARY = Duration.ofSeconds(1);
    private static final Duration FALLBACK = Duration.ofSeconds(2);
    /** Nothing ends sooner than its limit; a busy machine may be late. */
    private static final Duration EARLIEST = Duration.ofMillis(20);

    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final OpenAiScene scene = new OpenAiScene();

    @AfterEach
    void stop() {
        scene.close();
    }

    private void assertBothTimeouts(ReceivedRequest primary, ReceivedRequest backup) {
        long primaryTook = primary.peerClosedNanos(LIMIT) - primary.arrivedNanos();
        long fallbackTook = backup.peerClosedNanos(LIMIT) - backup.arrivedNanos();
        // A request arrives a little later than the attempt begins.
        assertThat(Duration.ofNanos(primaryTook)).isBetween(PRIMARY.minusMillis(700), PRIMARY.plus(LIMIT));
        assertThat(Duration.ofNanos(fallbackTook)).isBetween(FALLBACK.minusMillis(700), FALLBACK.plus(LIMIT));
        assertThat(fallbackTook).isGreaterThan(primaryTook / 2);
        assertThat(backup.arrivedNanos())
                .isGreaterThan(primary.arrivedNanos() + PRIMARY.dividedBy(4).toNanos());
    }

    @ParameterizedTest
    @EnumSource
    void theClientHasTheTimeoutOfThePrimaryAndThatOfTheFallback(Mode mode) {
        scene.primary.answerAlways(Reply.start().hold());
        scene.backup.answerAlways(Reply.start().hold());
        OpenAIClient client = scene.client(
                builder -> builder.timeout(PRIMARY).fallbackTimeout(FALLBACK).retries(0));
        long begun = System.nanoTime();
        assertThatThrownBy(() -> mode.text(client, request().build()))
                .isInstanceOfSatisfying(
                        OpenAIServiceException.class,
                        failed -> assertThat(failed.statusCode()).isEqualTo(504));
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(
                        PRIMARY.plus(FALLBACK).minus(EARLIEST),
                        PRIMARY.plus(FALLBACK).plus(LIMIT));
        assertBothTimeouts(scene.primary.take(), scene.backup.take());
    }

    /** {@code OpenAI(timeout=10)} with {@code openpipe={"fallback": {"model": …, "timeout": 20}}}. */
    @Test
    void asInOpenPipesSdksTheTimeoutOfTheSdkIsThatOfThePrimary() {
        scene.primary.answerAlways(Reply.start().hold());
        scene.backup.answerAlways(Reply.start().hold());
        OpenAIClient client = scene.client(builder -> builder.retries(0));
        ChatCompletionCreateParams params = request()
                .model("openpipe:my-ft-model")
                .putAdditionalBodyProperty(
                        "openpipe",
                        JsonValue.from(Map.of(
                                "fallback", Map.of("model", "backup/gpt-4-turbo", "timeout", FALLBACK.toSeconds()))))
                .build();
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(
                                params,
                                RequestOptions.builder().timeout(PRIMARY).build()))
                .isInstanceOf(OpenAIServiceException.class);
        ReceivedRequest primary = scene.primary.take();
        ReceivedRequest backup = scene.backup.take();
        assertBothTimeouts(primary, backup);
        assertThat(primary.body()).contains("\"openpipe:my-ft-model\"").doesNotContain("fallback");
        assertThat(backup.body()).contains("\"gpt-4-turbo\"").doesNotContain("openpipe");
    }

    @Test
    void theFallbackThatAnswersAfterThePrimarysTimeoutIsTheAnswer() {
        scene.primary.answerAlways(Reply.start().hold());
        scene.backup.answer(Reply.start().pause(Duration.ofMillis(500)).send(OpenAiScene.whole("rescued")));
        OpenAIClient client = scene.client(builder -> builder.timeout(PRIMARY).fallbackTimeout(Duration.ofSeconds(20)));
        assertThat(Mode.SYNC.text(client, request().build())).isEqualTo("rescued");
        scene.primary.take().peerClosedNanos(LIMIT);
    }

    /** In every other vocabulary the timeout of the SDK is how long its caller waits in all. */
    @Test
    void theTimeoutOfTheSdkEndsTheWholeCall() {
        scene.primary.answerAlways(Reply.start().hold());
        scene.backup.answerAlways(Reply.start().hold());
        OpenAIClient client = scene.client(builder -> builder.retries(0));
        long begun = System.nanoTime();
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(
                                request().build(),
                                RequestOptions.builder()
                                        .timeout(Duration.ofSeconds(2))
                                        .build()))
                .isInstanceOf(OpenAIServiceException.class);
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun)).isLessThan(30);
        scene.primary.take().peerClosedNanos(LIMIT);
    }

    @Test
    void theTimeoutsOfOneCallPrecedeThoseOfTheClient() {
        scene.primary.answerAlways(OpenAiScene.error(500));
        scene.backup.answerAlways(Reply.start().hold());
        OpenAIClient client = scene.client(
                builder -> builder.fallbackTimeout(Duration.ofMinutes(2)).retries(0));
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(Fallbacks.models("backup/one")
                                .timeout(PRIMARY)
                                .applyTo(request())
                                .build()))
                .isInstanceOf(OpenAIServiceException.class);
        ReceivedRequest backup = scene.backup.take();
        assertThat(backup.body()).contains("\"one\"");
        backup.peerClosedNanos(LIMIT);
    }
}
