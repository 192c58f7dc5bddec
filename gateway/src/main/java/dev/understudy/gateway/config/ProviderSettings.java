package dev.understudy.gateway.config;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An account at an LLM API.
 *
 * @param name what targets call it
 * @param dialect how it is spoken to
 * @param baseUrl where it is; without a slash at the end
 * @param apiKey the key that it wants, if it wants one
 * @param authStyle how the key is shown
 * @param apiVersion the version in Azure's addresses
 * @param headers further headers of every request; they may carry keys, so they are not shown
 * @param continueWith how its models are asked to go on with another's answer; empty to find out
 * @param maxConnections how many connections to it may be open at once
 */
public record ProviderSettings(
        String name,
        Dialect dialect,
        URI baseUrl,
        Optional<Credential> apiKey,
        AuthStyle authStyle,
        Optional<String> apiVersion,
        Map<String, String> headers,
        Optional<ContinueWith> continueWith,
        int maxConnections) {

    static final int USUAL_CONNECTIONS = 1_000;

    public ProviderSettings {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /**
     * Where chat completions of a model are asked for.
     *
     * @see <a href="https://learn.microsoft.com/azure/ai-services/openai/reference">Azure OpenAI REST API reference</a>
     */
    public URI chatCompletions(String model) {
        return switch (dialect) {
            case OPENAI -> URI.create(baseUrl + "/chat/completions");
            case AZURE ->
                URI.create(baseUrl + "/openai/deployments/" + escaped(model) + "/chat/completions"
                        + apiVersion
                                .map(version -> "?api-version=" + escaped(version))
                                .orElse(""));
        };
    }

    /** These settings with another key. */
    public ProviderSettings withKey(Credential key) {
        AuthStyle style = authStyle == AuthStyle.NONE ? AuthStyle.BEARER : authStyle;
        return new ProviderSettings(
                name, dialect, baseUrl, Optional.of(key), style, apiVersion, headers, continueWith, maxConnections);
    }

    /** These settings at another address. */
    ProviderSettings at(URI address) {
        return new ProviderSettings(
                name, dialect, address, apiKey, authStyle, apiVersion, headers, continueWith, maxConnections);
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
