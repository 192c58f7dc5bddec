package dev.understudy.spring;

import dev.understudy.client.chain.TargetFailures;
import dev.understudy.engine.Failure;
import java.util.Optional;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/** A class of its own, because {@code spring-webflux} is optional. */
final class WebClientFailures {
    private WebClientFailures() {}

    static Optional<Failure> classify(Throwable thrown) {
        return thrown instanceof WebClientResponseException response
                ? Optional.of(TargetFailures.ofHttp(
                        response.getStatusCode().value(),
                        RestClientFailures.map(response.getHeaders()),
                        response.getResponseBodyAsString()))
                : Optional.empty();
    }
}
