package dev.understudy.gateway.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;

/** Answers invalid HTTP, and requests beyond the limits of HTTP, in the same shape as every other error. */
public final class InvalidRequests {
    private InvalidRequests() {}

    /** Answers and closes the connection: what follows on it cannot be trusted to be a request. */
    public static void answer(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        switch (cause) {
            case TooLongHttpLineException line ->
                GatewayResponses.error(
                        request, 414, "invalid_request_error", "uri_too_long", "the request line is too long");
            case TooLongHttpHeaderException headers ->
                GatewayResponses.error(
                        request,
                        431,
                        "invalid_request_error",
                        "headers_too_large",
                        "the request headers are too large");
            case null, default ->
                GatewayResponses.error(
                        request, 400, "invalid_request_error", "invalid_http", "the request is not well-formed HTTP");
        }
    }
}
