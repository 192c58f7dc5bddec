package dev.understudy.gateway.call;

import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.config.Credential;
import dev.understudy.gateway.config.ProviderSettings;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where the requests of a route go, and the headers that they carry: made once per route, used for every request. */
final class Destination {
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence USER_AGENT = HttpHeaders.createOptimized("understudy");

    private final RequestOptions options;
    private final Map<CharSequence, CharSequence> headers = new LinkedHashMap<>();

    private Destination(URI address, ProviderSettings provider) {
        boolean tls = "https".equals(address.getScheme());
        String query = address.getRawQuery();
        this.options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(address.getHost())
                .setPort(address.getPort() > 0 ? address.getPort() : tls ? 443 : 80)
                .setSsl(tls)
                .setURI(address.getRawPath() + (query == null ? "" : "?" + query));
        headers.put(HttpHeaders.CONTENT_TYPE, JSON);
        headers.put(HttpHeaders.USER_AGENT, USER_AGENT);
        provider.apiKey().ifPresent(key -> authorize(provider, key));
        provider.headers()
                .forEach((name, value) ->
                        headers.put(HttpHeaders.createOptimized(name), HttpHeaders.createOptimized(value)));
    }

    static Destination of(Route route) {
        ProviderSettings provider = route.provider();
        return new Destination(provider.chatCompletions(route.target().model()), provider);
    }

    private void authorize(ProviderSettings provider, Credential key) {
        switch (provider.authStyle()) {
            case BEARER ->
                headers.put(HttpHeaders.AUTHORIZATION, HttpHeaders.createOptimized("Bearer " + key.reveal()));
            case HEADER ->
                headers.put(HttpHeaders.createOptimized("api-key"), HttpHeaders.createOptimized(key.reveal()));
            case NONE -> {}
        }
    }

    /** Read by the client and never changed, so that one serves every request. */
    RequestOptions options() {
        return options;
    }

    void putHeaders(HttpClientRequest request) {
        MultiMap to = request.headers();
        headers.forEach(to::set);
    }
}
