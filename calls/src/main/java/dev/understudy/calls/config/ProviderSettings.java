package dev.understudy.calls.config;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An account at an LLM API.
 *
 * @param name the provider's part of {@code provider/model}
 * @param service its dialect and its address
 * @param access how requests are authorized
 * @param headers further headers of every request; they may contain keys, so they are not shown
 * @param continueWith the form of continuations for its models; empty to find out
 * @param maxConnections how many connections to it may be open at once
 */
public record ProviderSettings(
        String name,
        Service service,
        Access access,
        Map<String, String> headers,
        Optional<ContinueWith> continueWith,
        int maxConnections) {

    static final int USUAL_CONNECTIONS = 1_000;

    /**
     * The API of a provider.
     *
     * @param baseUrl without a slash at the end
     * @param apiVersion the version in Azure's addresses
     * @param hasResponses whether it has OpenAI's Responses beside its dialect
     * @param callerUrls other base URLs that a caller with a key of its own may choose; usually none
     */
    public record Service(
            ProviderDialect dialect,
            URI baseUrl,
            Optional<String> apiVersion,
            boolean hasResponses,
            List<URI> callerUrls) {
        public Service {
            callerUrls = List.copyOf(callerUrls);
        }

        /** Whether the API that a caller uses needs no translation. */
        boolean has(Api api) {
            return dialect.apis().contains(api) || (api == Api.RESPONSES && hasResponses);
        }
    }

    /**
     * How requests are authorized.
     *
     * @param style how the key is sent
     * @param key the first key, if one is needed
     * @param furtherKeys keys to use if the one before was rejected or is used up, in order
     * @param account the cloud account that takes the place of a key
     */
    public record Access(
            AuthStyle style, Optional<Credential> key, List<Credential> furtherKeys, CloudAccount account) {
        public Access {
            furtherKeys = List.copyOf(furtherKeys);
        }

        static final Access NONE = new Access(AuthStyle.NONE, Optional.empty(), List.of(), CloudAccount.NONE);
    }

    public ProviderSettings {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /**
     * A provider whose account belongs to a caller in the same process, which adds address and key to each request.
     *
     * @param hasResponses whether it has OpenAI's Responses beside its dialect
     */
    public static ProviderSettings ofCaller(String name, ProviderDialect dialect, URI baseUrl, boolean hasResponses) {
        return new ProviderSettings(
                name,
                new Service(dialect, baseUrl, Optional.empty(), hasResponses, List.of()),
                Access.NONE,
                Map.of(),
                Optional.empty(),
                Integer.MAX_VALUE);
    }

    /** How the provider is addressed. */
    public ProviderDialect dialect() {
        return service.dialect();
    }

    /** Its base URL, without a slash at the end. */
    public URI baseUrl() {
        return service.baseUrl();
    }

    /** The version in Azure's addresses. */
    public Optional<String> apiVersion() {
        return service.apiVersion();
    }

    /** Other base URLs that a caller with a key of its own may choose. */
    public List<URI> callerUrls() {
        return service.callerUrls();
    }

    /** How the key is sent. */
    public AuthStyle authStyle() {
        return access.style();
    }

    /** The first key, if one is needed. */
    public Optional<Credential> apiKey() {
        return access.key();
    }

    /** Keys to use if the one before was rejected or is used up, in order. */
    public List<Credential> furtherKeys() {
        return access.furtherKeys();
    }

    /** The cloud account that takes the place of a key. */
    public CloudAccount account() {
        return access.account();
    }

    /** Whether it is OpenRouter, whose requests may say which providers behind it are used. */
    public boolean isOpenRouter() {
        return name.equals(ProviderPreset.OPENROUTER.providerName())
                || "openrouter.ai".equals(baseUrl().getHost());
    }

    /** Whether a caller's request for that API is passed through. */
    public boolean has(Api api) {
        return service.has(api);
    }

    /**
     * The API that is used for a caller's request: the caller's own if the provider has it.
     *
     * @return empty if it has no such API
     */
    public Optional<Api> apiFor(Api callers) {
        return has(callers)
                ? Optional.of(callers)
                : callers.isConversation() ? Optional.of(dialect().usualApi()) : Optional.empty();
    }

    /**
     * The address of a request.
     *
     * @param model as the provider calls it
     * @param stream whether the answer is to be streamed
     * @see <a href="https://learn.microsoft.com/azure/ai-services/openai/reference">Azure OpenAI REST API reference</a>
     * @see <a href="https://ai.google.dev/api/generate-content">Gemini API: generating content</a>
     * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html">Bedrock: Converse</a>
     */
    public URI address(Api api, String model, boolean stream) {
        return URI.create(baseUrl()
                + switch (dialect()) {
                    case OPENAI, OPENAI_RESPONSES -> "/" + api.path();
                    case AZURE ->
                        "/openai/deployments/" + escaped(model) + "/" + api.path()
                                + apiVersion()
                                        .map(version -> "?api-version=" + escaped(version))
                                        .orElse("");
                    // Anthropic's SDKs add the version to their base URLs, and people copy those.
                    case ANTHROPIC -> (isVersioned() ? "" : "/v1") + "/" + api.path();
                    case GEMINI ->
                        (isVersioned() ? "" : "/v1beta") + "/models/" + escaped(model)
                                + switch (api) {
                                    case GEMINI_EMBEDDING -> ":embedContent";
                                    case GEMINI_EMBEDDINGS -> ":batchEmbedContents";
                                    default -> stream ? ":streamGenerateContent?alt=sse" : ":generateContent";
                                };
                    case BEDROCK -> "/model/" + escaped(model) + (stream ? "/converse-stream" : "/converse");
                });
    }

    /**
     * The address of something that is no call of a model: the list of models, a stored response.
     *
     * @param path below the base URL and the version, without a slash at its beginning
     */
    public URI resource(String path) {
        String version = switch (dialect()) {
            case OPENAI, OPENAI_RESPONSES, AZURE, BEDROCK -> "";
            case ANTHROPIC -> isVersioned() ? "" : "/v1";
            case GEMINI -> isVersioned() ? "" : "/v1beta";
        };
        return URI.create(baseUrl() + version + "/" + path);
    }

    private boolean isVersioned() {
        return baseUrl().getPath().matches(".*/v1[^/]*(/projects/.*)?");
    }

    /** These settings with another key, and no further ones. */
    public ProviderSettings withKey(Credential key) {
        AuthStyle style = switch (authStyle()) {
            case NONE, AWS, GOOGLE_ACCOUNT -> dialect().usualAuth();
            case BEARER, HEADER, X_API_KEY, GOOGLE -> authStyle();
        };
        return with(service, new Access(style, Optional.of(key), List.of(), account()));
    }

    /** These settings with another version of the API, if it has versions. */
    public ProviderSettings withApiVersion(String version) {
        return with(
                new Service(
                        dialect(), baseUrl(), apiVersion().map(own -> version), service.hasResponses(), callerUrls()),
                access);
    }

    /** These settings at another address. */
    public ProviderSettings at(URI address) {
        return with(new Service(dialect(), address, apiVersion(), service.hasResponses(), callerUrls()), access);
    }

    /**
     * These settings at another address that a caller chose. The operator's further headers are not sent there, because they
     * may contain keys.
     */
    public ProviderSettings atCallersUrl(URI address) {
        ProviderSettings moved = at(address);
        return new ProviderSettings(
                name, moved.service(), moved.access(), Map.of(), moved.continueWith(), moved.maxConnections());
    }

    private ProviderSettings with(Service otherService, Access otherAccess) {
        return new ProviderSettings(name, otherService, otherAccess, headers, continueWith, maxConnections);
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return "ProviderSettings[name=" + name + ", dialect=" + dialect().wireName() + ", baseUrl=" + baseUrl()
                + ", authStyle=" + authStyle().wireName() + ", headers=" + headers.keySet() + "]";
    }
}
