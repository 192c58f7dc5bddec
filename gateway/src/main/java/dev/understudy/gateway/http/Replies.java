package dev.understudy.gateway.http;

import dev.understudy.engine.ProviderWords;
import dev.understudy.protocol.chat.ChatErrorBody;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** Writes the gateway's own small answers. */
final class Replies {
    private Replies() {}

    static void text(HttpServerRequest request, int status, String text) {
        reply(request, status, "text/plain; charset=utf-8", Buffer.buffer(text));
    }

    static void json(HttpServerRequest request, int status, String json) {
        reply(request, status, "application/json", Buffer.buffer(json));
    }

    static void error(HttpServerRequest request, int status, String type, String code, String message) {
        error(request, status, new ProviderWords(message, type, "", code));
    }

    static void error(HttpServerRequest request, int status, ProviderWords words) {
        reply(request, status, "application/json", Buffer.buffer(ChatErrorBody.json(words, List.of())));
    }

    private static void reply(HttpServerRequest request, int status, String type, Buffer body) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            // The status is gone; the one honest thing left is to break the answer off.
            response.reset();
            return;
        }
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, type);
        if (!request.isEnded()) {
            // Nobody will read the rest of the request, so the connection cannot be used for another.
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            response.end(body).onComplete(written -> request.connection().close());
        } else {
            response.end(body);
        }
    }
}
