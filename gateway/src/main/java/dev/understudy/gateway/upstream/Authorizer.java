package dev.understudy.gateway.upstream;

import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.config.Api;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;

/** Authorizes each request to a provider for which a constant API key is not enough. */
@FunctionalInterface
interface Authorizer {

    /**
     * The headers for one request. The message of a failure is shown to callers: it names what is missing, and no secret.
     *
     * @param body as it will be sent
     */
    Future<Map<String, String>> headers(byte[] body);

    /** Finds the authorizer of a route. */
    @FunctionalInterface
    interface Source {
        /** For providers whose headers are constant. */
        Source NONE = (route, api, stream) -> Optional.empty();

        /** Empty if the route needs none. */
        Optional<Authorizer> of(Route route, Api api, boolean stream);
    }
}
