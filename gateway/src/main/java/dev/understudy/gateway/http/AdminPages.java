package dev.understudy.gateway.http;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.config.ServerSettings;
import dev.understudy.engine.SharedState;
import dev.understudy.gateway.metrics.CallMetrics;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;

/** The gateway's pages for operators: its targets' health, its metrics. */
public final class AdminPages {
    private final ServerSettings settings;
    private final SharedState shared;
    private final HealthPage health;
    private final CallMetrics metrics;

    /** @param settings of the server, with the key that the pages require */
    public AdminPages(ServerSettings settings, Catalog catalog, SharedState shared, CallMetrics metrics) {
        this.settings = settings;
        this.shared = shared;
        this.health = new HealthPage(catalog, shared);
        this.metrics = metrics;
    }

    /** The pages by path, each behind the admin key. */
    Map<String, HttpRoute> routes() {
        return Map.of(
                "/metrics", new HttpRoute(HttpMethod.GET, asAdmin(this::metrics)),
                "/admin/v1/health", new HttpRoute(HttpMethod.GET, asAdmin(this::health)),
                "/admin/v1/health/reset", new HttpRoute(HttpMethod.POST, asAdmin(this::resetHealth)));
    }

    private Handler<HttpServerRequest> asAdmin(Handler<HttpServerRequest> page) {
        return request -> {
            String presented = PresentedKey.of(request);
            if (settings.adminIsOpen()
                    || settings.admin()
                            .key()
                            .filter(key -> key.matches(presented))
                            .isPresent()) {
                page.handle(request);
            } else {
                refuse(request);
            }
        };
    }

    private void refuse(HttpServerRequest request) {
        GatewayResponses.error(
                request,
                401,
                "authentication_error",
                "invalid_admin_key",
                settings.admin().key().isPresent()
                        ? "this page needs the admin key (server.admin.key) as a bearer token"
                        : "this page is closed, because callers need keys and no admin key is configured; set server.admin.key"
                                + " (or UNDERSTUDY_ADMIN_KEY), or open the page on purpose with server.admin.open: true");
    }

    /** {@code GET /admin/v1/health}: every target's state, its cause and the outcomes of its last attempts. */
    void health(HttpServerRequest request) {
        GatewayResponses.json(request, 200, health.json());
    }

    /**
     * {@code POST /admin/v1/health/reset}: closes the circuits of all targets, or with {@code ?target=provider/model} those
     * of one.
     */
    void resetHealth(HttpServerRequest request) {
        String target = request.getParam("target");
        if (target == null) {
            shared.health().reset();
            GatewayResponses.json(request, 200, JsonPage.text(json -> {
                json.writeStartObject();
                json.writeStringField("reset", "all");
                json.writeEndObject();
            }));
        } else if (shared.health().reset(target)) {
            GatewayResponses.json(request, 200, JsonPage.text(json -> {
                json.writeStartObject();
                json.writeStringField("reset", target);
                json.writeEndObject();
            }));
        } else {
            GatewayResponses.error(
                    request,
                    404,
                    "invalid_request_error",
                    "unknown_target",
                    "unknown target '" + target + "'; GET /admin/v1/health lists those that were tried");
        }
    }

    /** {@code GET /metrics}, in Prometheus' text format. */
    void metrics(HttpServerRequest request) {
        GatewayResponses.text(request, 200, metrics.scrape());
    }
}
