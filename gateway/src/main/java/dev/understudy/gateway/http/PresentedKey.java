package dev.understudy.gateway.http;

import dev.understudy.calls.config.Api;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** The key that a request presents to the gateway, wherever the clients of the vendors put it. */
final class PresentedKey {
    /** The headers in which clients of Azure, Anthropic and Google send their keys. */
    private static final List<String> HEADERS = List.of("api-key", "x-api-key", "x-goog-api-key");

    private PresentedKey() {}

    /** The key; empty if there is none. */
    static String of(HttpServerRequest request) {
        String authorization = header(request, "authorization");
        if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return authorization.substring(7).strip();
        }
        for (String name : HEADERS) {
            String key = header(request, name);
            if (!key.isEmpty()) {
                return key;
            }
        }
        // Google's older clients send it as a parameter. It is not forwarded, and no log has parameters.
        String key = Endpoint.apiOf(request) == Api.GEMINI ? request.getParam("key") : null;
        return key == null ? "" : key;
    }

    private static String header(HttpServerRequest request, String name) {
        String value = request.getHeader(name);
        return value == null ? "" : value;
    }
}
