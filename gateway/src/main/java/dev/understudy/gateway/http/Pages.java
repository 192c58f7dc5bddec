package dev.understudy.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.HealthBoard;
import dev.understudy.engine.Standing;
import dev.understudy.engine.Target;
import dev.understudy.gateway.catalog.Catalog;
import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.metrics.CallMetrics;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What can be read of the gateway: its models, its targets' health, its metrics. */
public final class Pages {
    private static final JsonFactory JSON = new JsonFactory();

    private final Catalog catalog;
    private final HealthBoard health;
    private final CallMetrics metrics;

    public Pages(Catalog catalog, HealthBoard health, CallMetrics metrics) {
        this.catalog = catalog;
        this.health = health;
        this.metrics = metrics;
    }

    /** {@code GET /v1/models}: the names that callers may use. */
    void models(HttpServerRequest request) {
        Replies.json(request, 200, write(json -> {
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
            Replies.error(request, 404, "invalid_request_error", "model_not_found", catalog.whyUnknown(name));
        } else {
            Replies.json(request, 200, write(json -> writeModel(json, name)));
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

    /** {@code GET /admin/v1/health}: which targets are passed over now, until when and why. */
    void health(HttpServerRequest request) {
        Set<Target> targets = new LinkedHashSet<>();
        for (String name : catalog.models()) {
            catalog.resolve(name).forEach(route -> targets.add(route.target()));
        }
        long now = System.nanoTime();
        Instant today = Instant.now();
        Replies.json(request, 200, write(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("targets");
            for (Target target : targets) {
                writeStanding(json, target, health.standing(target, now), now, today);
            }
            json.writeEndArray();
            json.writeEndObject();
        }));
    }

    private static void writeStanding(JsonGenerator json, Target target, Standing standing, long now, Instant today)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("target", target.name());
        json.writeStringField("state", standing.state().name().toLowerCase(Locale.ROOT));
        if (!standing.isReady()) {
            json.writeStringField(
                    "until", today.plusNanos(standing.until() - now).toString());
        }
        if (standing.because().isPresent()) {
            FailureKind because = standing.because().get();
            json.writeStringField("reason", because.wireName());
        }
        json.writeEndObject();
    }

    /** {@code GET /metrics}, in Prometheus' text format. */
    void metrics(HttpServerRequest request) {
        Replies.text(request, 200, metrics.scrape());
    }

    private interface Writing {
        void to(JsonGenerator json) throws IOException;
    }

    private static String write(Writing writing) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            writing.to(json);
        } catch (IOException impossible) {
            throw new IllegalStateException("a string cannot fail to be written to", impossible);
        }
        return text.toString();
    }
}
