package dev.understudy.gateway.credentials.aws;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Fetches credentials from HTTP services: short requests, short responses. */
final class CredentialsHttp {
    private static final int LONGEST_ANSWER = 256 * 1024;

    private final HttpClient client;
    private final Duration patience;

    /** @param patience the limit of one request, connecting included */
    CredentialsHttp(HttpClient client, Duration patience) {
        this.client = client;
        this.patience = patience;
    }

    Future<String> get(String url, Map<String, String> headers) {
        return send(HttpMethod.GET, url, headers, "");
    }

    Future<String> put(String url, Map<String, String> headers) {
        return send(HttpMethod.PUT, url, headers, "");
    }

    Future<String> post(String url, Map<String, String> headers, String body) {
        return send(HttpMethod.POST, url, headers, body);
    }

    /** The body of a 200; all else fails, with no word of what was sent. */
    private Future<String> send(HttpMethod method, String url, Map<String, String> headers, String body) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setAbsoluteURI(url)
                .setFollowRedirects(false)
                .setTimeout(patience.toMillis());
        headers.forEach(options::putHeader);
        return client.request(options)
                .compose(request -> request.send(Buffer.buffer(body.getBytes(StandardCharsets.UTF_8))))
                .compose(response -> response.body().compose(answer -> {
                    if (response.statusCode() != 200 || answer.length() > LONGEST_ANSWER) {
                        return Future.failedFuture(
                                new CredentialsUnavailable(place(url) + " answered " + response.statusCode()));
                    }
                    return Future.succeededFuture(answer.toString(StandardCharsets.UTF_8));
                }))
                .recover(why -> Future.failedFuture(
                        why instanceof CredentialsUnavailable
                                ? why
                                : new CredentialsUnavailable(place(url) + " cannot be reached: " + why.getMessage())));
    }

    private static String place(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }
}
