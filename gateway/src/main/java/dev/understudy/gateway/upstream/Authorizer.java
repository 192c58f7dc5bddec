package dev.understudy.gateway.upstream;

import dev.understudy.gateway.config.ProviderSettings;
import io.vertx.core.Future;
import java.net.URI;
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

    /** Finds the authorizer of a provider's requests. */
    @FunctionalInterface
    interface Source {
        /** Empty if the provider's headers are constant. */
        Optional<Authorizer> of(ProviderSettings provider, URI address);
    }
}
