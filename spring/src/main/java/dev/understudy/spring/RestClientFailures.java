package dev.understudy.spring;

import dev.understudy.client.chain.TargetFailures;
import dev.understudy.engine.Failure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.web.client.RestClientResponseException;

/** A class of its own, because {@code spring-web} is optional. */
final class RestClientFailures {
    private RestClientFailures() {}

    static Optional<Failure> classify(Throwable thrown) {
        if (!(thrown instanceof RestClientResponseException response)) {
            return Optional.empty();
        }
        HttpHeaders headers = response.getResponseHeaders();
        return Optional.of(TargetFailures.ofHttp(
                response.getStatusCode().value(),
                headers == null ? Map.of() : map(headers),
                response.getResponseBodyAsString()));
    }

    static Map<String, List<String>> map(HttpHeaders headers) {
        Map<String, List<String>> map = new HashMap<>();
        headers.forEach(map::put);
        return map;
    }
}
