package dev.understudy.client.openai;

import com.openai.core.RequestOptions;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpResponse;
import dev.understudy.client.http.LinkedFutures;
import dev.understudy.client.sdk.SdkRequest;
import dev.understudy.client.sdk.SdkResponse;
import dev.understudy.client.sdk.SdkSender;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Sends requests with an HTTP client of openai-java.
 *
 * @param options those of every request; empty to take the time from the request
 */
record OpenAiSender(HttpClient client, Executor threads, Optional<RequestOptions> options) implements SdkSender {
    @Override
    public CompletableFuture<SdkResponse> send(SdkRequest request) {
        return LinkedFutures.map(
                client.executeAsync(
                        OpenAiRequests.toSdk(request, threads),
                        options.orElseGet(() -> OpenAiRequests.options(request))),
                OpenAiResponses::of,
                HttpResponse::close);
    }
}
