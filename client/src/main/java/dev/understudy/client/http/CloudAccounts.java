package dev.understudy.client.http;

import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.upstream.Authorizer;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Accounts at clouds whose requests need more than a constant key: the library neither signs requests to Amazon nor fetches tokens
 * for Google. An attempt at such a provider fails before anything is sent, so that the next target is tried.
 */
public final class CloudAccounts implements Authorizer.Source {

    @Override
    public Optional<Authorizer> of(ProviderSettings provider, URI address) {
        return switch (provider.authStyle()) {
            case AWS ->
                Optional.of(refusing("requests to Amazon are signed by the gateway only; give the provider "
                        + provider.name() + " an api-key, or call it through the gateway"));
            case GOOGLE_ACCOUNT ->
                Optional.of(refusing(
                        "tokens of a Google service account are fetched by the gateway only; give the provider "
                                + provider.name() + " an api-key, or call it through the gateway"));
            case BEARER, HEADER, X_API_KEY, GOOGLE, NONE -> Optional.empty();
        };
    }

    private static Authorizer refusing(String why) {
        return body -> CompletableFuture.failedFuture(new UnsupportedOperationException(why));
    }
}
