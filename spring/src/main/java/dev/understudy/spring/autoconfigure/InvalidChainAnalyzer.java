package dev.understudy.spring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows an {@link InvalidChainException} as a description and an action, without a stack trace. */
final class InvalidChainAnalyzer extends AbstractFailureAnalyzer<InvalidChainException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidChainException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.remedy(), cause);
    }
}
