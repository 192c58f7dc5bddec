package dev.understudy.gateway.http;

import dev.understudy.calls.config.Api;
import dev.understudy.calls.inbound.InboundRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The endpoint of a call: its API, and for some APIs also the model and whether the answer is streamed.
 *
 * @param api the API that is called
 * @param model if the address names it
 * @param stream whether the path requests a stream
 * @param form how the path has the API's requests and answers
 */
record Endpoint(Api api, Optional<String> model, boolean stream, InboundRequest.Form form) {
    /** An endpoint of the API's own vendor. */
    Endpoint(Api api, Optional<String> model, boolean stream) {
        this(api, model, stream, InboundRequest.Form.USUAL);
    }

    /** Clients append their paths to the base URL that is configured in them. */
    private static final List<String> PREFIXES = List.of("/v1/", "/", "/api/", "/api/v1/", "/openai/v1/");

    private static final String OLLAMA_CHAT = "/api/chat";
    private static final String OLLAMA_GENERATE = "/api/generate";
    private static final String OLLAMA_EMBED = "/api/embed";

    /** The paths of Ollama's own API that are not OpenAI's below {@code /api}, served or not. */
    private static final Set<String> OLLAMAS = Set.of(
            OLLAMA_CHAT,
            OLLAMA_GENERATE,
            OLLAMA_EMBED,
            "/api/tags",
            "/api/show",
            "/api/ps",
            "/api/version",
            "/api/pull",
            "/api/push",
            "/api/create",
            "/api/copy",
            "/api/delete");

    private static final Map<String, Endpoint> BY_PATH = byPath();

    private static final String MODELS = "/models/";
    private static final String GENERATE = ":generateContent";
    private static final String STREAM = ":streamGenerateContent";
    private static final String CONVERSE = "/converse";
    private static final String CONVERSE_STREAM = "/converse-stream";
    private static final String BEDROCK = "/model/";
    private static final String INVOKE = "/invoke";
    private static final String INVOKE_STREAM = "/invoke-with-response-stream";
    private static final String DEPLOYMENTS = "/openai/deployments/";
    private static final String CLAUDE_AT_VERTEX = "/publishers/anthropic/models/";
    private static final String RAW_PREDICT = ":rawPredict";
    private static final String RAW_PREDICT_STREAM = ":streamRawPredict";
    /** Vertex AI has the count of Claude's tokens at the place of a model; see {@link TokenCounts}. */
    private static final String COUNT = "count-tokens";

    private static final String EMBED = ":embedContent";
    private static final String EMBED_BATCH = ":batchEmbedContents";

    private static Map<String, Endpoint> byPath() {
        Map<String, Endpoint> ways = new HashMap<>();
        for (Api api : Api.values()) {
            if (!api.path().isEmpty()) {
                PREFIXES.forEach(prefix -> ways.put(prefix + api.path(), new Endpoint(api, Optional.empty(), false)));
            }
        }
        ways.put(OLLAMA_CHAT, new Endpoint(Api.CHAT, Optional.empty(), false, InboundRequest.Form.OLLAMA_CHAT));
        ways.put(OLLAMA_GENERATE, new Endpoint(Api.CHAT, Optional.empty(), false, InboundRequest.Form.OLLAMA_GENERATE));
        ways.put(OLLAMA_EMBED, new Endpoint(Api.EMBEDDINGS, Optional.empty(), false, InboundRequest.Form.OLLAMA_EMBED));
        return Map.copyOf(ways);
    }

