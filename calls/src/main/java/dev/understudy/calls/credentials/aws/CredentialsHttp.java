package dev.understudy.calls.credentials.aws;

import dev.understudy.calls.FutureCause;
import dev.understudy.calls.credentials.CredentialsTransport;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Fetches credentials from HTTP services: short requests, short responses.
 *
 * @param patience the limit of one request, connecting included
 */
record CredentialsHttp(CredentialsTransport transport, Duration patience) {

    CompletableFuture<String> get(String url, Map<String, String> headers) {
        return send("GET", url, headers, "");
    }

    CompletableFuture<String> put(String url, Map<String, String> headers) {
        return send("PUT", url, headers, "");
    }

    CompletableFuture<String> post(String url, Map<String, String> headers, String body) {
        return send("POST", url, headers, body);
    }

    /** The body of a 200; all else fails, with no word of what was sent. */
    private CompletableFuture<String> send(String method, String url, Map<String, String> headers, String body) {
        URI address;
        try {
            address = URI.create(url);
        } catch (IllegalArgumentException invalid) {
            return CompletableFuture.failedFuture(new CredentialsUnavailable(place(url) + " is not an address"));
        }
        return transport
                .send(new CredentialsTransport.Request(method, address, headers, body, patience))
                .exceptionallyCompose(why -> CompletableFuture.failedFuture(
                        new CredentialsUnavailable(place(url) + " cannot be reached: " + FutureCause.text(why))))
                .thenCompose(response -> response.status() == 200
                        ? CompletableFuture.completedFuture(response.text())
                        : CompletableFuture.failedFuture(
                                new CredentialsUnavailable(place(url) + " answered " + response.status())));
    }

    private static String place(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }
}
