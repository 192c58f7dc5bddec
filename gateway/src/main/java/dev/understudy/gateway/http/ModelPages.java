package dev.understudy.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.plan.TargetPermissions;
import dev.understudy.gateway.upstream.ModelLists;
import dev.understudy.gateway.upstream.ProviderRequests;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.Members;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The lists of models, in the shape of the caller's dialect: OpenAI's, Anthropic's for clients that send {@code
 * anthropic-version}, Google's below {@code /v1beta}.
 *
 * <p>They name the models of the configuration. If it has none, they name what the providers list: a model that is found
 * without its provider is listed without it, as unmodified clients expect it.
 */
public final class ModelPages {
    private final Vertx vertx;
    private final Catalog catalog;
    private final ModelLists lists;
    private final ProviderRequests requests;

    /**
     * @param lists shared by all event loops
     * @param requests the event loop's own
     */
    public ModelPages(Vertx vertx, Catalog catalog, ModelLists lists, ProviderRequests requests) {
        this.vertx = vertx;
        this.catalog = catalog;
        this.lists = lists;
        this.requests = requests;
    }

    /** {@code GET /v1/models}, {@code GET /v1beta/models}. */
    void all(HttpServerRequest request, TargetPermissions permissions) {
        names(permissions)
                .onSuccess(names -> GatewayResponses.json(request, 200, list(Endpoint.apiOf(request), names)));
    }

