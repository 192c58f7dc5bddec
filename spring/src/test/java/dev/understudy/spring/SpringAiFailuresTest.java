package dev.understudy.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.openai.core.JsonMissing;
import com.openai.core.http.Headers;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnexpectedStatusCodeException;
import com.openai.models.ErrorObject;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.ai.retry.NonTransientAiException;
import org.springframework.ai.retry.TransientAiException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.UnknownHttpStatusCodeException;
import org.springframework.web.reactive.function.client.WebClientResponseException;

class SpringAiFailuresTest {
    private static final String QUOTA =
            "{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"You exceeded your quota\"}}";

    private final SpringAiFailures classifier = new SpringAiFailures();

    /** With the shape of Amazon's exceptions. */
    public static final class AmazonsException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public AmazonsException(String message) {
            super(message);
        }

        public int statusCode() {
            return 429;
        }
    }

    /** With the shape of Google's exceptions. */
    public static final class GooglesException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public int code() {
            return 503;
        }
    }

    /** With a method of the same name that is no status. */
    public static final class OtherException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public String code() {
            return "E42";
        }
    }

    static Stream<Arguments> known() {
        return Stream.of(
                arguments(new TransientAiException("HTTP 503 - upstream"), FailureKind.SERVER_ERROR, 503),
                arguments(new TransientAiException("HTTP 429 - " + QUOTA), FailureKind.QUOTA, 429),
                arguments(new TransientAiException("429 - "), FailureKind.RATE_LIMITED, 429),
                arguments(new NonTransientAiException("401 - {\"error\":{\"message\":\"no\"}}"), FailureKind.AUTH, 401),
                arguments(
                        new NonTransientAiException("HTTP 400 - {\"error\":{\"code\":\"context_length_exceeded\"}}"),
                        FailureKind.CONTEXT_LENGTH,
                        400),
                arguments(new TransientAiException("something broke"), FailureKind.SERVER_ERROR, 0),
                arguments(new NonTransientAiException("something is wrong"), FailureKind.BAD_REQUEST, 0),
                arguments(
                        new UnknownHttpStatusCodeException(
                                529,
                                "",
                                HttpHeaders.EMPTY,
                                "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}"
                                        .getBytes(StandardCharsets.UTF_8),
                                StandardCharsets.UTF_8),
                        FailureKind.OVERLOADED,
                        529),
                arguments(
                        WebClientResponseException.create(
                                404,
                                "",
                                HttpHeaders.EMPTY,
                                "{\"error\":{\"code\":\"model_not_found\"}}".getBytes(StandardCharsets.UTF_8),
                                StandardCharsets.UTF_8),
                        FailureKind.UNKNOWN_MODEL,
                        404),
                arguments(new AmazonsException("Too many requests"), FailureKind.RATE_LIMITED, 429),
                arguments(new GooglesException(), FailureKind.SERVER_ERROR, 503),
                arguments(
                        new OpenAIIoException("Request failed", new InterruptedIOException("timeout")),
                        FailureKind.TIMEOUT_FIRST_TOKEN,
                        0));
    }

    @ParameterizedTest
    @MethodSource("known")
    void kindAndStatusAreKnown(Throwable thrown, FailureKind kind, int status) {
        Failure failure = classifier.classify(thrown).orElseThrow();

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.status()).isEqualTo(status);
    }

    @Test
    void theHintOfTheProviderIsRead() {
        HttpHeaders headers = new HttpHeaders();
        headers.add("Retry-After", "7");
        Failure failure = classifier
                .classify(HttpClientErrorException.create(
                        HttpStatus.TOO_MANY_REQUESTS, "", headers, new byte[0], StandardCharsets.UTF_8))
                .orElseThrow();

        assertThat(failure.retryAfter()).hasValue(Duration.ofSeconds(7).toNanos());
    }

    @Test
    void errorsOfOpenAiAreReadWithHeadersAndBody() {
        RateLimitException thrown = RateLimitException.builder()
                .headers(Headers.builder().put("retry-after-ms", "1500").build())
                .error(ErrorObject.builder()
                        .code("insufficient_quota")
                        .message("You exceeded your current quota")
                        .type("insufficient_quota")
                        .param(Optional.empty())
                        .build())
                .build();

        Failure failure = classifier.classify(new IllegalStateException(thrown)).orElseThrow();

        assertThat(failure.kind()).isEqualTo(FailureKind.QUOTA);
        assertThat(failure.retryAfter()).hasValue(Duration.ofMillis(1500).toNanos());
        assertThat(failure.message()).contains("exceeded");
    }

    @Test
    @SuppressWarnings("unchecked") // a missing value has no type
    void errorsOfOpenAiWithoutABodyAreReadByTheirStatus() {
        UnexpectedStatusCodeException thrown = UnexpectedStatusCodeException.builder()
                .statusCode(418)
                .headers(Headers.builder().build())
                .error(JsonMissing.of())
                .build();

        assertThat(classifier.classify(thrown).orElseThrow().status()).isEqualTo(418);
    }

    @Test
    void anExceptionWithHeadersSaysMoreThanTheMessageAroundIt() {
        HttpHeaders headers = new HttpHeaders();
        headers.add("retry-after", "3");
        Throwable thrown = new TransientAiException(
                "500 - ",
                HttpClientErrorException.create(
                        HttpStatusCode.valueOf(429), "", headers, new byte[0], StandardCharsets.UTF_8));

        Failure failure = classifier.classify(thrown).orElseThrow();

        assertThat(failure.kind()).isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(failure.retryAfter()).isPresent();
    }

    @Test
    void otherExceptionsAreLeftToTheChain() {
        assertThat(classifier.classify(new OtherException())).isEmpty();
        assertThat(classifier.classify(new IllegalArgumentException("x"))).isEmpty();
        assertThat(classifier.classify(new InterruptedIOException("interrupted")))
                .isEmpty();
    }
}
