package dev.understudy.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What is served at a path.
 *
 * @param method the only method; HEAD goes with GET
 * @param handler answers the requests
 */
record HttpRoute(HttpMethod method, Handler<HttpServerRequest> handler) {

    /** The paths at which supervisors look whether the gateway is alive and ready. */
    static Map<String, HttpRoute> probes(Supplier<Readiness> readiness) {
        return Map.of(
                "/healthz", new HttpRoute(HttpMethod.GET, request -> GatewayResponses.text(request, 200, "ok\n")),
                "/readyz",
                        new HttpRoute(HttpMethod.GET, request -> {
                            Readiness now = readiness.get();
                            GatewayResponses.text(request, now.status(), now.text());
                        }));
    }

    /** Answers a request, or refuses its method. */
    void answer(HttpServerRequest request) {
        if (method.equals(asGet(request.method()))) {
            handler.handle(request);
        } else {
            GatewayResponses.refuseMethod(request, method);
        }
    }

    /** A response to HEAD is that to GET without its body, which the server leaves out by itself. */
    static HttpMethod asGet(HttpMethod method) {
        return method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method;
    }
}
