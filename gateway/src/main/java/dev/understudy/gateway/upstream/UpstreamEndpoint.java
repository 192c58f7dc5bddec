package dev.understudy.gateway.upstream;

import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.config.Api;
import dev.understudy.gateway.config.Credential;
import dev.understudy.gateway.config.ProviderDialect;
import dev.understudy.gateway.config.ProviderSettings;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The address and the upstream headers of a route's requests: made once per route, used for every request. */
final class UpstreamEndpoint {
    private static final CharSequence X_API_KEY = HttpHeaders.createOptimized("x-api-key");
    private static final CharSequence X_GOOG_API_KEY = HttpHeaders.createOptimized("x-goog-api-key");
    private static final CharSequence ANTHROPIC_VERSION = HttpHeaders.createOptimized("anthropic-version");
    /** The only one that there has been since 2023. */
    private static final CharSequence LATEST_ANTHROPIC_VERSION = HttpHeaders.createOptimized("2023-06-01");

    private static final CharSequence USER_AGENT = HttpHeaders.createOptimized("understudy");

    private final RequestOptions options;
    /** All names are {@code AsciiString}s, which are equal if their characters are. */
    @SuppressWarnings("UndefinedEquals")
    private final Map<CharSequence, CharSequence> headers = new LinkedHashMap<>();

    /** The names that the operator configured, in lower case. */
    private final Set<String> configured;

    private final Optional<Authorizer> authorizer;

    private UpstreamEndpoint(URI address, ProviderSettings provider, Optional<Authorizer> authorizer) {
        this.authorizer = authorizer;
        this.configured = provider.headers().keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        boolean tls = "https".equals(address.getScheme());
        String query = address.getRawQuery();
        this.options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(address.getHost())
                .setPort(address.getPort() > 0 ? address.getPort() : tls ? 443 : 80)
                .setSsl(tls)
                .setURI(address.getRawPath() + (query == null ? "" : "?" + query));
        headers.put(HttpHeaders.USER_AGENT, USER_AGENT);
        provider.apiKey().ifPresent(key -> authorize(provider, key));
        provider.headers()
                .forEach((name, value) ->
                        headers.put(HttpHeaders.createOptimized(name), HttpHeaders.createOptimized(value)));
    }

    /**
     * The endpoint of one kind of request.
     *
     * @param contentType of the request's body
     * @param authorizer for providers that need more than a constant key
     */
    static UpstreamEndpoint of(
            Route route, Api api, boolean stream, CharSequence contentType, Optional<Authorizer> authorizer) {
        ProviderSettings provider = route.provider();
        UpstreamEndpoint made =
                new UpstreamEndpoint(provider.address(api, route.target().model(), stream), provider, authorizer);
        made.headers.put(HttpHeaders.CONTENT_TYPE, contentType);
        made.putAnthropicVersion(provider);
        return made;
    }

    /** The endpoint of a request that is not a call, at an address of a provider with a constant key. */
    static UpstreamEndpoint of(ProviderSettings provider, URI address) {
        UpstreamEndpoint made = new UpstreamEndpoint(address, provider, Optional.empty());
        made.putAnthropicVersion(provider);
        return made;
    }

    private void putAnthropicVersion(ProviderSettings provider) {
        if (provider.dialect() == ProviderDialect.ANTHROPIC) {
            headers.putIfAbsent(ANTHROPIC_VERSION, LATEST_ANTHROPIC_VERSION);
        }
    }

    private void authorize(ProviderSettings provider, Credential key) {
        switch (provider.authStyle()) {
            case BEARER ->
                headers.put(HttpHeaders.AUTHORIZATION, HttpHeaders.createOptimized("Bearer " + key.reveal()));
            case HEADER ->
                headers.put(HttpHeaders.createOptimized("api-key"), HttpHeaders.createOptimized(key.reveal()));
            case X_API_KEY -> headers.put(X_API_KEY, HttpHeaders.createOptimized(key.reveal()));
            case GOOGLE -> headers.put(X_GOOG_API_KEY, HttpHeaders.createOptimized(key.reveal()));
            case AWS, GOOGLE_ACCOUNT, NONE -> {}
        }
    }

    Optional<Authorizer> authorizer() {
        return authorizer;
    }

    /** Method, address and path. The client only reads them, so one instance serves every request. */
    RequestOptions options() {
        return options;
    }

    /** The same with parameters of one request. */
    RequestOptions options(String query) {
        if (query.isEmpty()) {
            return options;
        }
        String uri = options.getURI();
        return new RequestOptions(options).setURI(uri + (uri.indexOf('?') < 0 ? "?" : "&") + query);
    }

    /** Those of a caller's headers that the operator has not set for the provider: an organization belongs to a key. */
    Map<String, String> permitted(Map<String, String> callers) {
        if (configured.isEmpty() || callers.isEmpty()) {
            return callers;
        }
        Map<String, String> permitted = new LinkedHashMap<>(callers);
        permitted.keySet().removeIf(name -> configured.contains(name.toLowerCase(Locale.ROOT)));
        return permitted;
    }

    /** Sets the headers that are the same for every request. */
    void putHeaders(HttpClientRequest request) {
        MultiMap to = request.headers();
        headers.forEach(to::set);
    }
}
