package dev.understudy.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.engine.SharedState;
import dev.understudy.gateway.catalog.Catalog;
import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.metrics.CallMetrics;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.List;

/** The gateway's pages for clients and operators: its models, its targets' health, its metrics. */
public final class AdminPages {
    private final Catalog catalog;
    private final SharedState shared;
    private final HealthPage health;
    private final CallMetrics metrics;

    public AdminPages(Catalog catalog, SharedState shared, CallMetrics metrics) {
        this.catalog = catalog;
        this.shared = shared;
        this.health = new HealthPage(catalog, shared);
        this.metrics = metrics;
    }

    /** {@code GET /v1/models}: the names that callers may use. */
    void models(HttpServerRequest request) {
        GatewayResponses.json(request, 200, JsonPage.text(json -> {
            json.writeStartObject();
            json.writeStringField("object", "list");
            json.writeArrayFieldStart("data");
            for (String name : catalog.models()) {
                writeModel(json, name);
            }
            json.writeEndArray();
            json.writeEndObject();
        }));
    }

    /** {@code GET /v1/models/NAME}. */
    void model(HttpServerRequest request, String name) {
        if (catalog.resolve(name).isEmpty()) {
            GatewayResponses.error(request, 404, "invalid_request_error", "model_not_found", catalog.whyUnknown(name));
        } else {
            GatewayResponses.json(request, 200, JsonPage.text(json -> writeModel(json, name)));
        }
    }

    private void writeModel(JsonGenerator json, String name) throws IOException {
        List<Route> routes = catalog.resolve(name);
        json.writeStartObject();
        json.writeStringField("id", name);
        json.writeStringField("object", "model");
        json.writeNumberField("created", 0);
        json.writeStringField(
                "owned_by",
                routes.isEmpty() ? "understudy" : routes.getFirst().target().provider());
        json.writeEndObject();
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
