package dev.understudy.langchain4j;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.JsonException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.client.chain.TargetFailures;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** LangChain4j's exceptions: what they mean to a chain, and which of them the caller of a chain gets. */
final class LangChain4jFailures {
    private static final int DEEPEST_CAUSE = 20;

    private LangChain4jFailures() {}

    /**
     * What an exception means. Where an HTTP response is behind it, its status and body say more than the exception's type; its
     * headers are not known to LangChain4j.
     */
    static Optional<Failure> classify(Throwable thrown) {
        Optional<HttpException> http = first(thrown, HttpException.class);
        if (http.isPresent()) {
            Failure failure = TargetFailures.ofHttp(http.get().statusCode(), Map.of(), message(http.get()));
            boolean filtered = first(thrown, ContentFilteredException.class).isPresent();
            return Optional.of(
                    filtered && failure.kind() == FailureKind.BAD_REQUEST
                            ? new Failure(
                                    FailureKind.CONTENT_POLICY,
                                    failure.status(),
                                    failure.details(),
                                    failure.retryAfter())
                            : failure);
        }
        // What the network did is known better by the exceptions of the JDK.
        return first(thrown, IOException.class).isPresent()
                ? Optional.empty()
                : first(thrown, LangChain4jException.class).flatMap(LangChain4jFailures::byType);
    }

    private static Optional<Failure> byType(LangChain4jException thrown) {
        Optional<FailureKind> kind = Optional.ofNullable(
                switch (thrown) {
                    case RateLimitException limited -> FailureKind.RATE_LIMITED;
                    case AuthenticationException refused -> FailureKind.AUTH;
                    case InternalServerException failed -> FailureKind.SERVER_ERROR;
                    case TimeoutException late -> FailureKind.TIMEOUT_FIRST_TOKEN;
                    case ContentFilteredException filtered -> FailureKind.CONTENT_POLICY;
                    case ModelNotFoundException unknown -> FailureKind.UNKNOWN_MODEL;
                    case UnresolvedModelServerException unreachable -> FailureKind.CONNECTION;
                    case UnsupportedFeatureException lacking -> FailureKind.UNSUPPORTED;
                    case InvalidRequestException wrong -> FailureKind.BAD_REQUEST;
                    case NonRetriableException wrong -> FailureKind.BAD_REQUEST;
                    case JsonException garbled -> FailureKind.MALFORMED;
                    default -> null;
                });
        return kind.map(known -> Failure.of(known, message(thrown)));
    }

    private static <X extends Throwable> Optional<X> first(Throwable thrown, Class<X> type) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .limit(DEEPEST_CAUSE)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    private static String message(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? thrown.getClass().getSimpleName() : message;
    }

    /**
     * The exception for the caller of a chain: the one of the model whose failure counts, as without a chain, with the {@link
     * FallbackException} as a suppressed exception; or LangChain4j's own for what happened, caused by it.
     */
    static RuntimeException forCaller(FallbackException failed) {
        if (!failed.isTruncated() && failed.getCause() instanceof RuntimeException original) {
            original.addSuppressed(failed.withoutCauses());
            return original;
        }
        String message = message(failed);
        return switch (failed.kind()) {
            case RATE_LIMITED, QUOTA, OVERLOADED -> new RateLimitException(message, failed);
            case AUTH, FORBIDDEN -> new AuthenticationException(message, failed);
            case TIMEOUT_CONNECT, TIMEOUT_FIRST_TOKEN, TIMEOUT_IDLE, DEADLINE -> new TimeoutException(message, failed);
            case UNKNOWN_MODEL -> new ModelNotFoundException(message, failed);
            case CONTENT_POLICY -> new ContentFilteredException(message, failed);
            case UNSUPPORTED -> new UnsupportedFeatureException(message + ": " + failed.trail());
            case BAD_REQUEST, CONTEXT_LENGTH, CONTINUATION_REFUSED -> new InvalidRequestException(message, failed);
            case CANCELLED -> new LangChain4jException(message, failed);
            case CONNECTION, SERVER_ERROR, NOT_READY, MALFORMED, EMPTY, TRUNCATED, INVALID_OUTPUT, GATEWAY_BUSY ->
                new InternalServerException(message, failed);
        };
    }
}
