package dev.understudy.spring;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import java.util.Optional;
import org.springframework.ai.retry.NonTransientAiException;
import org.springframework.ai.retry.TransientAiException;

/** A class of its own, because {@code spring-ai-retry} is optional. */
final class RetryFailures {
    private RetryFailures() {}

    static Optional<Failure> classify(Throwable thrown) {
        return switch (thrown) {
            case TransientAiException passing -> Optional.of(of(passing, FailureKind.SERVER_ERROR));
            case NonTransientAiException lasting -> Optional.of(of(lasting, FailureKind.BAD_REQUEST));
            default -> Optional.empty();
        };
    }

    private static Failure of(RuntimeException thrown, FailureKind otherwise) {
        String message = Optional.ofNullable(thrown.getMessage())
                .orElse(thrown.getClass().getSimpleName());
        return SpringAiFailures.ofMessage(message).orElseGet(() -> Failure.of(otherwise, message));
    }
}
