package dev.understudy.calls.upstream;

import dev.understudy.calls.config.ProviderSettings;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Authorizes each request to a provider for which a constant API key is not enough. */
@FunctionalInterface
public interface Authorizer {

    /**
     * The headers for one request; completed by any thread, if not at once. The message of a failure is shown to callers: it names what is
     * missing, and no secret.
     *
     * @param body as it will be sent
     */
    CompletionStage<Map<String, String>> headers(byte[] body);

    /** Finds the authorizer of a provider's requests. */
    @FunctionalInterface
    interface Source {
        /** Empty if the provider's headers are constant. */
        Optional<Authorizer> of(ProviderSettings provider, URI address);
    }
}
