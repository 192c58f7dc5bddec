package dev.understudy.gateway.http;

import dev.understudy.calls.config.ServerSettings;
import dev.understudy.engine.ErrorDetails;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The routes of {@code server.admin.port}: the operator's pages and the probes, and no calls. */
public final class AdminRouter implements Handler<HttpServerRequest> {
    private final ServerSettings settings;
    private final BrowserAccess browsers;
    private final Map<String, HttpRoute> routes;

    /** @param readiness what {@code /readyz} reports */
    public AdminRouter(ServerSettings settings, AdminPages pages, Supplier<Readiness> readiness) {
        this.settings = settings;
        this.browsers = new BrowserAccess(settings, settings.adminHost());
        Map<String, HttpRoute> all = new HashMap<>(pages.routes());
        all.putAll(HttpRoute.probes(readiness));
        this.routes = Map.copyOf(all);
    }

    @Override
    public void handle(HttpServerRequest request) {
        String path = request.path();
        Optional<HttpRoute> route = Optional.ofNullable(path == null ? null : routes.get(path));
        Optional<ErrorDetails> foreign = browsers.refusal(request, settings.adminIsOpen());
        if (foreign.isPresent()) {
            GatewayResponses.error(request, 403, foreign.get());
        } else if (BrowserAccess.isPreflight(request)) {
            BrowserAccess.answerPreflight(request);
        } else if (route.isEmpty()) {
            GatewayResponses.error(
                    request,
                    404,
                    "invalid_request_error",
                    "not_found",
                    "unknown path; this port serves "
                            + String.join(
                                    ", ", routes.keySet().stream().sorted().toList())
                            + "; calls go to the gateway's port (server.port)");
        } else {
            route.get().answer(request);
        }
    }
}
