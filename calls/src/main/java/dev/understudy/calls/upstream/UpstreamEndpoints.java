package dev.understudy.calls.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.engine.Target;
import dev.understudy.protocol.BoundedCaches;
import java.net.URI;

/** Finds the endpoints of routes; cached, so that addresses and headers are not put together for every request. */
public final class UpstreamEndpoints {
    /** Callers may name models freely; the least used entries beyond this many are evicted. */
    private static final int MAX_CACHED = 10_000;

    private final Cache<Key, UpstreamEndpoint> cached = BoundedCaches.ofSize(MAX_CACHED);
    private final UpstreamTransport transport;
    private final Authorizer.Source authorizers;

    private record Key(Target target, Api api, boolean stream) {}

    /**
     * Those of one loop.
     *
     * @param transport the loop's own
     * @param authorizers for the requests to clouds
     */
    public UpstreamEndpoints(UpstreamTransport transport, Authorizer.Source authorizers) {
        this.transport = transport;
        this.authorizers = authorizers;
    }

    /** What authorizes the requests to clouds. */
    public Authorizer.Source authorizers() {
        return authorizers;
    }

    /** The endpoint of a route. One with a caller's key or with a form is not cached: each form has a content type of its own. */
    UpstreamEndpoint of(Route route, Api api, boolean stream, String contentType) {
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
