package dev.understudy.gateway.http;

import dev.understudy.calls.config.Api;
import dev.understudy.calls.upstream.ForwardedResponseHeaders;
import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.FailureKind;
import dev.understudy.gateway.quota.QuotaExceeded;
import dev.understudy.gateway.upstream.ProviderRequests;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.failure.SecretsInUse;
import dev.understudy.protocol.ollama.OllamaAnswer;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Objects;

/** Writes the gateway's own small answers. */
final class GatewayResponses {
    private static final long LINGER_MILLIS = 2_000;

    private GatewayResponses() {}

    static void text(HttpServerRequest request, int status, String text) {
        reply(request, status, "text/plain; charset=utf-8", Buffer.buffer(text));
    }

    static void json(HttpServerRequest request, int status, String json) {
        reply(request, status, "application/json", Buffer.buffer(json));
    }

    /** @param type the content type */
    static void typed(HttpServerRequest request, int status, String type, String body) {
        reply(request, status, type, Buffer.buffer(body));
    }

    /** A body of a provider, as it came; an error without the keys in use. */
    static void passed(HttpServerRequest request, ProviderRequests.Response response) {
        ForwardedResponseHeaders.of(response.headers())
                .forEach(header -> request.response().putHeader(header.getKey(), header.getValue()));
        String type = response.headers().get(HttpHeaders.CONTENT_TYPE);
        reply(
                request,
                response.status(),
                type == null ? "application/json" : SecretsInUse.redact(type),
                response.isSuccess()
                        ? response.body()
                        : Buffer.buffer(SecretsInUse.redact(response.body().getBytes())));
    }

    static void error(HttpServerRequest request, int status, String type, String code, String message) {
        error(request, status, new ErrorDetails(message, type, "", code));
    }

    static void error(HttpServerRequest request, int status, ErrorDetails details) {
        Api api = Endpoint.apiOf(request);
        ErrorResponse error = new ErrorResponse(status, kind(status), details, List.of());
        api.errorHeaders(error).forEach(request.response()::putHeader);
        byte[] written = api.dialect().writeError(error);
        boolean ollamas = request.path() != null && Endpoint.isOllamas(request.path());
        reply(request, status, "application/json", Buffer.buffer(ollamas ? OllamaAnswer.error(written) : written));
    }

    /** A limit of the caller's key is reached. */
    static void quotaExceeded(HttpServerRequest request, QuotaExceeded exceeded) {
        request.response().putHeader("retry-after", Long.toString(exceeded.retryAfterSeconds()));
        if (!exceeded.isBrief()) {
            // The official SDKs retry this status by themselves, soon.
            request.response().putHeader("x-should-retry", "false");
        }
        error(request, 429, exceeded.details());
    }

    static void refuseMethod(HttpServerRequest request, HttpMethod allowed) {
        refuseMethod(request, allowed.name());
    }

    /** @param allowed the methods, as the header {@code Allow} lists them */
    static void refuseMethod(HttpServerRequest request, String allowed) {
        request.response().putHeader("allow", allowed);
        String unserved = UnservedApis.at(request.method(), String.valueOf(request.path()))
                .map(what -> "; this gateway does not serve " + what)
                .orElse("");
        error(
                request,
                405,
                "invalid_request_error",
                "method_not_allowed",
                "use " + allowed + " for " + request.path() + unserved);
    }

    /** The error types of the vendors; those of the gateway's own errors follow from the status. */
    private static FailureKind kind(int status) {
        return switch (status) {
            case 401 -> FailureKind.AUTH;
            case 403 -> FailureKind.FORBIDDEN;
            case 404 -> FailureKind.UNKNOWN_MODEL;
            case 429 -> FailureKind.RATE_LIMITED;
            case 503 -> FailureKind.OVERLOADED;
            default -> status < 500 ? FailureKind.BAD_REQUEST : FailureKind.SERVER_ERROR;
        };
    }

    private static void reply(HttpServerRequest request, int status, String type, Buffer body) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            // The status has been sent, so the only way to report the error is to break the answer off.
            response.reset();
            return;
        }
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, type);
        response.end(body);
        boolean wellFormed = !request.decoderResult().isFailure();
        if (!wellFormed || !(request.isEnded() || bringsNothing(request))) {
            dropRest(request, wellFormed);
        }
    }

    private static boolean bringsNothing(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return switch (request.version()) {
            case HTTP_1_0, HTTP_1_1 ->
                request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null && (length == null || length.equals("0"));
            default -> request.method().equals(HttpMethod.GET) || "0".equals(length);
        };
    }

    /**
     * Discards the rest of a request that has been answered, for a moment, and ends it then.
     *
     * <p>If a connection is closed while the other side still sends, the network may throw away the answer that it has
     * not read yet (RFC 9112, section 9.6), and the caller sees a broken connection in place of an error.
     */
    private static void dropRest(HttpServerRequest request, boolean mayEndWell) {
        request.handler(dropped -> {});
        Context loop = Objects.requireNonNull(Vertx.currentContext(), "answers are written on their event loop");
        loop.owner().setTimer(LINGER_MILLIS, late -> {
            boolean endedWell = mayEndWell && request.isEnded();
            if (!endedWell && request.version() == HttpVersion.HTTP_2) {
                // Other calls share the connection; only this one's stream ends.
                request.response().reset();
            } else if (!endedWell) {
                request.connection().close();
            }
        });
    }
}
