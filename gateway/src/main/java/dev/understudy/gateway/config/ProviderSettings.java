package dev.understudy.gateway.config;

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
 * @param name what targets call it
 * @param dialect how it is spoken to
 * @param baseUrl where it is; without a slash at the end
 * @param apiKey the key that it wants, if it wants one
 * @param furtherKeys keys to use where the one before was refused or is used up, in order
 * @param authStyle how the key is shown
 * @param apiVersion the version in Azure's addresses
 * @param headers further headers of every request; they may carry keys, so they are not shown
 * @param continueWith how its models are asked to go on with another's answer; empty to find out
 * @param hasResponses whether it has OpenAI's Responses beside its dialect
 * @param account whose account is used, where that takes the place of a key
 * @param callerUrls other addresses at which a caller may have it asked with a key of its own; usually none
 * @param maxConnections how many connections to it may be open at once
 */
public record ProviderSettings(
        String name,
        ProviderDialect dialect,
        URI baseUrl,
        Optional<Credential> apiKey,
        List<Credential> furtherKeys,
        AuthStyle authStyle,
        Optional<String> apiVersion,
        Map<String, String> headers,
        Optional<ContinueWith> continueWith,
        boolean hasResponses,
        CloudAccount account,
        List<URI> callerUrls,
        int maxConnections) {

    static final int USUAL_CONNECTIONS = 1_000;

    public ProviderSettings {
        furtherKeys = List.copyOf(furtherKeys);
        callerUrls = List.copyOf(callerUrls);
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** Whether it can be asked for that in the very bytes of a caller. */
    public boolean has(Api api) {
        return dialect.apis().contains(api) || (api == Api.RESPONSES && hasResponses);
    }

    /**
     * In which of its languages a caller's request is put to it: the caller's own if it has that.
     *
     * @return empty if it has nothing of the kind
     */
    public Optional<Api> apiFor(Api callers) {
        return has(callers)
                ? Optional.of(callers)
                : callers.isConversation() ? Optional.of(dialect.usualApi()) : Optional.empty();
    }

    /**
     * Where it is asked.
     *
     * @param model as the provider calls it
     * @param stream whether the answer is to be streamed
     * @see <a href="https://learn.microsoft.com/azure/ai-services/openai/reference">Azure OpenAI REST API reference</a>
     * @see <a href="https://ai.google.dev/api/generate-content">Gemini API: generating content</a>
     * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html">Bedrock: Converse</a>
     */
    public URI address(Api api, String model, boolean stream) {
        return URI.create(baseUrl
                + switch (dialect) {
                    case OPENAI, OPENAI_RESPONSES -> "/" + api.path();
                    case AZURE ->
                        "/openai/deployments/" + escaped(model) + "/" + api.path()
                                + apiVersion
                                        .map(version -> "?api-version=" + escaped(version))
                                        .orElse("");
                    // Its own SDKs add the version to their base URLs, and people copy those.
                    case ANTHROPIC -> (isVersioned() ? "" : "/v1") + "/" + api.path();
                    case GEMINI ->
                        (isVersioned() ? "" : "/v1beta") + "/models/" + escaped(model)
                                + (stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
                    case BEDROCK -> "/model/" + escaped(model) + (stream ? "/converse-stream" : "/converse");
                });
    }

    private boolean isVersioned() {
        return baseUrl.getPath().matches(".*/v1[^/]*(/projects/.*)?");
    }

    /** These settings with another key. */
    public ProviderSettings withKey(Credential key) {
        AuthStyle style = switch (authStyle) {
            case NONE, AWS, GOOGLE_ACCOUNT -> dialect.usualAuth();
            default -> authStyle;
        };
        return new ProviderSettings(
                name,
                dialect,
                baseUrl,
                Optional.of(key),
                List.of(),
                style,
                apiVersion,
                headers,
                continueWith,
                hasResponses,
                account,
                callerUrls,
                maxConnections);
    }

    /** These settings with another version of the API, where it has such. */
    public ProviderSettings withApiVersion(String version) {
        return new ProviderSettings(
                name,
                dialect,
                baseUrl,
                apiKey,
                furtherKeys,
                authStyle,
                apiVersion.map(own -> version),
                headers,
                continueWith,
                hasResponses,
                account,
                callerUrls,
                maxConnections);
    }

    /** These settings at another address. */
    public ProviderSettings at(URI address) {
        return new ProviderSettings(
                name,
                dialect,
                address,
                apiKey,
                furtherKeys,
                authStyle,
                apiVersion,
                headers,
                continueWith,
                hasResponses,
                account,
                callerUrls,
                maxConnections);
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return "ProviderSettings[name=" + name + ", dialect=" + dialect.wireName() + ", baseUrl=" + baseUrl
                + ", authStyle=" + authStyle.wireName() + ", headers=" + headers.keySet() + "]";
    }
}
