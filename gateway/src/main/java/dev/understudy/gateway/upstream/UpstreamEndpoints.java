package dev.understudy.gateway.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import dev.understudy.engine.Target;
import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.config.Api;
import dev.understudy.gateway.config.Environment;
import dev.understudy.protocol.BoundedCaches;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import java.net.URI;
import java.time.InstantSource;

/** Finds the endpoints of routes; cached, so that addresses and headers are not put together for every request. */
public final class UpstreamEndpoints {
    /** Callers may name models freely; the least used entries beyond this many are evicted. */
    private static final int MAX_CACHED = 10_000;

    private final Cache<Key, UpstreamEndpoint> cached = BoundedCaches.ofSize(MAX_CACHED);
    private final Authorizer.Source authorizers;

    private record Key(Target target, Api api, boolean stream) {}

    UpstreamEndpoints(Authorizer.Source authorizers) {
        this.authorizers = authorizers;
    }

    /**
     * Those of one event loop.
     *
     * @param client fetches the credentials of cloud providers
     * @param environment where the clouds' own clients look for credentials
     */
    public static UpstreamEndpoints of(Vertx vertx, HttpClient client, Environment environment) {
        return new UpstreamEndpoints(new CloudAuthorizers(vertx, client, environment, InstantSource.system()));
    }

    /** What authorizes the requests to clouds. */
    Authorizer.Source authorizers() {
        return authorizers;
    }

    /** The endpoint of a route. One with a caller's key or with a form is not cached: each form has a content type of its own. */
    UpstreamEndpoint of(Route route, Api api, boolean stream, CharSequence contentType) {
        if (route.callersKey() || !HttpHeaderValues.APPLICATION_JSON.contentEquals(contentType)) {
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

    private UpstreamEndpoint make(Route route, Api api, boolean stream, CharSequence contentType) {
        URI address = route.provider().address(api, route.target().model(), stream);
        return UpstreamEndpoint.of(route, api, stream, contentType, authorizers.of(route.provider(), address));
    }
}