    /** The endpoint of a path; empty if the path takes no calls. */
    static Optional<Endpoint> of(String path, HttpServerRequest request) {
        Endpoint fixed = BY_PATH.get(path);
        if (fixed != null) {
            return Optional.of(fixed);
        }
        if (path.startsWith(DEPLOYMENTS)) {
            return deployment(path);
        }
        if (path.startsWith(BEDROCK) && (path.endsWith(INVOKE) || path.endsWith(INVOKE_STREAM))) {
            boolean stream = path.endsWith(INVOKE_STREAM);
            return named(Api.MESSAGES, path, BEDROCK.length(), stream ? INVOKE_STREAM : INVOKE, stream)
                    .map(endpoint -> endpoint.in(InboundRequest.Form.INVOKE));
        }
        if (path.startsWith(BEDROCK)) {
            return path.endsWith(CONVERSE_STREAM)
                    ? named(Api.CONVERSE, path, BEDROCK.length(), CONVERSE_STREAM, true)
                    : named(Api.CONVERSE, path, BEDROCK.length(), CONVERSE, false);
        }
        int claude = path.indexOf(CLAUDE_AT_VERTEX);
        if (claude >= 0) {
            boolean stream = path.endsWith(RAW_PREDICT_STREAM);
            String ending = stream ? RAW_PREDICT_STREAM : RAW_PREDICT;
            if (path.endsWith("/" + COUNT + RAW_PREDICT)) {
                return Optional.empty();
            }
            return named(Api.MESSAGES, path, claude + CLAUDE_AT_VERTEX.length(), ending, stream)
                    .map(Endpoint::withoutVertexVersion);
        }
        int models = path.indexOf(MODELS);
        if (models < 0) {
            return Optional.empty();
        }
        if (path.endsWith(EMBED)) {
            return named(Api.GEMINI_EMBEDDING, path, models + MODELS.length(), EMBED, false);
        }
        if (path.endsWith(EMBED_BATCH)) {
            return named(Api.GEMINI_EMBEDDINGS, path, models + MODELS.length(), EMBED_BATCH, false);
        }
        boolean events = "sse".equals(request.getParam("alt"));
        return path.endsWith(STREAM)
                ? named(events ? Api.GEMINI : Api.GEMINI_ARRAY, path, models + MODELS.length(), STREAM, true)
                : named(Api.GEMINI, path, models + MODELS.length(), GENERATE, false);
    }

    /** Azure: the deployment, then the path of one of OpenAI's APIs. */
    private static Optional<Endpoint> deployment(String path) {
        int end = path.indexOf('/', DEPLOYMENTS.length());
        if (end <= DEPLOYMENTS.length()) {
            return Optional.empty();
        }
        String model = unescaped(path.substring(DEPLOYMENTS.length(), end));
        return Optional.ofNullable(BY_PATH.get(path.substring(end)))
                .filter(api -> !model.isBlank())
                .map(api -> new Endpoint(api.api(), Optional.of(model), false, InboundRequest.Form.DEPLOYMENT));
    }

    private Endpoint in(InboundRequest.Form otherForm) {
        return new Endpoint(api, model, stream, otherForm);
    }

    /** Vertex AI writes {@code claude-sonnet-4-5@20250929} where Anthropic writes a dash, and may leave the date open. */
    private Endpoint withoutVertexVersion() {
        return new Endpoint(api, model.map(Endpoint::anthropicName), stream, InboundRequest.Form.RAW_PREDICT);
    }

    /** The name of a model at Anthropic for the one at Vertex AI. */
    static String anthropicName(String name) {
        return name.replaceFirst("@(default|latest)$", "").replace('@', '-');
    }

    private static Optional<Endpoint> named(Api api, String path, int from, String ending, boolean stream) {
        if (!path.endsWith(ending) || path.length() - ending.length() <= from) {
            return Optional.empty();
        }
        String model = unescaped(path.substring(from, path.length() - ending.length()));
        return model.isBlank() ? Optional.empty() : Optional.of(new Endpoint(api, Optional.of(model), stream));
    }

