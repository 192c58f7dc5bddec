package dev.understudy.calls.credentials.google;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.calls.FutureCause;
import dev.understudy.calls.credentials.CredentialsTransport;
import dev.understudy.calls.credentials.ExpiringCredential;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The access tokens of a service account, cached by {@link ExpiringCredential}. Safe for use by many threads. */
public final class GoogleServiceAccount {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final Map<String, String> HEADERS =
            Map.of("content-type", "application/x-www-form-urlencoded", "accept", "application/json");

    private final ServiceAccountKey key;
    private final CredentialsTransport transport;
    private final ExpiringCredential<AccessToken> token =
            new ExpiringCredential<>(this::request, known -> Optional.of(known.expires()));

    /** @param transport sends the requests for tokens */
    public GoogleServiceAccount(ServiceAccountKey key, CredentialsTransport transport) {
        this.key = key;
        this.transport = transport;
    }

    /**
     * A token that is valid now.
     *
     * @return fails with {@link TokenUnavailable} if there is none to be had
     */
    public CompletableFuture<String> token(Instant now) {
        return token.at(now).thenApply(AccessToken::value);
    }

    private CompletableFuture<AccessToken> request(Instant now) {
        String form = "grant_type=" + URLEncoder.encode(GRANT, UTF_8) + "&assertion=" + key.assertion(now);
        return transport
                .send(new CredentialsTransport.Request("POST", key.tokenUri(), HEADERS, form, PATIENCE))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(unreachable(FutureCause.of(failure))))
                .thenCompose(response -> read(response, now));
    }

    private static CompletableFuture<AccessToken> read(CredentialsTransport.Response response, Instant requestedAt) {
        try {
            return CompletableFuture.completedFuture(
                    AccessToken.read(response.status(), response.text().getBytes(UTF_8), requestedAt));
        } catch (TokenUnavailable refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private TokenUnavailable unreachable(Throwable failure) {
        return new TokenUnavailable(
                "Google's token endpoint at " + key.tokenUri().getHost() + " did not answer ("
                        + failure.getClass().getSimpleName() + ").");
    }

    /** Hides key and token; the account's address may be logged. */
    @Override
    public String toString() {
        return "GoogleServiceAccount(" + key.clientEmail() + ")";
    }
}
