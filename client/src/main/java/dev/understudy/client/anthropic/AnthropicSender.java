package dev.understudy.client.anthropic;

import com.anthropic.core.RequestOptions;
import com.anthropic.core.http.HttpClient;
import com.anthropic.core.http.HttpResponse;
import dev.understudy.client.http.LinkedFutures;
import dev.understudy.client.sdk.SdkRequest;
import dev.understudy.client.sdk.SdkResponse;
import dev.understudy.client.sdk.SdkSender;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Sends requests with an HTTP client of anthropic-java.
 *
 * @param options those of every request; empty to take the time from the request
 */
record AnthropicSender(HttpClient client, Executor threads, Optional<RequestOptions> options) implements SdkSender {
    @Override
    public CompletableFuture<SdkResponse> send(SdkRequest request) {
        return LinkedFutures.map(
                client.executeAsync(
                        AnthropicRequests.toSdk(request, threads),
                        options.orElseGet(() -> AnthropicRequests.options(request))),
                AnthropicResponses::of,
                HttpResponse::close);
    }
}
