package dev.understudy.client.sdk;

import dev.understudy.client.http.JdkTransport;
import dev.understudy.client.http.LinkedFutures;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Sends requests of an SDK with the JDK's HTTP client. Files are sent and received as streams. */
public final class JdkSender implements SdkSender {
    private final HttpClient client;
    private final Executor threads;

    /** @param threads in which an SDK writes its bodies */
    public JdkSender(HttpClient client, Executor threads) {
        this.client = client;
        this.threads = threads;
    }

    @Override
    public CompletableFuture<SdkResponse> send(SdkRequest request) {
        URI address;
        try {
            address = URI.create(request.url());
        } catch (IllegalArgumentException unusable) {
            return CompletableFuture.failedFuture(unusable);
        }
        HttpRequest.Builder toSend = JdkTransport.newRequest(address)
                .method(
                        request.method(),
                        request.body()
                                .map(this::publisher)
                                .orElse(HttpRequest.BodyPublishers.ofByteArray(new byte[0])));
        request.headers().forEach((name, values) -> {
            if (JdkTransport.mayHave(name)) {
                values.forEach(value -> toSend.header(name, value));
            }
        });
        request.body()
                .map(SdkBody::contentType)
                .filter(type -> !type.isEmpty() && !request.headers().containsKey("content-type"))
                .ifPresent(type -> toSend.header("content-type", type));
        request.patience().ifPresent(toSend::timeout);
        return LinkedFutures.map(
                client.sendAsync(toSend.build(), HttpResponse.BodyHandlers.ofInputStream()),
                JdkSender::response,
                late -> close(late.body()));
    }

    private HttpRequest.BodyPublisher publisher(SdkBody body) {
        if (body.length() == 0) {
            return HttpRequest.BodyPublishers.ofByteArray(new byte[0]);
        }
        HttpRequest.BodyPublisher stream = HttpRequest.BodyPublishers.ofInputStream(() -> {
            try {
                return body.open(threads);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        });
        return body.length() > 0 ? HttpRequest.BodyPublishers.fromPublisher(stream, body.length()) : stream;
    }

    private static SdkResponse response(HttpResponse<InputStream> received) {
        Map<String, List<String>> headers = new HashMap<>(received.headers().map());
        headers.keySet().removeIf(name -> name.startsWith(":"));
        return new SdkResponse(received.statusCode(), headers, received.body(), () -> close(received.body()));
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException already) {
            // The connection is gone, which is what was wanted.
        }
    }

    /** What a failure of the network is for an SDK: its I/O error, if it is one. */
    public static Optional<IOException> ioFailure(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof IOException io) {
                return Optional.of(io);
            }
        }
        return Optional.empty();
    }
}
