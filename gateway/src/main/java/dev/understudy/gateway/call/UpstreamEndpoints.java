package dev.understudy.gateway.call;

import dev.understudy.engine.Target;
import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.config.Api;
import dev.understudy.gateway.config.Environment;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers where routes go, so that addresses and headers are put together once and not for every request. */
public final class UpstreamEndpoints {
    /** Callers may name models freely; what is beyond this is made anew each time. */
    private static final int MOST = 10_000;

    private final ConcurrentHashMap<Place, UpstreamEndpoint> known = new ConcurrentHashMap<>();
    private final Authorizers authorizers;

    private record Place(Target target, Api api, boolean stream) {}

    UpstreamEndpoints(Authorizers authorizers) {
        this.authorizers = authorizers;
    }

    /**
     * Those of one event loop.
     *
     * @param client to fetch what providers in a cloud are to be shown
     * @param environment where the clouds' own clients look for keys
     */
    public static UpstreamEndpoints of(Vertx vertx, HttpClient client, Environment environment) {
        return new UpstreamEndpoints(new CloudAuthorizers(vertx, client, environment, InstantSource.system()));
    }

    /** @param contentType of the request's body; of JSON it is {@link WholeAnswer#JSON} itself */
    @SuppressWarnings("ReferenceEquality") // Anything else is a form's, whose boundary is its own.
    UpstreamEndpoint of(Route route, Api api, boolean stream, CharSequence contentType) {
        if (route.callersKey() || contentType != WholeAnswer.JSON) {
            return made(route, api, stream, contentType);
        }
        Place place = new Place(route.target(), api, stream);
        UpstreamEndpoint upstreamEndpoint = known.get(place);
        if (upstreamEndpoint != null) {
            return upstreamEndpoint;
        }
        UpstreamEndpoint made = made(route, api, stream, WholeAnswer.JSON);
        if (known.size() < MOST) {
            known.put(place, made);
        }
        return made;
    }

    private UpstreamEndpoint made(Route route, Api api, boolean stream, CharSequence contentType) {
        return UpstreamEndpoint.of(route, api, stream, contentType, authorizers.of(route, api, stream));
    }
}
