package dev.understudy.client.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.calls.credentials.CredentialsTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/**
 * Fetches credentials of clouds with the JDK's HTTP client, and files on other threads than those of calls.
 *
 * @param client of upstream requests, with the application's proxy and certificates if it has some; without it each request has
 *     one of its own, as there are few
 * @param threads read files
 */
public record JdkCredentials(Optional<HttpClient> client, Executor threads) implements CredentialsTransport {
    /** Where clouds serve credentials to the machines and containers in them, in the link-local range of addresses. */
    private static final String OF_THIS_MACHINE = "169.254.";

    @Override
    public CompletableFuture<Response> send(Request request) {
        HttpRequest toSend;
        try {
            HttpRequest.Builder builder = JdkTransport.newRequest(request.address())
                    .method(request.method(), HttpRequest.BodyPublishers.ofString(request.body()));
            request.headers().forEach(builder::setHeader);
            toSend = builder.build();
        } catch (IllegalArgumentException unusable) {
            return CompletableFuture.failedFuture(unusable);
        }
        boolean isKept = client.isPresent() && !isOfThisMachine(request.address());
        HttpClient sender = isKept ? client.get() : ofOneRequest(request.address());
        CompletableFuture<HttpResponse<String>> sent = sender.sendAsync(toSend, head -> new LimitedBody(LONGEST_BODY));
        return sent.copy()
                .orTimeout(request.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((response, failure) -> {
                    sent.cancel(true);
                    if (!isKept) {
                        sender.shutdown();
                    }
                })
                .thenApply(response -> new Response(response.statusCode(), response.body()));
    }

    /** A client without a proxy where no proxy has a way to. */
    private static HttpClient ofOneRequest(URI address) {
        return isOfThisMachine(address)
                ? HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build()
                : JdkTransport.newClient();
    }

    private static boolean isOfThisMachine(URI address) {
        return address.getHost() != null && address.getHost().startsWith(OF_THIS_MACHINE);
    }

    @Override
    public CompletableFuture<Optional<byte[]>> read(Path file) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return Optional.of(Files.readAllBytes(file));
                    } catch (NoSuchFileException missing) {
                        return Optional.empty();
                    } catch (IOException unreadable) {
                        throw new UncheckedIOException(unreadable);
                    }
                },
                threads);
    }

    /** A body up to a length; a longer one ends the request. */
    private static final class LimitedBody implements HttpResponse.BodySubscriber<String> {
        private final HttpResponse.BodySubscriber<String> text = HttpResponse.BodySubscribers.ofString(UTF_8);
        private final CompletableFuture<String> body = new CompletableFuture<>();
        private final int limit;
        private Optional<Flow.Subscription> subscription = Optional.empty();
        private long length;

        LimitedBody(int limit) {
            this.limit = limit;
            var unused = text.getBody().whenComplete((whole, failure) -> {
                if (failure == null) {
                    body.complete(whole);
                } else {
                    body.completeExceptionally(failure);
                }
            });
        }

        @Override
        public CompletionStage<String> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription upstream) {
            subscription = Optional.of(upstream);
            text.onSubscribe(upstream);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            length += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
            if (length > limit) {
                subscription.ifPresent(Flow.Subscription::cancel);
                text.onError(new IOException("a response of more than " + limit + " bytes"));
            } else {
                text.onNext(buffers);
            }
        }

        @Override
        public void onError(Throwable failure) {
            text.onError(failure);
        }

        @Override
        public void onComplete() {
            text.onComplete();
        }
    }
}
