package dev.understudy.spring;

import dev.understudy.client.chain.FailureClassifier;
import dev.understudy.client.chain.TargetFailures;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.util.ClassUtils;

/**
 * Classifies what chat models throw: the exceptions of Spring's HTTP clients, of Spring AI, and of the vendors' SDKs.
 *
 * <p>An exception with status, headers and body says most, so one is looked for among all causes first. Spring AI's own
 * exceptions have status and body in their messages. What is not known here is left to the classifier of the chain.
 */
final class SpringAiFailures implements FailureClassifier {
    private static final int DEEPEST_CAUSE = 20;

    /** What the response error handlers of Spring AI write: {@code HTTP 429 - {"error":…}}, or without {@code HTTP}. */
    private static final Pattern STATUS_AND_BODY =
            Pattern.compile("(?:HTTP )?([1-5]\\d\\d)(?: - |: )(.*)", Pattern.DOTALL);

    private static final List<FailureClassifier> WITH_RESPONSE = withResponse();
    private static final boolean HAS_SPRING_AI_RETRY = isPresent("org.springframework.ai.retry.TransientAiException");

    private static List<FailureClassifier> withResponse() {
        List<FailureClassifier> all = new ArrayList<>();
        if (isPresent("org.springframework.web.client.RestClientResponseException")) {
            all.add(RestClientFailures::classify);
        }
        if (isPresent("org.springframework.web.reactive.function.client.WebClientResponseException")) {
            all.add(WebClientFailures::classify);
        }
        all.add(SdkFailures::classify);
        return List.copyOf(all);
    }

    private static boolean isPresent(String name) {
        return ClassUtils.isPresent(name, SpringAiFailures.class.getClassLoader());
    }

    @Override
    public Optional<Failure> classify(Throwable thrown) {
        List<Throwable> causes = causes(thrown);
        for (Throwable each : causes) {
            for (FailureClassifier classifier : WITH_RESPONSE) {
                Optional<Failure> failure = classifier.classify(each);
                if (failure.isPresent()) {
                    return failure;
                }
            }
        }
        return causes.stream()
                .map(SpringAiFailures::known)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Failure> known(Throwable thrown) {
        if (thrown.getClass() == InterruptedIOException.class && "timeout".equals(thrown.getMessage())) {
            // OkHttp's limit for a whole call; nothing was interrupted.
            return Optional.of(Failure.of(FailureKind.TIMEOUT_FIRST_TOKEN, "the client's limit for a call has passed"));
        }
        return HAS_SPRING_AI_RETRY ? RetryFailures.classify(thrown) : Optional.empty();
    }

    /** Reads status and body from a message; empty if it has another form. */
    static Optional<Failure> ofMessage(String message) {
        Matcher matcher = STATUS_AND_BODY.matcher(message);
        return matcher.matches()
                ? Optional.of(TargetFailures.ofHttp(Integer.parseInt(matcher.group(1)), Map.of(), matcher.group(2)))
                : Optional.empty();
    }

    private static List<Throwable> causes(Throwable thrown) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable each = thrown; each != null && causes.size() < DEEPEST_CAUSE; each = each.getCause()) {
            causes.add(each);
        }
        return causes;
    }
}
