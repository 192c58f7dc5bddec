package dev.understudy.gateway.upstream;

import dev.understudy.calls.credentials.CredentialsTransport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Fetches credentials of clouds with Vert.x, which reads files on a thread of its own.
 *
 * @param client of the event loop
 */
public record VertxCredentials(Vertx vertx, HttpClient client) implements CredentialsTransport {

    @Override
    public CompletableFuture<Response> send(Request request) {
        long limit = request.timeout().toMillis();
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(request.method()))
                .setAbsoluteURI(request.address().toString())
                .setFollowRedirects(false)
                .setTimeout(limit);
        request.headers().forEach(options::putHeader);
        return client.request(options)
                .compose(sending -> sending.send(Buffer.buffer(request.body()))
                        .compose(head -> ProviderRequests.body(head, LONGEST_BODY)
                                .map(body -> new Response(head.statusCode(), body.toString(StandardCharsets.UTF_8))))
                        .timeout(limit, TimeUnit.MILLISECONDS)
                        .onFailure(failure -> sending.reset()))
                .toCompletionStage()
                .toCompletableFuture();
    }

    @Override
    public CompletableFuture<Optional<byte[]>> read(Path file) {
        String path = file.toString();
        return vertx.fileSystem()
                .exists(path)
                .compose(there -> there
                        ? vertx.fileSystem()
                                .readFile(path)
                                .map(Buffer::getBytes)
                                .map(Optional::of)
                        : Future.succeededFuture(Optional.<byte[]>empty()))
                .toCompletionStage()
                .toCompletableFuture();
    }
}