    /** {@code GET /api/tags}, Ollama's list of models. */
    void tags(HttpServerRequest request, TargetPermissions permissions) {
        names(permissions)
                .onSuccess(names -> GatewayResponses.json(request, 200, JsonPage.text(json -> {
                    json.writeStartObject();
                    json.writeArrayFieldStart("models");
                    for (String name : names) {
                        json.writeStartObject();
                        json.writeStringField("name", name);
                        json.writeStringField("model", name);
                        json.writeStringField("modified_at", "1970-01-01T00:00:00Z");
                        json.writeNumberField("size", 0);
                        json.writeStringField("digest", "");
                        writeDetails(json, catalog.resolve(name));
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                })));
    }

    /** What Ollama knows of a model's file. The names of the provider are in place of the model's architecture. */
    private static void writeDetails(JsonGenerator json, List<Route> routes) throws IOException {
        json.writeObjectFieldStart("details");
        json.writeStringField("parent_model", "");
        json.writeStringField("format", "");
        json.writeStringField("family", family(routes));
        json.writeArrayFieldStart("families");
        json.writeString(family(routes));
        json.writeEndArray();
        json.writeStringField("parameter_size", "");
        json.writeStringField("quantization_level", "");
        json.writeEndObject();
    }

    private static String family(List<Route> routes) {
        return routes.isEmpty() ? "understudy" : routes.getFirst().target().provider();
    }

    /** {@code GET /api/ps}: no model is loaded here. */
    void running(HttpServerRequest request) {
        GatewayResponses.json(request, 200, "{\"models\":[]}");
    }

    /**
     * {@code POST /api/show}, from which Ollama's clients take a model's capabilities and the length of its context.
     *
     * @see <a href="https://github.com/ollama/ollama/blob/main/docs/api.md#show-model-information">Ollama API: show</a>
     */
    void show(HttpServerRequest request, TargetPermissions permissions, byte[] body) {
        String name;
        try {
            Members members = Members.scan(body, BodyLimits.ofSize(body.length));
            Optional<String> model = members.text("model");
            name = model.isPresent() ? model.get() : members.text("name").orElse("");
        } catch (BadRequest bad) {
            GatewayResponses.error(request, bad.status(), bad.details());
            return;
        }
        if (name.isBlank()) {
            GatewayResponses.error(
                    request, 400, "invalid_request_error", "missing_required_parameter", "model is required");
            return;
        }
        // Ollama's clients add the usual tag to a name without one.
        List<Route> exact = catalog.resolve(name);
        List<Route> routes = exact.isEmpty() ? catalog.resolve(name.replaceFirst(":latest$", "")) : exact;
        if (!routes.isEmpty()
                && !permissions.list(exact.isEmpty() ? name.replaceFirst(":latest$", "") : name, catalog)) {
            refuse(request, name);
            return;
        }
        if (routes.isEmpty()) {
            GatewayResponses.error(request, 404, "invalid_request_error", "model_not_found", catalog.whyUnknown(name));
            return;
        }
        GatewayResponses.json(request, 200, JsonPage.text(json -> writeShown(json, name, routes)));
    }

    private static void writeShown(JsonGenerator json, String name, List<Route> routes) throws IOException {
        ModelCapabilities capabilities = routes.getFirst().capabilities();
        json.writeStartObject();
        json.writeStringField("license", "");
        json.writeStringField("modelfile", "");
        json.writeStringField("parameters", "");
        json.writeStringField("template", "");
        writeDetails(json, routes);
        json.writeObjectFieldStart("model_info");
        json.writeStringField("general.architecture", family(routes));
        json.writeStringField("general.basename", name);
        if (capabilities.contextWindow().isPresent()) {
            json.writeNumberField(
                    family(routes) + ".context_length",
                    capabilities.contextWindow().getAsInt());
        }
        json.writeEndObject();
        json.writeArrayFieldStart("capabilities");
        for (String capability : capabilities(routes.getFirst().target().model(), capabilities)) {
            json.writeString(capability);
        }
        json.writeEndArray();
        json.writeStringField("modified_at", "1970-01-01T00:00:00Z");
        json.writeEndObject();
    }

    /** Clients leave out what is not listed here, so tools are listed unless the model is known to have none. */
    private static List<String> capabilities(String model, ModelCapabilities capabilities) {
        if (model.contains("embed")) {
            return List.of("embedding");
        }
        List<String> known = new ArrayList<>(List.of("completion"));
        if (capabilities.tools() != ModelCapabilities.Can.NO) {
            known.add("tools");
        }
        if (capabilities.images() == ModelCapabilities.Can.YES) {
            known.add("vision");
        }
        boolean controlled = capabilities.reasoningControl() != ModelCapabilities.ReasoningControl.NONE
                && capabilities.reasoningControl() != ModelCapabilities.ReasoningControl.UNKNOWN;
        if (controlled || capabilities.reasons() == ModelCapabilities.Can.YES) {
            known.add("thinking");
        }
        return known;
    }

    /** {@code GET /api/version}: a version of Ollama whose API this is. */
    void version(HttpServerRequest request) {
        GatewayResponses.json(request, 200, "{\"version\":\"0.9.0\"}");
    }

    /** Those that the caller's key may use. */
    private Future<List<String>> names(TargetPermissions permissions) {
        return permissions.permitEverything()
                ? names()
                : names().map(all -> all.stream()
                        .filter(name -> permissions.list(name, catalog))
                        .toList());
    }

    private Future<List<String>> names() {
        List<String> configured = catalog.models();
        if (!configured.isEmpty()) {
            return Future.succeededFuture(configured);
        }
        return lists.names(vertx, requests).map(byProvider -> {
            Set<String> names = new LinkedHashSet<>();
            byProvider.forEach((provider, models) -> models.forEach(model -> names.add(callable(provider, model))));
            return List.copyOf(names);
        });
    }

    /** The shortest name by which a call reaches a model. */
    private String callable(String provider, String model) {
        List<Route> bare = catalog.resolve(model);
        boolean reaches = !bare.isEmpty()
                && bare.getFirst().target().provider().equals(provider)
                && bare.getFirst().target().model().equals(model);
        return reaches ? model : provider + "/" + model;
    }

    private static void refuse(HttpServerRequest request, String name) {
        GatewayResponses.error(
                request,
                404,
                "invalid_request_error",
                "model_not_found",
                "this key may use no model '" + BadRequest.shown(name)
                        + "'; GET /v1/models lists those that it may use");
    }

    /** {@code GET /v1/models/NAME}, {@code GET /v1beta/models/NAME}. */
    void one(HttpServerRequest request, TargetPermissions permissions, String name) {
        if (!permissions.list(name, catalog)) {
            refuse(request, name);
            return;
        }
        if (catalog.resolve(name).isEmpty()) {
            GatewayResponses.error(request, 404, "invalid_request_error", "model_not_found", catalog.whyUnknown(name));
            return;
        }
        Api api = Endpoint.apiOf(request);
        GatewayResponses.json(request, 200, JsonPage.text(json -> write(json, api, name)));
    }

    private String list(Api api, List<String> names) {
        return JsonPage.text(json -> {
            json.writeStartObject();
            switch (api) {
                case MESSAGES -> {
                    writeAll(json, "data", api, names);
                    json.writeBooleanField("has_more", false);
                    writeId(json, "first_id", names.isEmpty() ? "" : names.getFirst());
                    writeId(json, "last_id", names.isEmpty() ? "" : names.getLast());
                }
                case GEMINI -> writeAll(json, "models", api, names);
                default -> {
                    json.writeStringField("object", "list");
                    writeAll(json, "data", api, names);
                }
            }
            json.writeEndObject();
        });
    }

    private void writeAll(JsonGenerator json, String field, Api api, List<String> names) throws IOException {
        json.writeArrayFieldStart(field);
        for (String name : names) {
            write(json, api, name);
        }
        json.writeEndArray();
    }

    private static void writeId(JsonGenerator json, String field, String id) throws IOException {
        if (id.isEmpty()) {
            json.writeNullField(field);
        } else {
            json.writeStringField(field, id);
        }
    }

    private void write(JsonGenerator json, Api api, String name) throws IOException {
        List<Route> routes = catalog.resolve(name);
        json.writeStartObject();
        switch (api) {
            case MESSAGES -> {
                json.writeStringField("type", "model");
                json.writeStringField("id", name);
                json.writeStringField("display_name", name);
                json.writeStringField("created_at", "1970-01-01T00:00:00Z");
                // Anthropic's SDKs require it, and what is configured can be called.
                json.writeStringField("lifecycle", "active");
            }
            case GEMINI -> {
                json.writeStringField("name", "models/" + name);
                json.writeStringField("version", "");
                json.writeStringField("displayName", name);
                if (!routes.isEmpty()) {
                    writeLimits(json, routes.getFirst().capabilities());
                }
                json.writeArrayFieldStart("supportedGenerationMethods");
                json.writeString(name.contains("embedding") ? "embedContent" : "generateContent");
                json.writeString("countTokens");
                json.writeEndArray();
            }
            default -> {
                json.writeStringField("id", name);
                json.writeStringField("object", "model");
                json.writeNumberField("created", 0);
                json.writeStringField(
                        "owned_by",
                        routes.isEmpty()
                                ? "understudy"
                                : routes.getFirst().target().provider());
            }
        }
        json.writeEndObject();
    }

    private static void writeLimits(JsonGenerator json, ModelCapabilities capabilities) throws IOException {
        if (capabilities.contextWindow().isPresent()) {
            json.writeNumberField(
                    "inputTokenLimit", capabilities.contextWindow().getAsInt());
        }
        if (capabilities.maxOutput().isPresent()) {
            json.writeNumberField("outputTokenLimit", capabilities.maxOutput().getAsInt());
        }
    }
}
