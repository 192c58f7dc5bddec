package dev.understudy.compat.openai;

import static dev.understudy.compat.openai.Gateway.asking;
import static dev.understudy.compat.openai.Gateway.header;
import static dev.understudy.compat.openai.Gateway.trail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.HttpResponseFor;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ErrorsTest {
    private static final OpenAIClient CLIENT = Gateway.client();

    @AfterAll
    static void close() {
        CLIENT.close();
    }

    @Test
    void anUnknownModelIsReportedWithTheClosestName() {
        NotFoundException failure =
                failure(NotFoundException.class, asking("gpt-4.1-mimi").build());

        assertThat(failure.code()).contains("model_not_found");
        assertThat(failure).hasMessageContaining("gpt-4.1-mini");
    }

    @Test
    void aProviders400IsOneModelsOpinion() {
        try (HttpResponseFor<ChatCompletion> response = CLIENT.withRawResponse()
                .chat()
                .completions()
                .create(asking("rehearsal/bad-request")
                        .putAdditionalBodyProperty("fallbacks", JsonValue.from(List.of("gpt-4-turbo")))
                        .build())) {
            assertThat(response.parse().model()).isEqualTo("ok?tokens=10");
            assertThat(trail(response.headers()))
                    .containsExactly("rehearsal/bad-request bad_request", "rehearsal/ok?tokens=10 ok");
        }
    }

    @Test
    void a400OfEveryModelIsToldInTheFirstOnesWords() {
        BadRequestException failure = failure(
                BadRequestException.class,
                asking("rehearsal/bad-request")
                        .putAdditionalBodyProperty("fallbacks", JsonValue.from(List.of("rehearsal/too-long")))
                        .build());

        assertThat(failure).hasMessageContaining("refuses every request");
        assertThat(trail(failure.headers()))
                .containsExactly("rehearsal/bad-request bad_request", "rehearsal/too-long context_length");
    }

    @Test
    void aRateLimitHasARetryAfter() {
        RateLimitException failure = failure(
                RateLimitException.class, asking("rehearsal/throttled?after=7").build());

        assertThat(Integer.parseInt(header(failure.headers(), "retry-after"))).isBetween(1, 7);
    }

    @Test
    void whenAllAreDownEveryAttemptIsListed() {
        InternalServerException failure =
                failure(InternalServerException.class, asking("hopeless").build());

        assertThat(failure.statusCode()).isGreaterThanOrEqualTo(500);
        assertThat(trail(failure.headers()))
                .containsExactly("rehearsal/down server_error", "rehearsal/error server_error");
        assertThat(header(failure.headers(), "understudy-attempts")).isEqualTo("2");
        assertThat(failure.body().toString()).contains("rehearsal/down", "rehearsal/error");
    }

    @Test
    void theClientReceivesATimeoutBeforeItWouldGiveUp() {
        OpenAIClient client = Gateway.client(Duration.ofSeconds(5), 0);
        try {
            OpenAIServiceException failure = catchThrowableOfType(
                    OpenAIServiceException.class,
                    () -> client.chat()
                            .completions()
                            .create(asking("rehearsal/silent").build()));

            assertThat(failure).isNotNull();
            assertThat(failure.statusCode()).isEqualTo(504);
        } finally {
            client.close();
        }
    }

    @Test
    void theSdksRetriesDoNotMultiplyATimeoutOfTheGateway() {
        long began = System.nanoTime();
        OpenAIClient client = Gateway.client(Duration.ofSeconds(5), 2);
        try {
            assertThat(catchThrowableOfType(
                            OpenAIServiceException.class,
                            () -> client.chat()
                                    .completions()
                                    .create(asking("rehearsal/silent").build())))
                    .isNotNull();
        } finally {
            client.close();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(9));
    }

    private static <T extends Throwable> T failure(Class<T> type, ChatCompletionCreateParams params) {
        T failure = catchThrowableOfType(type, () -> CLIENT.chat().completions().create(params));
        assertThat(failure).isNotNull();
        return failure;
    }
}
