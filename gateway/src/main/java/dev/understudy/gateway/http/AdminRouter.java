package dev.understudy.gateway.http;

import dev.understudy.calls.config.ServerSettings;
import dev.understudy.engine.ErrorDetails;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The routes of {@code server.admin.port}: the operator's pages and the probes, and no calls. */
public final class AdminRouter implements Handler<HttpServerRequest> {
    private final BrowserAccess browsers;
    private final AdminPages pages;
    private final Map<String, HttpRoute> probes;

    /** @param readiness what {@code /readyz} reports */
    public AdminRouter(ServerSettings settings, AdminPages pages, Supplier<Readiness> readiness) {
        this.browsers = new BrowserAccess(settings, settings.adminHost());
        this.pages = pages;
        this.probes = HttpRoute.probes(readiness);
    }

    @Override
    public void handle(HttpServerRequest request) {
        Optional<Handler<HttpServerRequest>> page =
                Optional.ofNullable(request.path()).flatMap(this::at);
        Optional<ErrorDetails> foreign = browsers.refusal(request, pages.areOpen());
        if (foreign.isPresent()) {
            GatewayResponses.error(request, 403, foreign.get());
        } else if (BrowserAccess.isPreflight(request)) {
            BrowserAccess.answerPreflight(request);
        } else if (page.isEmpty()) {
            GatewayResponses.error(
                    request,
                    404,
                    "invalid_request_error",
                    "not_found",
                    "unknown path; this port serves /console/, /admin/v1/openapi.json, "
                            + Stream.concat(pages.paths().stream(), probes.keySet().stream())
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + "; calls go to the gateway's port (server.port)");
        } else {
            page.get().handle(request);
        }
    }

    private Optional<Handler<HttpServerRequest>> at(String path) {
        HttpRoute probe = probes.get(path);
        return probe == null ? pages.at(path) : Optional.of(probe::answer);
    }
}
