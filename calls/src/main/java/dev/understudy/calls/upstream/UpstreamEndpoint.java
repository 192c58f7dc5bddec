package dev.understudy.calls.upstream;

import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.Credential;
import dev.understudy.calls.config.ProviderDialect;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.inbound.InboundRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The address and the upstream headers of a route's requests: made once per route, used for every request. */
public final class UpstreamEndpoint {
    /** The only version that there has been since 2023. */
    private static final String LATEST_ANTHROPIC_VERSION = "2023-06-01";

    /** The names that the operator configured, in lower case. */
    private final Set<String> configured;

    private final Optional<Authorizer> authorizer;
    private final UpstreamTransport.Endpoint endpoint;
    /** Whether it is one that the caller brought, with all that its requests need. */
    private final boolean isOwn;

    private final Optional<InjectedFaults.Fault> injected;

    private UpstreamEndpoint(
            Set<String> configured,
            Optional<Authorizer> authorizer,
            UpstreamTransport.Endpoint endpoint,
            boolean isOwn,
            Optional<InjectedFaults.Fault> injected) {
        this.configured = configured;
        this.authorizer = authorizer;
        this.endpoint = endpoint;
        this.isOwn = isOwn;
        this.injected = injected;
    }

    /** The same endpoint with a fault of a drill. */
    UpstreamEndpoint with(InjectedFaults.Fault fault) {
        return new UpstreamEndpoint(
                configured,
                fault.replacesProvider() ? Optional.empty() : authorizer,
                fault.endpoint().apply(endpoint),
                isOwn,
                Optional.of(fault));
    }

    /** The fault that a drill injects into its requests. */
    Optional<InjectedFaults.Fault> injected() {
        return injected;
    }

    /** An endpoint that the caller brought for one call. */
    static UpstreamEndpoint ofOwn(UpstreamTransport.Endpoint endpoint) {
        return new UpstreamEndpoint(Set.of(), Optional.empty(), endpoint, true, Optional.empty());
    }

    /**
     * The endpoint of one kind of request.
     *
     * @param contentType of the request's body
     * @param authorizer for providers that need more than a constant key
     */
    static UpstreamEndpoint of(
            UpstreamTransport transport,
            Route route,
            Api api,
            boolean stream,
            String contentType,
            Optional<Authorizer> authorizer) {
        ProviderSettings provider = route.provider();
        Map<String, String> headers = new LinkedHashMap<>(headers(provider));
        headers.put("content-type", contentType);
        Set<String> configured = provider.headers().keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        return new UpstreamEndpoint(
                configured,
                authorizer,
                transport.endpoint(provider.address(api, route.target().model(), stream), headers),
                false,
                Optional.empty());
    }

    /** The headers of every request to a provider, without those that an {@link Authorizer} adds. Their names are in lower case. */
    public static Map<String, String> headers(ProviderSettings provider) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("user-agent", "understudy");
        provider.apiKey().ifPresent(key -> authorize(provider, key, headers));
        provider.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        if (provider.dialect() == ProviderDialect.ANTHROPIC) {
            headers.putIfAbsent("anthropic-version", LATEST_ANTHROPIC_VERSION);
        }
        return headers;
    }

    private static void authorize(ProviderSettings provider, Credential key, Map<String, String> headers) {
        switch (provider.authStyle()) {
            case BEARER -> headers.put("authorization", "Bearer " + key.reveal());
            case HEADER -> headers.put("api-key", key.reveal());
            case X_API_KEY -> headers.put("x-api-key", key.reveal());
            case GOOGLE -> headers.put("x-goog-api-key", key.reveal());
            case AWS, GOOGLE_ACCOUNT, NONE -> {}
        }
    }

    /** Whether it is one that the caller brought. */
    boolean isOwn() {
        return isOwn;
    }

    Optional<Authorizer> authorizer() {
        return authorizer;
    }

    /** Begins a request; see {@link UpstreamTransport.Endpoint#send}. */
    UpstreamTransport.Transfer send(
            String query, Map<String, String> headers, byte[] body, UpstreamTransport.Receiver receiver) {
        return endpoint.send(query, headers, body, receiver);
    }

    /**
     * What of a caller's headers and parameters is sent: headers that the operator has not set for the provider, because an
     * organization belongs to a key. An endpoint of the caller's own has all of them already.
     */
    InboundRequest.Forwarded permitted(InboundRequest.Forwarded callers) {
        if (isOwn) {
            return InboundRequest.Forwarded.NOTHING;
        }
        if (configured.isEmpty() || callers.headers().isEmpty()) {
            return callers;
        }
        Map<String, String> permitted = new LinkedHashMap<>(callers.headers());
        permitted.keySet().removeIf(name -> configured.contains(name.toLowerCase(Locale.ROOT)));
        return new InboundRequest.Forwarded(permitted, callers.query());
    }

    /** The response headers that the caller receives too. */
    List<Map.Entry<String, String>> forwarded(UpstreamTransport.Head response) {
        return isOwn
                ? ForwardedResponseHeaders.ofOwnAccount(response.all())
                : ForwardedResponseHeaders.of(response.all());
    }
}
