package dev.understudy.gateway.http;

import dev.understudy.gateway.admin.ConsoleFiles;
import dev.understudy.gateway.loop.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console's files. They are served without the admin key, because the page requests the key and sends it with its own requests; no file
 * has anything of this gateway in it.
 */
final class ConsolePages {
    private static final Logger LOG = LoggerFactory.getLogger(ConsolePages.class);
    private static final String ROOT = "/console";

    /** Nothing is loaded from elsewhere, no script is inline, and no other page may frame these. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final EventLoop loop;

    ConsolePages(EventLoop loop) {
        this.loop = loop;
    }

    /** The files, read when the first is requested. */
    private static final class Lazy {
        private static final CompletionStage<ConsoleFiles> FILES = CompletableFuture.supplyAsync(ConsoleFiles::read);
    }

    static boolean has(String path) {
        return path.startsWith(ROOT) && (path.length() == ROOT.length() || path.charAt(ROOT.length()) == '/');
    }

    void answer(HttpServerRequest request) {
        if (!HttpRoute.asGet(request.method()).equals(HttpMethod.GET)) {
            GatewayResponses.refuseMethod(request, HttpMethod.GET);
            return;
        }
        String path = String.valueOf(request.path());
        if (path.equals(ROOT)) {
            request.response()
                    .setStatusCode(302)
                    .putHeader("location", ROOT + "/")
                    .end();
            return;
        }
        Lazy.FILES.whenCompleteAsync(
                (files, fault) -> {
                    if (fault == null) {
                        answer(request, files.at(path.substring(ROOT.length() + 1)));
                    } else {
                        LOG.error("the console cannot be served", fault);
                        GatewayResponses.error(
                                request,
                                500,
                                "server_error",
                                "gateway_fault",
                                "the files of the console cannot be read; see the gateway's log");
                    }
                },
                loop);
    }

    private static void answer(HttpServerRequest request, Optional<ConsoleFiles.ConsoleFile> found) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (found.isEmpty()) {
            GatewayResponses.error(
                    request,
                    404,
                    "invalid_request_error",
                    "not_found",
                    "the console has no such file; it begins at /console/");
            return;
        }
        ConsoleFiles.ConsoleFile file = found.get();
        response.putHeader("content-security-policy", POLICY)
                .putHeader("x-content-type-options", "nosniff")
                .putHeader("referrer-policy", "no-referrer")
                .putHeader("cross-origin-opener-policy", "same-origin")
                .putHeader("cross-origin-resource-policy", "same-origin")
                .putHeader("cache-control", "no-cache")
                .putHeader("etag", file.tag());
        if (file.tag().equals(request.getHeader("if-none-match"))) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader("content-type", file.type());
            if (request.method().equals(HttpMethod.HEAD)) {
                response.putHeader("content-length", Integer.toString(file.content().length))
                        .end();
            } else {
                response.end(Buffer.buffer(file.content()));
            }
        }
    }
}
