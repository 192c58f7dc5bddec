package dev.understudy.gateway.credentials.google;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Caches the access token of a service account, and requests a new one before it expires.
 *
 * <p>A token is used until shortly before it ends. Some minutes earlier the next one is requested, while calls use
 * the old one; so a short outage of the token endpoint affects no call. There is never more than one request
 * for a token on its way.
 *
 * <p>Each event loop has its own, so nothing here locks; {@link ServiceAccountKey} may be shared.
 */
public final class GoogleServiceAccount {
    /** With less than this left of a token's life, the next is requested. */
    private static final Duration EARLY = Duration.ofMinutes(5);
    /** With less than this left it is not used any more: a request takes time to arrive, and clocks differ. */
    private static final Duration USELESS = Duration.ofSeconds(30);
    /** How long a failed request for the next token is not repeated while the old one is valid. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private final ServiceAccountKey key;
    private final HttpClient client;
    private Optional<AccessToken> token = Optional.empty();
    private Optional<Future<String>> underWay = Optional.empty();
    private Instant notBefore = Instant.MIN;

    /** @param client of the event loop on which tokens are requested */
    public GoogleServiceAccount(ServiceAccountKey key, HttpClient client) {
        this.key = key;
        this.client = client;
    }

    /**
     * A token that is valid now.
     *
     * @return fails with {@link TokenUnavailable} if there is none to be had
     */
    public Future<String> token(Instant now) {
        Optional<AccessToken> good =
                token.filter(known -> known.expires().minus(USELESS).isAfter(now));
        if (good.isEmpty()) {
            return next(now);
        }
        if (!good.get().expires().minus(EARLY).isAfter(now) && !now.isBefore(notBefore)) {
            // A failure matters only when this token has expired.
            next(now);
        }
        return Future.succeededFuture(good.get().value());
    }

    private Future<String> next(Instant now) {
        if (underWay.isPresent()) {
            return underWay.get();
        }
        Future<String> requested = request(now)
                .map(fresh -> {
                    token = Optional.of(fresh);
                    return fresh.value();
                })
                .onFailure(failure -> notBefore = now.plus(PAUSE))
                .eventually(() -> {
                    underWay = Optional.empty();
                    return Future.succeededFuture();
                });
        if (!requested.isComplete()) {
            underWay = Optional.of(requested);
        }
        return requested;
    }

    private Future<AccessToken> request(Instant now) {
        String form = "grant_type=" + URLEncoder.encode(GRANT, UTF_8) + "&assertion=" + key.assertion(now);
        RequestOptions to = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(key.tokenUri().toString())
                .setFollowRedirects(false)
                .setTimeout(PATIENCE.toMillis())
                .putHeader("content-type", "application/x-www-form-urlencoded")
                .putHeader("accept", "application/json");
        return client.request(to)
                .compose(request -> answer(request, form, now))
                .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure ->
                        Future.failedFuture(failure instanceof TokenUnavailable ? failure : unreachable(failure)));
    }

    private static Future<AccessToken> answer(HttpClientRequest request, String form, Instant requestedAt) {
        return request.send(Buffer.buffer(form))
                .compose(response -> response.body().map(Buffer::getBytes).compose(body -> {
                    try {
                        return Future.succeededFuture(AccessToken.read(response.statusCode(), body, requestedAt));
                    } catch (TokenUnavailable refused) {
                        return Future.failedFuture(refused);
                    }
                }));
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
