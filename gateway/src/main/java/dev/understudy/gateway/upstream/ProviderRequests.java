package dev.understudy.gateway.upstream;

import dev.understudy.calls.config.AuthStyle;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.upstream.Authorizer;
import dev.understudy.calls.upstream.Redirects;
import dev.understudy.calls.upstream.UpstreamEndpoint;
import dev.understudy.calls.upstream.UpstreamEndpoints;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sends the requests to providers that are not calls: counts of tokens, lists of models, stored responses.
 *
 * <p>Each has one attempt: no retry and no fallback, and its failure does not count for the health of a target, because
 * providers limit these endpoints separately. Belongs to one event loop.
 */
public final class ProviderRequests {
    private final UpstreamConnections connections;
    private final Authorizer.Source authorizers;

    /**
     * A request to a provider.
     *
     * @param headers beside the provider's own
     * @param body empty for none
     * @param largest how many bytes of the response are read; a longer one is a failure
     * @param silence how long the connection may be silent
     */
    public record Request(
            HttpMethod method,
            URI address,
            Map<String, String> headers,
            Optional<byte[]> body,
            int largest,
            Duration silence) {}

    /** A whole response, success or error. */
    public record Response(int status, MultiMap headers, Buffer body) {
        /** Whether the status is 2xx. */
        public boolean isSuccess() {
            return status / 100 == 2;
        }
    }

    /**
     * @param connections the event loop's own
     * @param endpoints the event loop's own, which know how the requests to clouds are authorized
     */
    public ProviderRequests(UpstreamConnections connections, UpstreamEndpoints endpoints) {
        this.connections = connections;
        this.authorizers = endpoints.authorizers();
    }

    /** Whether requests to a provider need no more than a constant key. Amazon's signatures are made for POST only. */
    public static boolean canReach(ProviderSettings provider) {
        return provider.authStyle() != AuthStyle.AWS && provider.authStyle() != AuthStyle.GOOGLE_ACCOUNT;
    }

    /** Sends a request and reads the whole response. */
    public Future<Response> send(ProviderSettings provider, Request request) {
        return whole(request, open(provider, request));
    }

    /**
     * The same on behalf of a caller: the request ends when the caller leaves.
     *
     * @param caller what the caller waits for; its close handler is replaced
     */
    public Future<Response> send(ProviderSettings provider, Request request, HttpServerResponse caller) {
        return whole(request, open(provider, request, caller));
    }

    private static Future<Response> whole(Request request, Future<HttpClientResponse> opened) {
        return opened.compose(head ->
                body(head, request.largest()).map(body -> new Response(head.statusCode(), head.headers(), body)));
    }

    /** Sends a request; the caller of this method reads the response, which is paused. */
    public Future<HttpClientResponse> open(ProviderSettings provider, Request request) {
        return open(provider, request, Optional.empty());
    }

    /**
     * The same on behalf of a caller: the request ends when the caller leaves.
     *
     * @param caller what the caller waits for; its close handler is replaced
     */
    public Future<HttpClientResponse> open(ProviderSettings provider, Request request, HttpServerResponse caller) {
        return open(provider, request, Optional.of(caller));
    }

    private Future<HttpClientResponse> open(
            ProviderSettings provider, Request request, Optional<HttpServerResponse> caller) {
        Future<Map<String, String>> authorized = authorizers
                .of(provider, request.address())
                .map(authorizer -> Future.fromCompletionStage(
                        authorizer.headers(request.body().orElse(new byte[0])), Vertx.currentContext()))
                .orElse(Future.succeededFuture(Map.of()));
        return authorized.compose(authorization -> {
            Map<String, String> headers = new LinkedHashMap<>(UpstreamEndpoint.headers(provider));
            headers.putAll(request.headers());
            headers.putAll(authorization);
            return follow(request.address(), request, headers, caller, Redirects.MOST);
        });
    }

    /** @param redirects how many are followed at most */
    private Future<HttpClientResponse> follow(
            URI address,
            Request request,
            Map<String, String> headers,
            Optional<HttpServerResponse> caller,
            int redirects) {
        return sendOn(address, request, headers, caller).compose(head -> {
            Optional<URI> target = redirects > 0
                    ? Redirects.target(address, head.statusCode(), name -> Optional.ofNullable(head.getHeader(name)))
                    : Optional.empty();
            return target.isEmpty()
                    ? Future.succeededFuture(head)
                    : body(head, request.largest())
                            .compose(ignored -> follow(target.get(), request, headers, caller, redirects - 1));
        });
    }

    private Future<HttpClientResponse> sendOn(
            URI address, Request request, Map<String, String> headers, Optional<HttpServerResponse> caller) {
        RequestOptions options = VertxTransport.optionsFor(address, request.method())
                .setIdleTimeout(request.silence().toMillis());
        return connections.pooled(options).compose(connected -> {
            boolean usedBefore = UpstreamConnections.use(connected.connection());
            long sentAt = System.nanoTime();
            return send(connected, headers, request.body(), caller)
                    .recover(cause -> usedBefore
                                    && UpstreamConnections.mayHaveBeenIdle(cause, sentAt)
                                    && caller.map(waiting -> !waiting.closed()).orElse(true)
                            ? connections
                                    .onItsOwn(options)
                                    .compose(again -> send(again, headers, request.body(), caller))
                            : Future.failedFuture(cause));
        });
    }

    private static Future<HttpClientResponse> send(
            HttpClientRequest connected,
            Map<String, String> headers,
            Optional<byte[]> body,
            Optional<HttpServerResponse> caller) {
        if (caller.isPresent()) {
            caller.get().closeHandler(left -> connected.reset());
            if (caller.get().closed()) {
                connected.reset();
            }
        }
        headers.forEach(connected::putHeader);
        Future<HttpClientResponse> head = connected.response().onSuccess(HttpClientResponse::pause);
        if (body.isPresent()) {
            connected.putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(Buffer.buffer(body.get()));
        } else {
            connected.end();
        }
        return head;
    }

    /**
     * Reads the body of a response that is paused.
     *
     * @param largest how many bytes are read; a longer body is a failure
     */
    public static Future<Buffer> body(HttpClientResponse head, int largest) {
        Promise<Buffer> outcome = Promise.promise();
        Buffer body = Buffer.buffer();
        head.exceptionHandler(outcome::tryFail);
        head.handler(bytes -> {
            if (body.length() + bytes.length() > largest) {
                outcome.tryFail(new IOException("a response of more than " + largest + " bytes"));
                head.request().reset();
            } else {
                body.appendBuffer(bytes);
            }
        });
        head.endHandler(end -> outcome.tryComplete(body));
        head.resume();
        return outcome.future();
    }
}
