package dev.understudy.calls.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.engine.Target;
import dev.understudy.protocol.BoundedCaches;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Finds the endpoints of routes; cached, so that addresses and headers are not put together for every request. */
public final class UpstreamEndpoints {
    /** Callers may name models freely; the least used entries beyond this many are evicted. */
    private static final int MAX_CACHED = 10_000;

    private final Cache<Key, UpstreamEndpoint> cached;
    private final UpstreamTransport transport;
    private final Authorizer.Source authorizers;
    private final Map<String, OwnEndpoint> own;
    private final Optional<InjectedFaults> faults;

    private record Key(Target target, Api api, boolean stream) {}

    /**
     * Those of one loop.
     *
     * @param transport the loop's own
     * @param authorizers for the requests to clouds
     */
    public UpstreamEndpoints(UpstreamTransport transport, Authorizer.Source authorizers) {
        this(
                new RedirectingTransport(transport),
                authorizers,
                BoundedCaches.ofSize(MAX_CACHED),
                Map.of(),
                Optional.empty());
    }

    private UpstreamEndpoints(
            UpstreamTransport transport,
            Authorizer.Source authorizers,
            Cache<Key, UpstreamEndpoint> cached,
            Map<String, OwnEndpoint> own,
            Optional<InjectedFaults> faults) {
        this.transport = transport;
        this.authorizers = authorizers;
        this.cached = cached;
        this.own = own;
        this.faults = faults;
    }

    /**
     * The same for one call whose caller brings endpoints of its own.
     *
     * @param endpoints by the names of their providers
     */
    public UpstreamEndpoints with(Map<String, OwnEndpoint> endpoints) {
        return new UpstreamEndpoints(transport, authorizers, cached, Map.copyOf(endpoints), faults);
    }

    /** The same for one call into whose requests faults are injected. */
    public UpstreamEndpoints with(InjectedFaults injected) {
        return new UpstreamEndpoints(transport, authorizers, cached, own, Optional.of(injected));
    }

    /** Whether faults are injected. */
    boolean injectFaults() {
        return faults.isPresent();
    }

    /** What authorizes the requests to clouds. */
    public Authorizer.Source authorizers() {
        return authorizers;
    }

    /** The endpoint of a route, with the fault of a drill if there is one. */
    UpstreamEndpoint of(Route route, Api api, boolean stream, String contentType) {
        UpstreamEndpoint usual = usual(route, api, stream, contentType);
        return faults.flatMap(injected -> injected.at(route, api, stream))
                .map(usual::with)
                .orElse(usual);
    }

    /** The endpoint of a route. One with a caller's key or with a form is not cached: each form has a content type of its own. */
    private UpstreamEndpoint usual(Route route, Api api, boolean stream, String contentType) {
        OwnEndpoint callers = own.get(route.provider().name());
        if (callers != null) {
            return UpstreamEndpoint.ofOwn(callers.endpoint(api, route.target().model(), contentType));
        }
        if (route.callersKey() || !contentType.equals(InboundRequest.JSON)) {
            return make(route, api, stream, contentType);
        }
        Key key = new Key(route.target(), api, stream);
        UpstreamEndpoint known = cached.getIfPresent(key);
        if (known != null) {
            return known;
        }
        UpstreamEndpoint made = make(route, api, stream, contentType);
        cached.put(key, made);
        return made;
    }

    private UpstreamEndpoint make(Route route, Api api, boolean stream, String contentType) {
        URI address = route.provider().address(api, route.target().model(), stream);
        return UpstreamEndpoint.of(
                transport, route, api, stream, contentType, authorizers.of(route.provider(), address));
    }
}