    /** A part of a path; some clients escape the slash in a model's name. A wrong escape is left as it is: nothing has such a name. */
    static String unescaped(String name) {
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException wrong) {
            return name;
        }
    }

    /** Whether a path is one of Ollama's own API, whose errors are a text. */
    static boolean isOllamas(String path) {
        return OLLAMAS.contains(path) || path.startsWith("/api/blobs/");
    }

    /** The API in whose dialect errors of a path are written, also of paths that do not exist. */
    static Api apiAt(String path) {
        if (path.contains("/messages") || path.contains(CLAUDE_AT_VERTEX)) {
            return Api.MESSAGES;
        } else if (path.startsWith(BEDROCK)
                || path.startsWith("/async-invoke")
                || path.startsWith("/guardrail/")
                || path.startsWith("/foundation-models")
                || path.startsWith("/inference-profiles")) {
            return Api.CONVERSE;
        } else if (path.startsWith("/v1beta/")
                || path.startsWith("/upload/v1beta/")
                || path.startsWith("/v1/projects/")
                || path.startsWith("/v1beta1/projects/")
                || path.startsWith("/v1beta1/publishers/")
                || path.endsWith(GENERATE)
                || path.endsWith(STREAM)
                || path.endsWith(EMBED)
                || path.endsWith(EMBED_BATCH)
                || path.contains("/publishers/google/models/")) {
            return Api.GEMINI;
        }
        return Api.CHAT;
    }

    /**
     * The API in whose dialect errors of a request are written. Where the path is common to several vendors, or does not
     * exist, the headers of the vendors' clients decide.
     */
    static Api apiOf(HttpServerRequest request) {
        String path = request.path() == null ? "" : request.path();
        Api byPath = apiAt(path);
        if (byPath != Api.CHAT || BY_PATH.containsKey(path)) {
            return byPath;
        }
        if (request.headers().contains("anthropic-version")) {
            return Api.MESSAGES;
        }
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (request.headers().contains("x-amz-date")
                || (authorization != null && authorization.startsWith("AWS4-HMAC-SHA256"))) {
            return Api.CONVERSE;
        }
        return request.headers().contains("x-goog-api-key") ? Api.GEMINI : byPath;
    }

    /**
     * The rest of a path behind one of the prefixes that clients write before the paths of OpenAI and Anthropic; empty if
     * it has none of them.
     */
    static Optional<String> withoutPrefix(String path) {
        return PREFIXES.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .filter(path::startsWith)
                .findFirst()
                .map(prefix -> path.substring(prefix.length()));
    }

    /** @param furtherHeaders the names of headers that the operator has forwarded, beside those of the API */
    InboundRequest inbound(HttpServerRequest request, byte[] body, List<String> furtherHeaders) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return new InboundRequest(
                api, model, stream, form, type == null ? "" : type, forwarded(api, request, furtherHeaders), body);
    }

    /** What of a request is forwarded to a provider that has the API, beside the body. */
    static InboundRequest.Forwarded forwarded(Api api, HttpServerRequest request, List<String> furtherHeaders) {
        Map<String, String> headers = addHeaders(Map.of(), api.forwardedHeaders(), request);
        headers = addHeaders(headers, furtherHeaders, request);
        String query = "";
        for (String name : api.forwardedParameters()) {
            String value = request.getParam(name);
            if (value != null) {
                String parameter = name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
                query = query.isEmpty() ? parameter : query + "&" + parameter;
            }
        }
        return headers.isEmpty() && query.isEmpty()
                ? InboundRequest.Forwarded.NOTHING
                : new InboundRequest.Forwarded(headers, query);
    }

    private static Map<String, String> addHeaders(
            Map<String, String> to, List<String> names, HttpServerRequest request) {
        Map<String, String> headers = to;
        for (String name : names) {
            // A header may come several times; what is listed in it is the same as in one.
            List<String> values = request.headers().getAll(name);
            if (!values.isEmpty()) {
                headers = headers.isEmpty() ? new HashMap<>() : headers;
                headers.put(name, String.join(",", values));
            }
        }
        return headers;
    }
}
