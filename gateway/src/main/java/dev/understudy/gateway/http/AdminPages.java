package dev.understudy.gateway.http;

import dev.understudy.engine.SharedState;
import dev.understudy.gateway.catalog.Catalog;
import dev.understudy.gateway.metrics.CallMetrics;
import io.vertx.core.http.HttpServerRequest;

/** The gateway's pages for operators: its targets' health, its metrics. */
public final class AdminPages {
    private final SharedState shared;
    private final HealthPage health;
    private final CallMetrics metrics;

    public AdminPages(Catalog catalog, SharedState shared, CallMetrics metrics) {
        this.shared = shared;
        this.health = new HealthPage(catalog, shared);
        this.metrics = metrics;
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
