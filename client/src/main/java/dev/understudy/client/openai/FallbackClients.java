package dev.understudy.client.openai;

import com.openai.azure.AzureUrlPathMode;
import com.openai.azure.credential.AzureApiKeyCredential;
import com.openai.core.ClientOptions;
import com.openai.core.RequestOptions;
import com.openai.credential.BearerTokenCredential;
import com.openai.credential.Credential;
import dev.understudy.client.http.LinkedFutures;
import dev.understudy.client.sdk.SdkAccount;
import dev.understudy.client.sdk.SdkRequest;
import dev.understudy.client.sdk.SdkSender;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Other clients of openai-java, which serve fallbacks with their own base URL, headers, key and HTTP client. */
final class FallbackClients {
    private FallbackClients() {}

    /** @param withOptions the method of that name of a client */
    static SdkAccount account(String name, Consumer<Consumer<ClientOptions.Builder>> withOptions, Executor threads) {
        AtomicReference<Optional<ClientOptions>> found = new AtomicReference<>(Optional.empty());
        // Retries have one owner.
        withOptions.accept(
                builder -> found.set(Optional.of(builder.maxRetries(0).build())));
        ClientOptions options = found.get()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the fallback client has no options of its own; pass one that openai-java has made"));
        URI baseUrl;
        try {
            baseUrl = URI.create(options.baseUrl().strip());
        } catch (IllegalArgumentException unusable) {
            throw new IllegalArgumentException(
                    "the base URL of the fallback client is not a URL: " + options.baseUrl(), unusable);
        }
        OpenAiSender sender = new OpenAiSender(
                options.httpClient(),
                threads,
                Optional.of(RequestOptions.builder().timeout(options.timeout()).build()));
        return new SdkAccount(
                name,
                baseUrl,
                isAzure(options, baseUrl),
                OpenAiRequests.parameters(options.queryParams()),
                OpenAiRequests.headers(options.headers()),
                identity(options.credential()),
                authorizing(options.credential(), sender, threads));
    }

    private static boolean isAzure(ClientOptions options, URI baseUrl) {
        AzureUrlPathMode mode = options.azureUrlPathMode();
        String host = Optional.ofNullable(baseUrl.getHost()).orElse("").toLowerCase(Locale.ROOT);
        return mode == AzureUrlPathMode.LEGACY
                || (mode == AzureUrlPathMode.AUTO
                        && (host.endsWith(".openai.azure.com")
                                || host.endsWith(".services.ai.azure.com")
                                || host.endsWith(".azure-api.net")
                                || host.endsWith(".cognitiveservices.azure.com")));
    }

    /** Only constant keys; a token of a cloud identity is renewed now and then, and must not be fetched before it is needed. */
    private static String identity(Credential credential) {
        return switch (credential) {
            case AzureApiKeyCredential azure -> azure.apiKey();
            case BearerTokenCredential bearer -> "bearer-" + System.identityHashCode(bearer);
            default -> "credential-" + System.identityHashCode(credential);
        };
    }

    /** A token may have to be fetched, so that this must not happen on the thread of the caller. */
    private static SdkSender authorizing(Credential credential, SdkSender sender, Executor threads) {
        return request -> {
            CompletableFuture<SdkRequest> authorized =
                    CompletableFuture.supplyAsync(() -> authorized(credential, request), threads);
            return LinkedFutures.compose(
                    authorized, sender::send, late -> late.close().run());
        };
    }

    private static SdkRequest authorized(Credential credential, SdkRequest request) {
        return switch (credential) {
            case AzureApiKeyCredential azure -> request.withHeader("api-key", azure.apiKey());
            case BearerTokenCredential bearer -> {
                String token = bearer.token();
                yield token.isEmpty() || request.header("authorization").isPresent()
                        ? request
                        : request.withHeader("Authorization", "Bearer " + token);
            }
            // Its HTTP client adds what else there is.
            default -> request;
        };
    }
}
